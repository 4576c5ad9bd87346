package cost

import (
	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// Over reports the rules that may cost more than a budget, each with the part of
// it that costs most.
func (c *Bundle) Over(budget uint64, diags *diag.List) {
	for _, r := range c.Rules {
		if r.Max <= budget {
			continue
		}
		d := diags.Add(diag.OverBudget, r.Span, "%s costs up to %s units, and the budget is %d", r.Name, Written(r.Max), budget)
		if at, what, n := c.costliest(r); at != r.Span {
			d.Note(at, "%s costs up to %s of them", what, Written(n))
		}
		d.Helpf("test what is cheap first, compare with a constant instead of searching, or keep a part that several rules need in a let")
	}
}

// costliest finds the let, or the smallest part of a rule's own expressions,
// that makes up most of the rule's cost.
func (c *Bundle) costliest(r *Rule) (at source.Span, what string, n uint64) {
	for _, name := range r.Lets {
		if l := c.lets[name]; l.Max >= n {
			n, what = l.Max, "let "+name
			at = c.declared(name)
		}
	}
	for _, e := range r.exprs {
		x := c.checked.Exprs[e]
		if e == nil || x == nil {
			continue
		}
		root, most := c.descend(x, x.Root)
		if what == "" || most > n {
			at, what, n = root.Span, "this", most
		}
	}
	return at, what, n
}

// descend goes down to the smallest node with at least half of the cost. What
// stands in a loop has no cost of its own: it depends on the names that the
// loop binds.
func (c *Bundle) descend(x *celfront.Checked, e *celfront.Expr) (*celfront.Expr, uint64) {
	most := c.part(x, e)
	for e.Op != celfront.Macro {
		var heaviest *celfront.Expr
		n := uint64(0)
		for _, a := range e.Args {
			if m := c.part(x, a); heaviest == nil || m > n {
				heaviest, n = a, m
			}
		}
		if heaviest == nil || n < most/2 {
			break
		}
		e, most = heaviest, n
	}
	return e, most
}

func (c *Bundle) part(x *celfront.Checked, e *celfront.Expr) uint64 {
	price, err := x.CostOf(e, c.sizes.of, c.calls)
	if err != nil {
		return 0
	}
	return price.Max
}

func (c *Bundle) declared(let string) source.Span {
	for _, l := range c.checked.Lets {
		if l.Name == let {
			return l.Decl.Value.Span()
		}
	}
	return source.Span{}
}
