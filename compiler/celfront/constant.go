package celfront

// Constant evaluates an expression that reads nothing. ok is false for one that
// reads something, and for one that fails.
func (c *Checked) Constant() (value any, ok bool) {
	reads := false
	c.Root.Walk(func(n *Expr) bool {
		switch {
		case n.Op == Var, n.Op == Call && n.Overload == n.Name, n.Op == Call && len(n.Overload) > 4 && n.Overload[:4] == "let_":
			reads = true // a variable, or a function of the request or a let
		}
		return !reads
	})
	if reads {
		return nil, false
	}
	p, err := c.Program()
	if err != nil {
		return nil, false
	}
	v, _, err := p.Eval(map[string]any{})
	if err != nil {
		return nil, false
	}
	return v.Value(), true
}
