package check

import (
	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/dsl/diag"
)

// anonymous refuses reading an identity that may be nobody's. guard is a
// condition that is known to hold where the expression is evaluated, or nil.
func (s *scope) anonymous(e, guard *celfront.Expr) {
	for _, n := range s.unguarded(e, guard != nil && impliesKnown(guard, true)) {
		d := s.diags.Add(diag.AnonymousUse, n.Span, "under auth optional the caller may be anonymous, and %s says nothing then", n.Name).
			Helpf("!identity.anonymous && ...")
		if l, ok := s.lets[n.Name]; ok {
			for _, inner := range s.unguarded(s.Exprs[l.Decl.Value].Root, false) {
				d.Note(inner.Span, "let %s reads %s", n.Name, inner.Name)
			}
		}
	}
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
			below(a, i > 0 && impliesKnown(e.Args[0], true))
		}
	case e.Op == celfront.Call && e.Name == "_||_":
		for i, a := range e.Args {
			below(a, i > 0 && impliesKnown(e.Args[0], false))
		}
	case e.Op == celfront.Call && e.Name == "_?_:_":
		below(e.Args[0], false)
		below(e.Args[1], impliesKnown(e.Args[0], true))
		below(e.Args[2], impliesKnown(e.Args[0], false))
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
func impliesKnown(e *celfront.Expr, value bool) bool {
	switch {
	case e.Op == celfront.Var && e.Name == "identity.anonymous":
		return !value
	case e.Op == celfront.Call && e.Name == "!_":
		return impliesKnown(e.Args[0], !value)
	case e.Op == celfront.Call && e.Name == "_&&_" && value, e.Op == celfront.Call && e.Name == "_||_" && !value:
		return impliesKnown(e.Args[0], value) || impliesKnown(e.Args[1], value)
	}
	return false
}
