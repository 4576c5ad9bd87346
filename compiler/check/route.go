package check

import (
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
)

// scope is the checking of one route.
type scope struct {
	*checker
	route *resolve.Route
	over  *resolve.Scope // whose rules route stands for, or nil
	vars  []celfront.Variable
	env   *celfront.Env
	// partial are the captures that some match of the route lacks.
	partial map[string]bool
}

func (c *checker) route(r *resolve.Route) {
	c.block(&scope{checker: c, route: r, partial: map[string]bool{}})
}

// block checks the rules of a route or of a scope.
func (c *checker) block(s *scope) {
	r := s.route
	vars := s.captures()
	fields, clash := ClaimTypes(r.Auths)
	for _, name := range sortedKeys(clash) {
		two := clash[name]
		c.diags.Add(diag.WrongType, r.AuthSpan, "claim %s has two types in the auths of this route", name).
			Note(two[0].Span(), "here").Note(two[1].Span(), "and here")
	}
	if len(r.Auths) == 0 {
		fields, _ = ClaimTypes(c.Auths) // so that reading one is told to be too early
	}
	s.vars = append(vars, claimVariables(fields)...)
	s.env = c.env(s.vars)

	if r.When != nil {
		if x := s.boolean(r.When, "when"); x != nil {
			if s.over != nil && s.canBe(x.Root, false) {
				s.clientFalse[r.When] = true
			}
			s.noIdentity(x, "the when of a route is evaluated before anybody is authenticated")
			s.anchors(x.Root)
			if s.over != nil {
				s.mayFail(x, "", inScope)
			} else {
				s.mayFail(x, "", inRoute)
			}
		}
	}
	for _, d := range r.Denies {
		s.in(d.Use, func(s *scope) {
			if x := s.boolean(d.When, "deny ... when"); x != nil {
				s.decision(x, inDeny)
				s.mayFail(x, d.OnError, inDeny)
			}
		})
	}
	for _, a := range r.Allows {
		s.in(a.Use, func(s *scope) {
			if x := s.boolean(a.When, "allow ... when"); x != nil {
				s.decision(x, inAllow)
				s.subject(x.Root)
				s.clientAllow(x.Root)
				s.mayFail(x, a.OnError, inAllow)
			}
		})
	}
	for _, l := range r.Limits {
		s.limit(l)
	}
	for _, h := range r.Headers {
		s.in(h.Use, func(s *scope) { s.header(h) })
	}
	s.fate()
	s.corsRule()
}

// captures declares path.x and hostname.x: all that any match binds, so that
// one that a match lacks gets its own message.
func (s *scope) captures() []celfront.Variable {
	count := map[string]int{}
	for _, m := range s.route.Matches {
		for _, n := range m.Path.Captures() {
			count["path."+n]++
		}
	}
	for n, k := range count {
		if k < len(s.route.Matches) {
			s.partial[n] = true
		}
	}
	hosts := map[string]int{}
	for _, h := range s.route.Hosts {
		if h.Capture != "" {
			hosts["hostname."+h.Capture]++
		}
	}
	for n, k := range hosts {
		count[n] = k
		if k < len(s.route.Hosts) {
			s.partial[n] = true
		}
	}
	var vars []celfront.Variable
	for _, n := range sortedKeys(count) {
		vars = append(vars, celfront.Variable{Name: n, Type: types.StringType})
	}
	return vars
}

func (s *scope) boolean(x *ast.Expr, place string) *celfront.Checked {
	k := s.expr(s.env, x, types.BoolType, place)
	if k == nil {
		return nil
	}
	s.names(k)
	if v, ok := k.Constant(); ok {
		s.diags.Add(diag.ConstantOutcome, x.Span(), "this is always %v", v).Helpf("leave the rule out, or say on what it depends")
	}
	return k
}

// names checks the names that an expression of this route reads.
func (s *scope) names(x *celfront.Checked) {
	s.later(x.Root)
	x.Root.Walk(func(n *celfront.Expr) bool {
		if n.Op == celfront.Var && s.partial[n.Name] {
			s.diags.Add(diag.UnknownCapture, n.Span, "%s is not bound by every match of %s", n.Name, s.title()).
				Helpf("use the same captures in all of them, or write two %s", map[bool]string{true: "scopes", false: "routes"}[s.over != nil])
		}
		return true
	})
	s.ownedReads(x.Root)
}

// decision checks an expression that decides about a request.
func (s *scope) decision(x *celfront.Checked, at place) {
	rd := s.read(x.Root)
	if len(rd.Response) > 0 {
		s.diags.Add(diag.WrongPhase, rd.Response[0], "the response is not known when a request is decided").
			Helpf("response.* may stand in set, add and remove of response.headers")
	}
	if s.route.Public {
		s.noIdentity(x, s.nobody())
	} else if s.route.Optional {
		s.anonymous(x.Root, nil, at)
	}
	s.anchors(x.Root)
	s.warnings(x.Root)
}

func (s *scope) noIdentity(x *celfront.Checked, why string) {
	rd := s.read(x.Root)
	if len(rd.Identity) > 0 {
		s.diags.Add(diag.WrongPhase, rd.Identity[0], "identity is not known here: %s", why).
			Helpf("%s", s.somebody())
	}
	if len(rd.Response) > 0 {
		s.diags.Add(diag.WrongPhase, rd.Response[0], "the response is not known when a request is decided")
	}
}

// subject refuses the subject without its method where two auths could give
// the same one. Each alternative stands for itself.
func (s *scope) subject(e *celfront.Expr) {
	if len(s.route.Auths) < 2 {
		return
	}
	if e.Op == celfront.Call && e.Name == "_||_" {
		for _, a := range e.Args {
			s.subject(a)
		}
		return
	}
	var at *celfront.Expr
	method := false
	e.Walk(func(n *celfront.Expr) bool {
		subject, told := s.identifies(n)
		if subject && at == nil {
			at = n
		}
		method = method || told
		return true
	})
	if at != nil && !method {
		s.diags.Add(diag.AmbiguousID, at.Span, "%s accepts %d auths: the same subject may be two callers", s.title(), len(s.route.Auths)).
			Helpf("identity.id")
	}
}

// identifies reports whether a node reads the caller's subject, and whether it
// reads by which auth the caller came, lets seen through.
func (s *scope) identifies(n *celfront.Expr) (subject, method bool) {
	if n.Op == celfront.Var {
		switch n.Name {
		case "identity.subject":
			return true, false
		case "identity.method", "identity.id":
			return false, true
		}
	}
	l, ok := s.lets[n.Name]
	if !ok || n.Op != celfront.Var && n.Overload != "let_"+n.Name {
		return false, false
	}
	s.Exprs[l.Decl.Value].Root.Walk(func(n *celfront.Expr) bool {
		a, b := s.identifies(n)
		subject, method = subject || a, method || b
		return true
	})
	return subject, method
}

func (s *scope) header(h *resolve.HeaderRule) {
	var when *celfront.Checked
	if h.When != nil {
		if when = s.boolean(h.When, "when"); when != nil {
			s.phase(when, h)
			s.mayFail(when, h.OnError, inHeader)
			if s.route.Optional {
				s.anonymous(when.Root, nil, inHeader)
			}
		}
	}
	if h.Value == nil {
		return
	}
	x := s.expr(s.env, h.Value, types.StringType, "the value of a header")
	if x == nil {
		return
	}
	s.names(x)
	s.phase(x, h)
	s.mayFail(x, h.OnError, inHeader)
	if v, _ := x.Constant(); strings.ContainsAny(text(v), "\r\n\x00") {
		s.diags.Add(diag.BadHeaderValue, x.Root.Span, "a header value cannot hold CR, LF or NUL")
	}
	if s.route.Optional {
		var guard *celfront.Expr
		if when != nil {
			guard = when.Root
		}
		s.anonymous(x.Root, guard, inHeader)
	}
}

// phase checks that a header rule reads only what is known when it runs.
func (s *scope) phase(x *celfront.Checked, h *resolve.HeaderRule) {
	rd := s.read(x.Root)
	switch {
	case !h.Response && len(rd.Response) > 0:
		s.diags.Add(diag.WrongPhase, rd.Response[0], "the response is not known when the request is forwarded")
	case s.route.Public && len(rd.Identity) > 0:
		s.diags.Add(diag.WrongPhase, rd.Identity[0], "identity is not known here: %s", s.nobody()).
			Helpf("%s", s.somebody())
	}
}

// text is a constant's text, "" for what is none.
func text(v any) string {
	s, _ := v.(string)
	return s
}
