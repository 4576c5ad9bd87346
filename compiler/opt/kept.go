package opt

import "moec.dev/moec/compiler/ir"

// keeps says of the values that response rules read whether they can fail as they
// are written now: passes make values that are worked out when they are read, and
// those can by their form.
func keeps(b ir.Bundle) ir.Bundle {
	fails := b.FailingLets()
	reading := func(kept []*ir.Kept) func(*ir.Expr) *ir.Expr {
		return everywhere(func(e *ir.Expr) *ir.Expr {
			if e.Op == "kept" && kept[e.Index].Expr.Fails(fails) {
				c := *e
				c.Op = "kept-fallible"
				return &c
			}
			return e
		})
	}
	var routes []*ir.Route
	for _, r := range b.Routes {
		c := *r
		c.Response = headers(r.Response, reading(r.Kept))
		routes = append(routes, &c)
	}
	b.Routes = routes
	if b.Stray != nil {
		c := *b.Stray
		c.Response = headers(c.Response, reading(c.Kept))
		b.Stray = &c
	}
	return b
}
