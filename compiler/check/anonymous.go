package check

import (
	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/dsl/diag"
)

// anonymous refuses reading an identity that may be nobody's. guard is a
// condition that is known to hold where the expression is evaluated, or nil.
func (s *scope) anonymous(e, guard *celfront.Expr) {
	s.known(e, guard != nil && impliesKnown(guard, true))
}

// known walks an expression; somebody says whether the caller is known to be
// somebody at this point.
func (s *scope) known(e *celfront.Expr, somebody bool) {
	if somebody || e == nil {
		return
	}
	switch {
	case e.Op == celfront.Var:
		rd := s.read(e)
		if e.Name == "identity.anonymous" || len(rd.Identity) == 0 {
			return
		}
		if l, ok := s.lets[e.Name]; ok {
			s.known(s.Exprs[l.Decl.Value].Root, false)
			return
		}
		s.diags.Add(diag.AnonymousUse, e.Span, "under auth optional the caller may be anonymous, and %s says nothing then", e.Name).
			Helpf("!identity.anonymous && ...")
	case e.Op == celfront.Call && e.Name == "_&&_":
		for i, a := range e.Args {
			s.known(a, i > 0 && impliesKnown(e.Args[0], true))
		}
	case e.Op == celfront.Call && e.Name == "_||_":
		for i, a := range e.Args {
			s.known(a, i > 0 && impliesKnown(e.Args[0], false))
		}
	case e.Op == celfront.Call && e.Name == "_?_:_":
		s.known(e.Args[0], false)
		s.known(e.Args[1], impliesKnown(e.Args[0], true))
		s.known(e.Args[2], impliesKnown(e.Args[0], false))
	default:
		for _, a := range e.Args {
			s.known(a, false)
		}
	}
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
