// Package opt rewrites decision IR into IR that decides the same with less
// work. Each pass is a function from expression to expression; none changes
// what a bundle means, which the differential tests hold it to.
package opt

import "moec.dev/moec/compiler/ir"

// Pass is one rewriting: of every node, bottom-up, of whole expressions, or of
// the bundle.
type Pass struct {
	Name    string
	Rewrite func(*ir.Expr) *ir.Expr
	Root    func(*ir.Expr) *ir.Expr
	Bundle  func(ir.Bundle) ir.Bundle
}

// Passes are applied in this order.
var Passes = []Pass{
	{Name: "fold", Rewrite: fold},
	{Name: "pattern", Rewrite: pattern},
	{Name: "reuse", Root: reuse},
	{Name: "share", Bundle: share},
	{Name: "keep", Bundle: keeps},
}

// Optimize returns a bundle with every expression rewritten. The bundle that
// it was given is not changed.
func Optimize(b *ir.Bundle) *ir.Bundle {
	out := *b
	for _, p := range Passes {
		switch {
		case p.Bundle != nil:
			out = p.Bundle(out)
		case p.Root != nil:
			out = apply(out, p.Root)
		default:
			out = apply(out, everywhere(p.Rewrite))
		}
	}
	return &out
}

func apply(b ir.Bundle, f func(*ir.Expr) *ir.Expr) ir.Bundle {
	var lets []*ir.Let
	for _, l := range b.Lets {
		c := *l
		c.Value = whole(l.Value, f)
		lets = append(lets, &c)
	}
	b.Lets = lets
	var routes []*ir.Route
	for _, r := range b.Routes {
		c := *r
		c.When = whole(r.When, f)
		c.Decisions = decisions(r.Decisions, f)
		c.Request = headers(r.Request, f)
		c.Response = headers(r.Response, f)
		c.Kept = kept(r.Kept, f)
		c.Forward, c.RewritePath, c.RewriteHost, c.Redirect = r.MapFates(func(e *ir.Expr) *ir.Expr { return whole(e, f) })
		routes = append(routes, &c)
	}
	b.Routes = routes
	return scopes(b, f)
}

func rules(in []*ir.Rule, f func(*ir.Expr) *ir.Expr) []*ir.Rule {
	var out []*ir.Rule
	for _, k := range in {
		c := *k
		c.When = whole(k.When, f)
		out = append(out, &c)
	}
	return out
}

func headers(in []*ir.HeaderRule, f func(*ir.Expr) *ir.Expr) []*ir.HeaderRule {
	var out []*ir.HeaderRule
	for _, h := range in {
		c := *h
		c.When = whole(h.When, f)
		c.Value = whole(h.Value, f)
		out = append(out, &c)
	}
	return out
}

func kept(in []*ir.Kept, f func(*ir.Expr) *ir.Expr) []*ir.Kept {
	var out []*ir.Kept
	for _, k := range in {
		c := *k
		c.Expr = whole(k.Expr, f)
		out = append(out, &c)
	}
	return out
}

func whole(e *ir.Expr, f func(*ir.Expr) *ir.Expr) *ir.Expr {
	if e == nil {
		return nil
	}
	return f(e)
}

// everywhere makes a rewriting of nodes one of expressions.
func everywhere(f func(*ir.Expr) *ir.Expr) func(*ir.Expr) *ir.Expr {
	return func(e *ir.Expr) *ir.Expr { return rewrite(e, f) }
}

func rewrite(e *ir.Expr, f func(*ir.Expr) *ir.Expr) *ir.Expr {
	if e == nil {
		return nil
	}
	c := *e
	c.Args = nil
	for _, a := range e.Args {
		c.Args = append(c.Args, rewrite(a, f))
	}
	return f(&c)
}
