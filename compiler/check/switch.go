package check

import (
	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/dsl/ast"
)

// ClientFalse reports whether the client alone can make a condition of the
// bundle false.
func (b *Bundle) ClientFalse(when *ast.Expr) bool { return b.clientFalse[when] }

// canBe reports whether the client alone can give a condition a value, whatever
// the rest of the world says. A part that reads nothing is on nobody's side.
func (c *checker) canBe(e *celfront.Expr, want bool) bool {
	if e.Op == celfront.Var {
		if l, ok := c.lets[e.Name]; ok && c.Exprs[l.Decl.Value] != nil {
			return c.canBe(c.Exprs[l.Decl.Value].Root, want)
		}
	}
	if e.Op == celfront.Call {
		switch {
		case e.Name == "!_":
			return c.canBe(e.Args[0], !want)
		case e.Name == "_&&_" && !want, e.Name == "_||_" && want:
			for _, a := range e.Args {
				if c.canBe(a, want) {
					return true
				}
			}
			return false
		case e.Name == "_&&_", e.Name == "_||_":
			for _, a := range e.Args {
				if !c.canBe(a, want) {
					return false
				}
			}
			return true
		}
	}
	rd := c.read(e)
	return len(rd.Client) > 0 && len(rd.Other) == 0
}
