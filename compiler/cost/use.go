package cost

import "moec.dev/moec/compiler/celfront"

// priceOf prices an expression of a rule. Where the rule comes from a policy,
// the arguments stand in it: each costs what it costs wherever it is read, and
// no bound is known where a loop reads one that is more than a value.
func (c *Bundle) priceOf(x *celfront.Checked) (celfront.Cost, error) {
	if x.Body == nil {
		return x.CostOf(x.Root, c.sizes.of, c.calls)
	}
	args := map[string]*celfront.Price{}
	for name, arg := range x.Args {
		p, err := arg.Price(c.sizes.of, c.calls)
		if err != nil {
			return celfront.Cost{}, err
		}
		args[name] = p
	}
	whole, err := x.CostOf(x.Body, func(name string) (celfront.Size, bool) {
		if p, ok := args[name]; ok {
			return p.Size, true
		}
		return c.sizes.of(name)
	}, c.calls)
	if err != nil {
		return whole, err
	}
	read := func(e *celfront.Expr, looped bool) {
		p := args[e.Name]
		if e.Op != celfront.Var || p == nil {
			return
		}
		if looped && p.Max > 1 && x.Args[e.Name].Folded().Op != celfront.Const {
			whole.Max = celfront.Unbounded
		} else {
			whole.Max = add(whole.Max, p.Max)
		}
	}
	reads(x.Body, false, read)
	return whole, nil
}

// reads visits all nodes, and says of each whether a macro may go over it often.
func reads(e *celfront.Expr, looped bool, visit func(*celfront.Expr, bool)) {
	visit(e, looped)
	for i, a := range e.Args {
		reads(a, looped || i > 0 && e.Op == celfront.Macro, visit)
	}
}
