package resolve

import (
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// route resolves one route: its matching, who may come in, its rules and its
// ending.
func (r *resolver) route(d *ast.Route) {
	if d.Name.Text == "" {
		return
	}
	o := &Route{Name: d.Name.Text, FullName: r.fullName(d.Name.Text), Decl: d}
	r.Routes = append(r.Routes, o)
	b := r.block(o, "route "+o.Name, o.FullName)
	b.rules(d.Rules)
	b.finish()
}

// block resolves the rules of one route, scope or use into a route.
type block struct {
	*resolver
	route  *Route
	title  string         // for messages: route orders
	full   string         // the full name of the block
	use    *Use           // whose rules these are, or nil
	home   string         // the module of whose policy these are, or ""
	trial  bool           // the rules of a policy, before any use
	counts map[string]int // rules of each kind, for the names of unnamed ones
	names  map[string]source.Span
	once   map[string]source.Span
	ending ast.Rule
	fates  fates
	loud   *diag.List // for what only this use of the rules makes wrong
}

// kind is the word by which an unnamed rule is called.
func kind(rule ast.Rule) string {
	switch rule := rule.(type) {
	case *ast.Allow:
		return "allow"
	case *ast.Deny:
		return "deny"
	case *ast.HeaderRule:
		return [...]string{"remove", "set", "set", "add"}[rule.Op]
	}
	return ""
}

func (b *block) count(rule ast.Rule) { b.counts[kind(rule)]++ }

// ruleName gives a decision its full name.
func (b *block) ruleName(n ast.Name, what string, at source.Span) string {
	if n.Text == "" {
		if b.counts[what] > 1 {
			b.diags.Add(diag.UnnamedRule, at, "%s has several %s rules: each needs a name", b.title, what).
				Helpf("%s NAME when ...", what)
		}
		return b.full + "." + what
	}
	if first, ok := b.names[n.Text]; ok {
		b.diags.Add(diag.DuplicateName, n.Span(), "%s has two rules named %s", b.title, n.Text).Note(first, "the first")
	}
	b.names[n.Text] = n.Span()
	return b.full + "." + n.Text
}

// single refuses the second line of a kind that may stand once.
func (b *block) single(what string, at source.Span) bool {
	if b.once == nil {
		b.once = map[string]source.Span{}
	}
	if first, ok := b.once[what]; ok {
		b.diags.Add(diag.DuplicateSetting, at, "%s says %s twice", b.title, what).Note(first, "first here")
		return false
	}
	b.once[what] = at
	return true
}

func (b *block) base(rule ast.Rule, name string, when *ast.Expr) Rule {
	e := rule.OnErrorWord()
	return Rule{Name: name, Span: rule.Span(), When: b.own(when), OnError: e.Text, ErrorPos: e.Span(), Use: b.use}
}

func (b *block) rule(rule ast.Rule) {
	o := b.route
	if e := rule.OnErrorWord(); e.Text != "" {
		switch rule.(type) {
		case *ast.Allow, *ast.Deny, *ast.LimitRule, *ast.HeaderRule:
		case *ast.Forward, *ast.Redirect, *ast.Rewrite:
			b.fateError(rule)
		default:
			b.diags.Add(diag.SkipNotAllowed, e.Span(), "on error %s does not belong on this rule", e.Text).
				Helpf("it may stand on allow, deny, limit and header rules")
		}
	}
	switch n := rule.(type) {
	case *ast.Match:
		b.match(n)
	case *ast.Host:
		if b.single("host", n.Span()) {
			for _, h := range n.Hosts {
				if p := parseHost(h, b.diags); p != nil {
					b.host(p, h)
				}
			}
		}
	case *ast.When:
		if b.single("when", n.Span()) {
			o.When = n.Cond
		}
	case *ast.Public:
		if b.single("public", n.Span()) {
			o.Public = true
		}
	case *ast.AuthRef:
		if b.single("auth", n.Span()) {
			b.auths(n)
		}
	case *ast.Allow:
		a := &Allow{b.base(n, b.ruleName(n.Name, "allow", n.Span()), n.When), b.full}
		a.Shadow = n.Shadow
		o.Allows = append(o.Allows, a)
	case *ast.Deny:
		b.deny(n)
	case *ast.LimitRule:
		b.limit(n)
	case *ast.HeaderRule:
		b.header(n)
	case *ast.Forward:
		b.forward(n)
	case *ast.Respond:
		switch s := int(n.Status.Value); {
		case s != 0 && s < 200 || s > 599 || s == 304:
			b.diags.Add(diag.BadStatus, n.Status.Span(), "respond takes a status from 200 to 599, and not 304; not %d", s)
		case s == 204 && n.Body != nil:
			b.diags.Add(diag.BadStatus, n.Body.Span(), "an answer with status 204 has no body").
				Helpf("leave the body out, or respond 200 with it")
		}
		b.setEnding(n)
		o.Respond = &Respond{Status: int(n.Status.Value), Body: b.body(n.JSON, n.Body), Span: n.Span()}
	case *ast.ForwardCredential:
		if b.single("forward credential", n.Span()) {
			o.ForwardCredential = true
		}
	case *ast.Redirect:
		b.redirect(n)
	case *ast.Rewrite:
		b.rewrite(n)
	case *ast.Timeout:
		b.timeout(n)
	case *ast.Retry:
		b.retry(n)
	case *ast.MaxBody:
		b.maxBody(n)
	case *ast.Use:
		b.useRule(n)
	}
}

// host adds a host to the route, unless it has it already.
func (b *block) host(p *Host, at ast.Text) {
	for _, other := range b.route.Hosts {
		if other.Exact == p.Exact && other.Suffix == p.Suffix {
			b.diags.Add(diag.DuplicateSetting, at.Span(), "%s stands twice", p.Text)
			return
		}
	}
	b.route.Hosts = append(b.route.Hosts, p)
}

func (b *block) match(n *ast.Match) {
	m := &Match{Decl: n}
	seen := map[string]bool{}
	for _, w := range n.Methods {
		if why := badMethod(w.Text); why != "" {
			b.diags.Add(diag.BadMethod, w.Span(), "%s is not a method that can be matched: %s", w.Text, why)
			continue
		}
		if seen[w.Text] {
			b.diags.Add(diag.DuplicateSetting, w.Span(), "%s stands twice", w.Text)
			continue
		}
		seen[w.Text] = true
		m.Methods = append(m.Methods, w.Text)
	}
	m.Path = parseTemplate(n.Template, b.diags)
	if m.Path != nil {
		b.route.Matches = append(b.route.Matches, m)
	}
}

func badMethod(s string) string {
	if s == "CONNECT" {
		return "CONNECT is always refused"
	}
	for i := 0; i < len(s); i++ {
		if s[i] < 'A' || s[i] > 'Z' {
			return "methods are upper-case words, such as GET"
		}
	}
	return ""
}

func (b *block) auths(n *ast.AuthRef) {
	o := b.route
	o.AuthSpan, o.Optional = n.Span(), n.Optional
	if n.And {
		b.notYet(n.Span(), "auth ... and ...")
	}
	seen := map[string]bool{}
	for _, name := range n.Names {
		a, ok := b.resolver.auths[name.Text]
		if !ok {
			if at, other := b.resolver.names[name.Text]; other {
				b.diags.Add(diag.WrongKind, name.Span(), "%s is not an auth but a %s", name.Text, b.asKind[name.Text]).Note(at, "declared here")
			} else {
				b.diags.Add(diag.UnknownName, name.Span(), "no auth is named %s", name.Text).
					Helpf("auth %s = api_key { key from header \"x-api-key\"; keys from file \"%s.keys\" }", name.Text, name.Text)
			}
			continue
		}
		if seen[name.Text] {
			b.diags.Add(diag.DuplicateSetting, name.Span(), "auth %s stands twice", name.Text)
			continue
		}
		seen[name.Text] = true
		for _, other := range o.Auths {
			if other.Place != "" && other.Place == a.Place && other.Field == a.Field {
				b.diags.Add(diag.SamePlace, name.Span(), "%s and %s read their key from one place, the %s %q: a key of %s would be refused by %s",
					other.Name, a.Name, a.Place, a.Field, a.Name, other.Name).
					Helpf("give one of them another place, or put all keys into one auth and tell them apart by group")
			}
		}
		o.Auths = append(o.Auths, a)
	}
}

func (b *block) deny(n *ast.Deny) {
	d := &Deny{Rule: b.base(n, b.ruleName(n.Name, "deny", n.Span()), n.When), Status: 403, Body: b.body(n.JSON, n.Body)}
	d.Shadow = n.Shadow
	if n.Status != nil {
		d.Status = int(n.Status.Value)
		if d.Status != 0 && d.Status < 400 || d.Status > 599 {
			b.diags.Add(diag.BadStatus, n.Status.Span(), "a deny answers with a status from 400 to 599, not %d", d.Status)
		}
	}
	if n.OnError.Text == "skip" {
		b.diags.Add(diag.SkipNotAllowed, n.OnError.Span(), "on error skip on a deny would let the request through when the rule fails").
			Helpf("on error deny")
	}
	b.route.Denies = append(b.route.Denies, d)
}

func (b *block) setEnding(rule ast.Rule) {
	if b.ending != nil {
		b.diags.Add(diag.TwoEndings, rule.Span(), "route %s has two endings: a request can be forwarded or answered, once", b.route.Name).
			Note(b.ending.Span(), "the first")
		return
	}
	b.ending = rule
}

func badHeaderValue(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x20 && c != '\t' || c == 0x7f {
			return true
		}
	}
	return false
}

// finish checks what needs the whole route.
func (b *block) finish() {
	o := b.route
	b.shadowOnly()
	at := o.Decl.Name.Span()
	if _, said := b.once["auth"]; said && o.Public {
		b.diags.Add(diag.PublicAndAuth, o.AuthSpan, "route %s is public and authenticated", o.Name).
			Note(b.once["public"], "public here").Helpf("auth optional ... lets anonymous callers in too")
	} else if !said && !o.Public {
		b.diags.Add(diag.NoAccess, at, "route %s says neither public nor auth: who may come in?", o.Name).
			Helpf("public")
	}
	matches := 0
	for _, rule := range o.Decl.Rules {
		if _, ok := rule.(*ast.Match); ok {
			matches++
		}
	}
	if matches == 0 {
		b.diags.Add(diag.NoMatch, at, "route %s has no match line", o.Name).Helpf("match GET \"/%s\"", o.Name)
	}
	for _, h := range o.Headers {
		if o.Answers() && !h.Response {
			b.diags.Add(diag.WrongPhase, h.Place(), "route %s answers itself: there is no forwarded request to change", o.Name)
		}
	}
	if o.ForwardCredential && o.Answers() {
		b.diags.Add(diag.TwoEndings, b.once["forward credential"], "route %s answers itself: there is nothing to forward a credential to", o.Name)
	}
	b.finishFates()
}
