package differential

import "fmt"

// scopes writes some scopes over the routes that stand already: over all, over
// those with an auth, over the first, and by template.
func (p *policy) scopes() {
	if p.chance(50) {
		return
	}
	policies := p.chance(40)
	if policies {
		p.line("policy careful(text: string, most: int = 2) {")
		p.line("  deny long when size(text) > most && text != \"gold\"")
		p.line("  add request.headers[\"s-careful\"] = text")
		p.line("  limit lengths 9/h burst 4 key text, source.net cost size(text) on error deny")
		p.line("}")
		p.line("policy twice(word: string) {")
		p.line("  use careful(text: word + \"!\", most: 6) as first")
		p.line("  use careful(text: header(\"h1\"))")
		p.line("  allow short when size(word) < 9")
		p.line("}")
	}
	for i := range 1 + p.IntN(3) {
		p.scope(i, policies)
	}
}

func (p *policy) scope(i int, policies bool) {
	c := &place{policy: p, request: true}
	guarded, answers := false, true
	kind := p.IntN(4)
	if p.passes && kind != 1 {
		kind = 2 // no header rules where unmatched requests go on
	}
	switch kind {
	case 0:
		p.line("scope s%d on all%s {", i, pick(p.Rand, "", " except r0"))
	case 1:
		if len(p.reached) == 0 {
			return
		}
		p.line("scope s%d on authenticated {", i)
		c.auths, guarded = append(c.auths, p.reached...), p.anonymous
	case 2:
		p.line("scope s%d on r0 {", i)
	default:
		p.line("scope s%d {", i)
		c.matching()
		answers = false
	}
	defer p.line("}")
	p.cors(sharesScope)
	decision := c.with(func(c *place) { c.identity, c.guarded = len(c.auths) > 0, guarded })
	for k := range p.IntN(3) {
		tail, d := decision.tail(" on error deny")
		p.line("  %sdeny d%d when %s%s%s", pick(p.Rand, "", "", "shadow "), k, d.condition(), pick(p.Rand, "", " with 429"), tail)
	}
	for k := range pick(p.Rand, 0, 0, 1, 2) {
		tail, d := decision.tail(" on error skip", " on error deny")
		shadow := ""
		if k > 0 {
			shadow = pick(p.Rand, "", "shadow ")
		}
		p.line("  %sallow a%d when %s%s", shadow, k, d.condition(), tail)
	}
	decision.limits(false)
	if policies && p.chance(70) {
		safe := c.with(func(c *place) { c.safe = true })
		if p.chance(60) {
			p.line("  use careful(text: %s%s)", safe.expr("string", 2), pick(p.Rand, "", ", most: 5"))
		} else {
			p.line("  use twice(word: %s)", safe.expr("string", 2))
		}
	}
	tail, w := c.tail(" on error skip", " on error deny")
	p.line("  set request.headers[\"s-%d\"] = %s%s", i, w.expr("string", 2), tail)
	if p.chance(50) {
		p.line("  remove request.headers[%q]", pick(p.Rand, "h1", "h-*", "s-*"))
	}
	if p.chance(40) {
		c.responseRule(true)
	}
	if answers && p.chance(60) {
		p.line("  set response.headers[%q] = %q", fmt.Sprintf("s-%d", i), pick(p.Rand, "x", "y"))
		p.line("  add response.headers[\"r-1\"] = route.name")
	}
}
