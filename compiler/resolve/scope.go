package resolve

import (
	"strings"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// Scope lays rules over routes. What it holds is a route's: its rules, who its
// callers may be (the auths of all routes that it covers; Public when a request
// may reach it that nobody has authenticated), and for a scope by template its
// matches.
type Scope struct {
	Route
	Source *ast.Scope
	// All says that the scope holds on requests that no route matches, too.
	All bool
	// Template says that the scope holds on what its own matches match.
	Template bool
	On       []*Route // the routes that it covers, or may meet, in their order
}

// scopes resolves the scopes when all routes are known.
func (r *resolver) scopes(tree *ast.Bundle) {
	for _, f := range tree.Files {
		for _, d := range f.Decls {
			if s, ok := d.(*ast.Scope); ok && s.Name.Text != "" {
				r.scope(s)
			}
		}
	}
	r.strayHeaders()
	r.oneSharing()
	r.parameters()
	for _, o := range r.Routes {
		r.conflicts(o)
	}
}

func (r *resolver) scope(d *ast.Scope) {
	s := &Scope{Source: d, Route: Route{Name: d.Name.Text, FullName: r.fullName(d.Name.Text)}}
	s.Template = len(d.On) == 0
	b := r.block(&s.Route, "scope "+s.Name, s.FullName)
	b.rules(d.Rules)
	b.shadowOnly()
	for _, rule := range d.Rules {
		switch rule := rule.(type) {
		case *ast.Match, *ast.Host, *ast.When:
			if s.Template {
				break
			}
			r.diags.Add(diag.ScopeTarget, rule.Span(), "scope %s names its routes: it has no %s of its own", s.Name, strings.ToLower(firstWord(rule.Span()))).
				Helpf("write it into the conditions of the rules")
		}
	}
	covered := r.meeting(s)
	for _, o := range r.Routes {
		if covered[o] {
			s.On = append(s.On, o)
			o.Scopes = append(o.Scopes, s)
		}
	}
	s.callers()
	if s.Template && len(s.Matches) == 0 && !r.diags.HasErrors() {
		r.diags.Add(diag.NoMatch, d.Name.Span(), "scope %s names no routes, and has no match line", s.Name).Helpf("scope %s on all", s.Name)
	}
	r.Scopes = append(r.Scopes, s)
	if len(s.On) == 0 && !s.All && !s.Template && !r.diags.HasErrors() {
		r.diags.Add(diag.EmptyScope, d.Name.Span(), "scope %s covers no route", s.Name).Helpf("remove it, or name routes")
	}
}

// strayHeaders refuses header rules of scopes that hold where no route does, where
// such requests are forwarded: only their answers of our own can be changed.
func (r *resolver) strayHeaders() {
	for _, s := range r.Scopes {
		if (s.All || s.Template) && r.Unmatched == 0 && len(s.Headers) > 0 {
			r.diags.Add(diag.NotYet, s.Headers[0].Place(), "a header rule in a scope that holds on requests that no route takes is not supported yet in a bundle with unmatched forward").
				Helpf("scope %s on the routes by name, or unmatched 404", s.Name)
		}
	}
}

func firstWord(s source.Span) string {
	if f := strings.Fields(s.Text()); len(f) > 0 {
		return f[0]
	}
	return "rule"
}

// meeting are the routes that a scope names or, by template, may meet.
func (r *resolver) meeting(s *Scope) map[*Route]bool {
	if !s.Template {
		return r.targets(s)
	}
	met := map[*Route]bool{}
	for _, o := range r.Routes {
		met[o] = overlaps(&s.Route, o)
	}
	return met
}

// targets are the routes that a scope names.
func (r *resolver) targets(s *Scope) map[*Route]bool {
	covered := map[*Route]bool{}
	names, seen := s.Source.On, map[string]bool{}
	for _, n := range names {
		if seen[n.Text] {
			r.diags.Add(diag.DuplicateSetting, n.Span(), "%s stands twice", n.Text)
			continue
		}
		seen[n.Text] = true
		switch n.Text {
		case "all":
			s.All = true
			for _, o := range r.Routes {
				covered[o] = true
			}
		case "authenticated":
			for _, o := range r.Routes {
				covered[o] = covered[o] || !o.Public
			}
		default:
			if o := r.findRoute(n); o != nil {
				covered[o] = true
			}
		}
	}
	if len(names) > 1 && (seen["all"] || seen["authenticated"]) {
		r.diags.Add(diag.ScopeTarget, names[0].Span(), "scope %s is on %s and on more: say one of them", s.Name, map[bool]string{true: "all", false: "authenticated"}[seen["all"]]).
			Helpf("scope %s on all", s.Name)
	}
	if len(s.Source.Except) > 0 && !seen["all"] && !seen["authenticated"] {
		r.diags.Add(diag.ScopeTarget, s.Source.Except[0].Span(), "except goes with all").Helpf("leave the route out of the list")
	}
	for _, n := range s.Source.Except {
		if o := r.findRoute(n); o != nil {
			covered[o] = false
		}
	}
	return covered
}

func (r *resolver) findRoute(n ast.Name) *Route {
	for _, o := range r.Routes {
		if o.Name == n.Text {
			return o
		}
	}
	if at, other := r.names[n.Text]; other {
		r.diags.Add(diag.WrongKind, n.Span(), "%s is not a route but a %s", n.Text, r.asKind[n.Text]).Note(at, "declared here")
	} else {
		r.diags.Add(diag.UnknownName, n.Span(), "no route is named %s", n.Text).Helpf("on all, or on the name of a route")
	}
	return nil
}

// callers finds out who may reach the scope: the auths of all its routes, and
// whether somebody may whom no auth has seen.
func (s *Scope) callers() {
	s.Public = s.All || s.Template || len(s.On) == 0
	seen := map[*Auth]bool{}
	for _, o := range s.On {
		s.Public = s.Public || o.Public
		s.Optional = s.Optional || o.Optional
		s.AuthSpan = s.Source.Name.Span()
		for _, a := range o.Auths {
			if !seen[a] {
				seen[a] = true
				s.Auths = append(s.Auths, a)
			}
		}
	}
	if s.Public {
		s.Auths, s.Optional = nil, false
	}
}

// Unauthenticated names why a scope may meet a request that nobody has
// authenticated, "" when it cannot.
func (s *Scope) Unauthenticated() string {
	for _, o := range s.On {
		if o.Public && !s.Template {
			return "scope " + s.Name + " covers route " + o.Name + ", which is public"
		}
	}
	if s.All || s.Template {
		return "scope " + s.Name + " holds on requests that no route matches, too"
	}
	if len(s.On) == 0 {
		return "scope " + s.Name + " covers no route"
	}
	return ""
}

// conflicts refuses two unconditional sets of one header by blocks that meet on
// a route: one would be lost.
func (r *resolver) conflicts(o *Route) {
	type set struct {
		name     string
		response bool
		op       ast.HeaderOp
	}
	first := map[set]*HeaderRule{}
	holder := map[set]*Route{}
	note := func(block *Route) {
		for _, h := range block.Headers {
			if h.Op != ast.Set && h.Op != ast.SetIfAbsent || h.When != nil {
				continue
			}
			k := set{h.Header, h.Response, h.Op}
			if old := first[k]; old != nil && holder[k] != block {
				r.diags.Add(diag.HeaderConflict, h.Place(), "%s is set twice for every request of route %s", h.Header, o.Name).
					Note(old.Place(), "first here").Helpf("keep one of them, or leave the route out of the scope")
				continue
			}
			first[k], holder[k] = h, block
		}
	}
	note(o)
	for _, s := range o.Scopes {
		note(&s.Route)
	}
}
