package check

import (
	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
)

// anonymous refuses reading an identity that may be nobody's. guard is a
// condition that is known to hold where the expression is evaluated, or nil.
func (s *scope) anonymous(e, guard *celfront.Expr, at place) {
	for _, n := range s.unguarded(e, guard != nil && s.impliesKnown(guard, true)) {
		d := s.diags.Add(diag.AnonymousUse, n.Span, "under auth optional the caller may be anonymous, and %s says nothing then", n.Name).
			Helpf("%s", known(e, guard, at))
		if l, ok := s.lets[n.Name]; ok {
			for _, inner := range s.unguarded(s.Exprs[l.Decl.Value].Root, false) {
				d.Note(inner.Span, "let %s reads %s", n.Name, inner.Name)
			}
		}
	}
}

// known writes what makes the caller somebody where an expression is evaluated.
// As everywhere, a deny that says nothing of a caller has to hold.
func known(e, guard *celfront.Expr, at place) string {
	switch {
	case at == inLimit && e.Type.Kind == types.String:
		return "identity.anonymous ? source.ip : " + e.Span.Text()
	case at == inLimit:
		return "identity.anonymous ? 1 : " + e.Span.Text()
	case guard != nil:
		return "when " + phrase{"!identity.anonymous && ", guard}.grouped()
	case e.Type.Kind == types.Bool && at == inDeny:
		return phrase{"identity.anonymous || ", e}.grouped()
	case e.Type.Kind == types.Bool:
		return phrase{"!identity.anonymous && ", e}.grouped()
	case at == inHeader:
		return "end the rule with: when !identity.anonymous"
	}
	return `identity.anonymous ? "" : ` + e.Span.Text()
}

// grouped is a first word and a node, in parentheses where && would take it apart.
func (t phrase) grouped() string {
	e := t[1].(*celfront.Expr)
	if apart(e) {
		return word(t[0]) + "(" + e.Span.Text() + ")"
	}
	return word(t[0]) + e.Span.Text()
}

// unguarded returns the names in an expression that read an identity where the
// caller may be nobody; somebody says whether the caller is known to be
// somebody at this point.
func (s *scope) unguarded(e *celfront.Expr, somebody bool) []*celfront.Expr {
	if somebody || e == nil {
		return nil
	}
	var found []*celfront.Expr
	below := func(e *celfront.Expr, somebody bool) { found = append(found, s.unguarded(e, somebody)...) }
	switch {
	case e.Op == celfront.Var:
		if e.Name == "identity.anonymous" || len(s.read(e).Identity) == 0 {
			return nil
		}
		if l, ok := s.lets[e.Name]; ok && len(s.unguarded(s.Exprs[l.Decl.Value].Root, false)) == 0 {
			return nil
		}
		return []*celfront.Expr{e}
	case e.Op == celfront.Call && e.Name == "_&&_":
		for i, a := range e.Args {
			below(a, i > 0 && s.impliesKnown(e.Args[0], true))
		}
	case e.Op == celfront.Call && e.Name == "_||_":
		for i, a := range e.Args {
			below(a, i > 0 && s.impliesKnown(e.Args[0], false))
		}
	case e.Op == celfront.Call && e.Name == "_?_:_":
		below(e.Args[0], false)
		below(e.Args[1], s.impliesKnown(e.Args[0], true))
		below(e.Args[2], s.impliesKnown(e.Args[0], false))
	default:
		if l, ok := s.lets[e.Name]; ok && e.Op == celfront.Call && l.Call && len(s.unguarded(s.Exprs[l.Decl.Value].Root, false)) > 0 {
			found = append(found, e)
		}
		for _, a := range e.Args {
			below(a, false)
		}
	}
	return found
}

// impliesKnown reports whether e having the given value means that the caller
// is somebody.
func (s *scope) impliesKnown(e *celfront.Expr, value bool) bool {
	if l, ok := s.lets[e.Name]; ok && e.Op == celfront.Var {
		return s.impliesKnown(s.Exprs[l.Decl.Value].Root, value)
	}
	switch {
	case e.Op == celfront.Var && e.Name == "identity.anonymous":
		return !value
	case e.Op == celfront.Call && e.Name == "!_":
		return s.impliesKnown(e.Args[0], !value)
	case e.Op == celfront.Call && e.Name == "_&&_" && value, e.Op == celfront.Call && e.Name == "_||_" && !value:
		return s.impliesKnown(e.Args[0], value) || s.impliesKnown(e.Args[1], value)
	}
	return false
}
