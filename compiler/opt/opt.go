// Package opt rewrites decision IR into IR that decides the same with less
// work. Each pass is a function from expression to expression; none changes
// what a bundle means, which the differential tests hold it to.
package opt

import "moec.dev/moec/compiler/ir"

// Pass is one rewriting of expressions, applied bottom-up.
type Pass struct {
	Name    string
	Rewrite func(*ir.Expr) *ir.Expr
}

// Passes are applied in this order.
var Passes = []Pass{
	{"fold", fold},
}

// Optimize returns a bundle with every expression rewritten. The bundle that
// it was given is not changed.
func Optimize(b *ir.Bundle) *ir.Bundle {
	out := *b
	for _, p := range Passes {
		out = apply(out, p)
	}
	return &out
}

func apply(b ir.Bundle, p Pass) ir.Bundle {
	var lets []*ir.Let
	for _, l := range b.Lets {
		c := *l
		c.Value = rewrite(l.Value, p)
		lets = append(lets, &c)
	}
	b.Lets = lets
	var routes []*ir.Route
	for _, r := range b.Routes {
		c := *r
		c.When = rewrite(r.When, p)
		c.EarlyDenies = rules(r.EarlyDenies, p)
		c.LateDenies = rules(r.LateDenies, p)
		c.Allows = rules(r.Allows, p)
		c.Request = headers(r.Request, p)
		c.Response = headers(r.Response, p)
		routes = append(routes, &c)
	}
	b.Routes = routes
	return b
}

func rules(in []*ir.Rule, p Pass) []*ir.Rule {
	var out []*ir.Rule
	for _, k := range in {
		c := *k
		c.When = rewrite(k.When, p)
		out = append(out, &c)
	}
	return out
}

func headers(in []*ir.HeaderRule, p Pass) []*ir.HeaderRule {
	var out []*ir.HeaderRule
	for _, h := range in {
		c := *h
		c.When = rewrite(h.When, p)
		c.Value = rewrite(h.Value, p)
		out = append(out, &c)
	}
	return out
}

func rewrite(e *ir.Expr, p Pass) *ir.Expr {
	if e == nil {
		return nil
	}
	c := *e
	c.Args = nil
	for _, a := range e.Args {
		c.Args = append(c.Args, rewrite(a, p))
	}
	return p.Rewrite(&c)
}
