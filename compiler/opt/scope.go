package opt

import "moec.dev/moec/compiler/ir"

func scopes(b ir.Bundle, f func(*ir.Expr) *ir.Expr) ir.Bundle {
	var all []*ir.Scope
	for _, s := range b.Scopes {
		c := *s
		c.When = whole(s.When, f)
		c.Decisions = decisions(s.Decisions, f)
		all = append(all, &c)
	}
	b.Scopes = all
	if b.Stray != nil {
		c := *b.Stray
		c.Response = headers(b.Stray.Response, f)
		c.Kept = kept(b.Stray.Kept, f)
		b.Stray = &c
	}
	return b
}

func decisions(d ir.Decisions, f func(*ir.Expr) *ir.Expr) ir.Decisions {
	out := ir.Decisions{EarlyDenies: rules(d.EarlyDenies, f), LateDenies: rules(d.LateDenies, f)}
	for _, g := range d.Groups {
		c := *g
		c.Allows, c.Shadows = rules(g.Allows, f), rules(g.Shadows, f)
		out.Groups = append(out.Groups, &c)
	}
	out.EarlyLimits, out.LateLimits = limits(d.EarlyLimits, f), limits(d.LateLimits, f)
	return out
}

func limits(in []*ir.LimitRule, f func(*ir.Expr) *ir.Expr) []*ir.LimitRule {
	var out []*ir.LimitRule
	for _, k := range in {
		c := *k
		c.When, c.Cost, c.Rate, c.Burst, c.Key = whole(k.When, f), whole(k.Cost, f), whole(k.Rate, f), whole(k.Burst, f), nil
		for _, p := range k.Key {
			c.Key = append(c.Key, whole(p, f))
		}
		out = append(out, &c)
	}
	return out
}

// decided calls f for every expression that a block decides by.
func decided(d *ir.Decisions, f func(*ir.Expr)) {
	lists := [][]*ir.Rule{d.EarlyDenies, d.LateDenies}
	for _, g := range d.Groups {
		lists = append(lists, g.Allows, g.Shadows)
	}
	for _, rules := range lists {
		for _, k := range rules {
			f(k.When)
		}
	}
	for _, k := range d.Limits() {
		if k.When != nil {
			f(k.When)
		}
		for _, e := range k.Exprs() {
			f(e)
		}
	}
}
