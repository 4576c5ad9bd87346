package differential

import (
	"fmt"
	"slices"
	"strings"
)

// route writes one route.
func (p *policy) route(i int) {
	c := &place{policy: p, request: true}
	p.line("route r%d {", i)
	defer p.line("}")
	c.matching()
	p.cors(sharesRoutes)
	optional := false
	if len(p.auths) == 0 || p.chance(35) {
		p.line("  public")
	} else {
		c.auths = append(c.auths, p.auths...)
		p.Shuffle(len(c.auths), func(i, j int) { c.auths[i], c.auths[j] = c.auths[j], c.auths[i] })
		c.auths = c.auths[:1+p.IntN(len(c.auths))]
		var names []string
		for _, a := range c.auths {
			names = append(names, a.name)
		}
		word := ""
		if optional = p.chance(30); optional {
			word = "optional "
		}
		p.line("  auth %s%s", word, strings.Join(names, " or "))
		p.anonymous = p.anonymous || optional
		for _, a := range c.auths {
			if !slices.ContainsFunc(p.reached, func(b auth) bool { return b.name == a.name }) {
				p.reached = append(p.reached, a)
			}
		}
	}
	decision := c.with(func(c *place) { c.identity, c.guarded = len(c.auths) > 0, optional })
	for k := range pick(p.Rand, 0, 0, 1, 2) {
		tail, d := decision.tail(" on error deny")
		p.line("  deny d%d when %s%s%s", k, d.condition(), pick(p.Rand, "", "", " with 429", " with 403 \"body\"", " with 451 json \"{}\""), tail)
	}
	for k := range pick(p.Rand, 0, 0, 1, 2, 3) {
		tail, d := decision.tail(" on error skip", " on error deny")
		p.line("  allow a%d when %s%s", k, d.condition(), tail)
	}
	decision.limits(true)
	answers := p.chance(20)
	if !answers && p.chance(20) {
		p.line("  max_body %dB", p.IntN(12))
	}
	for range p.IntN(4) {
		if !answers { // there is nothing to change in what goes nowhere
			c.requestRule(optional)
		}
	}
	for range p.IntN(3) {
		c.responseRule(optional)
	}
	if !answers {
		decision.goes()
		if p.chance(20) {
			p.line("  forward credential")
		}
	} else if p.chance(50) {
		decision.redirects()
	} else {
		p.line("  respond %d%s", pick(p.Rand, 200, 204, 302, 404, 503), "")
	}
}

// segments are what templates are made of; requests use the same alphabet.
var segments = []string{"a", "b", "é", "{x}", "{y}", "*", "p{x}", "{x}.s", "p{y}.s", "pp{x}"}

func (c *place) matching() {
	p := c.policy
	lines := 1
	if p.chance(15) {
		lines = 2
	}
	counts := map[string]int{}
	hosts := pick(p.Rand, "", "", "", `"h.test"`, `"*.h.test"`, `"{tenant}.h.test"`, `"h.test", "*.sub.h.test"`)
	for range lines {
		methods := pick(p.Rand, "", "GET ", "GET ", "GET, POST ", "POST ", "PUT, DELETE ", "HEAD ")
		path := ""
		seen := map[string]bool{}
		for range p.IntN(4) {
			s := pick(p.Rand, segments...)
			for _, name := range []string{"x", "y"} {
				if strings.Contains(s, "{"+name+"}") {
					if seen[name] {
						s = "*"
					}
					seen[name] = true
				}
			}
			path += "/" + s
		}
		if rest := pick(p.Rand, "", "", "", "/**", "/{rest=**}"); rest != "" {
			path += rest
			seen["rest"] = strings.Contains(rest, "rest")
		}
		if path == "" || p.chance(10) && !strings.HasSuffix(path, "**") && !strings.HasSuffix(path, "}") {
			path += "/"
		}
		for name, ok := range seen {
			if ok {
				counts[name]++
			}
		}
		p.line("  match %s%q", methods, path)
		p.matches = append(p.matches, match{methods, path, hosts})
	}
	for _, name := range []string{"x", "y", "rest"} {
		if counts[name] == lines {
			c.captures = append(c.captures, "path."+name)
		}
	}
	if hosts != "" {
		p.line("  host %s", hosts)
		if strings.HasPrefix(hosts, `"{tenant`) {
			c.captures = append(c.captures, "hostname.tenant")
		}
	}
	if p.chance(25) {
		safe := c.with(func(c *place) { c.safe = true })
		p.line("  when %s", safe.expr("bool", 3))
	}
}

// requestRule writes a change of the forwarded request. Headers w-* are the
// bundle's own, a-* anybody's: reading or adding to an owned one is refused.
func (c *place) requestRule(optional bool) {
	p := c.policy
	tail, w := c.with(func(c *place) { c.identity = len(c.auths) > 0 }).tail(" on error skip", " on error deny")
	if optional {
		tail = " when !identity.anonymous" + tail
	} else if p.chance(30) {
		tail = " when " + w.condition() + tail
	}
	switch p.IntN(6) {
	case 0, 1:
		name := pick(p.Rand, "w-1", "w-2", "w_3")
		if strings.Contains(p.text.String(), fmt.Sprintf("set request.headers[%q]", name)) {
			name += fmt.Sprint("-", p.text.Len()) // two of one name are refused more often than not
		}
		p.line("  set request.headers[%q] = %s%s", name, w.expr("string", 3), tail)
	case 2:
		p.line("  set request.headers[%q] = %s if absent%s", pick(p.Rand, "a-1", "h1"), w.expr("string", 3), tail)
	case 3:
		p.line("  add request.headers[%q] = %s%s", pick(p.Rand, "a-2", "h2"), w.expr("string", 3), tail)
	default:
		p.line("  remove request.headers[%q]%s", pick(p.Rand, "h1", "h-*", "a-*", "a-1", "accept", "cookie"), tail)
	}
}

// responseRule writes a change of the answer, which reads the answer, the request,
// or both.
func (c *place) responseRule(optional bool) {
	p := c.policy
	tail, w := (&place{policy: p, response: true}).tail(" on error skip", " on error deny")
	asked := c.with(func(c *place) { c.safe, c.identity = w.safe, len(c.auths) > 0 && !optional })
	both := func(kind, by string) string {
		switch n := p.IntN(10); {
		case n < 3:
			return w.expr(kind, 2)
		case n < 6:
			return asked.expr(kind, 2)
		case n < 9:
			return fmt.Sprintf("(%s) %s (%s)", w.expr(kind, 2), by, asked.expr(kind, 2))
		}
		asked := asked.with(func(c *place) { c.response = true })
		return asked.expr(kind, 2)
	}
	if p.chance(40) {
		tail = " when " + both("bool", pick(p.Rand, "&&", "||")) + tail
	}
	value := func() string { return both("string", "+") }
	name := pick(p.Rand, "u1", "u2", "content-type", "www-authenticate", "r-1")
	switch p.IntN(5) {
	case 0, 1:
		p.line("  set response.headers[%q] = %s%s", name, value(), tail)
	case 2:
		p.line("  set response.headers[%q] = %s if absent%s", name, value(), tail)
	case 3:
		p.line("  add response.headers[%q] = %s%s", name, value(), tail)
	default:
		p.line("  remove response.headers[%q]%s", pick(p.Rand, name, "www-*", "r-*"), tail)
	}
}

// condition is a bool that a decision may have; where the caller may be
// nobody, what reads the identity stands behind a guard.
func (c *place) condition() string {
	if !c.guarded {
		return c.expr("bool", 4)
	}
	nobody := c.with(func(c *place) { c.identity, c.guarded = false, false })
	somebody := c.with(func(c *place) { c.guarded = false })
	switch c.IntN(3) {
	case 0:
		return nobody.expr("bool", 3)
	case 1:
		return fmt.Sprintf("identity.anonymous || (%s)", somebody.expr("bool", 3))
	}
	return fmt.Sprintf("!identity.anonymous && (%s)", somebody.expr("bool", 3))
}

// tail ends a rule: with what happens on an error, or without, and then nothing
// in it may fail.
func (c *place) tail(words ...string) (string, *place) {
	if c.chance(40) {
		return "", c.with(func(c *place) { c.safe = true })
	}
	return pick(c.Rand, words...), c
}
