package celfront

// Constant evaluates an expression that reads nothing. ok is false for one that
// reads something, for one that fails, and for one that is too much work.
func (c *Checked) Constant() (value any, ok bool) {
	if c.Root.Op == Const {
		return c.Root.Value, true
	}
	f := newFolder(c)
	if f.binders[c.Root] == free {
		return nil, false
	}
	v, ok := f.value(c.Root)
	if !ok {
		return nil, false
	}
	return v.Value(), true
}
