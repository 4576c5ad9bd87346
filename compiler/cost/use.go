package cost

import "moec.dev/moec/compiler/celfront"

// priceOf prices an expression of a rule. Where the rule comes from a policy,
// the arguments stand in it: each costs what it costs wherever it is read, and
// no bound is known where a loop reads one that is more than a value.
func (c *Bundle) priceOf(x *celfront.Checked) (celfront.Cost, error) {
	if x.Body == nil {
		return x.CostOf(x.Root, c.sizes.of, c.calls)
	}
	args, sizes, err := c.arguments(x)
	if err != nil {
		return celfront.Cost{}, err
	}
	whole, err := x.CostOf(x.Body, sizes, c.calls)
	whole.Max = withArguments(x, args, whole.Max)
	return whole, err
}

// priceOfArgument is the price of an argument, in which the arguments of the
// policy that it is written in may stand.
func (c *Bundle) priceOfArgument(x *celfront.Checked) (*celfront.Price, error) {
	if x.Body == nil {
		return x.Price(c.sizes.of, c.calls)
	}
	args, sizes, err := c.arguments(x)
	if err != nil {
		return nil, err
	}
	p, err := x.Price(sizes, c.calls)
	if err != nil {
		return nil, err
	}
	p.Max = withArguments(x, args, p.Max)
	return p, nil
}

// arguments prices the arguments of an expression; sizes knows them too.
func (c *Bundle) arguments(x *celfront.Checked) (map[string]*celfront.Price, celfront.Sizes, error) {
	args := map[string]*celfront.Price{}
	for name, arg := range x.Args {
		p, err := c.priceOfArgument(arg)
		if err != nil {
			return nil, nil, err
		}
		args[name] = p
	}
	return args, func(name string) (celfront.Size, bool) {
		if p, ok := args[name]; ok {
			return p.Size, true
		}
		return c.sizes.of(name)
	}, nil
}

// withArguments adds what arguments cost where an expression reads them.
func withArguments(x *celfront.Checked, args map[string]*celfront.Price, most uint64) uint64 {
	reads(x.Body, false, func(e *celfront.Expr, looped bool) {
		p := args[e.Name]
		if e.Op != celfront.Var || p == nil {
			return
		}
		if looped && p.Max > 1 && x.Args[e.Name].Folded().Op != celfront.Const {
			most = celfront.Unbounded
		} else {
			most = add(most, p.Max)
		}
	})
	return most
}

// reads visits all nodes, and says of each whether a macro may go over it often.
func reads(e *celfront.Expr, looped bool, visit func(*celfront.Expr, bool)) {
	visit(e, looped)
	for i, a := range e.Args {
		reads(a, looped || i > 0 && e.Op == celfront.Macro, visit)
	}
}
