package celfront

import (
	"maps"
	"slices"

	"moec.dev/moec/compiler/types"
)

// With returns the expression with arguments in place of parameters, each of
// the parameter's type. The tree has the arguments' trees; the program keeps
// reading the parameters by name, and Args says what they are.
func (c *Checked) With(args map[string]*Checked) *Checked {
	if len(args) == 0 {
		return c
	}
	out := &Checked{Source: c.Source, Type: c.Type, env: c.env, ast: c.ast, origin: maps.Clone(c.origin), Args: args, Body: c.Root}
	out.Root = out.inline(c.Root, nil)
	return out
}

// inline puts arguments in place of the names that no macro around them binds.
func (c *Checked) inline(e *Expr, bound []string) *Expr {
	if e.Op == Var {
		if arg := c.Args[e.Name]; arg != nil && (e.Root || !slices.Contains(bound, e.Name)) {
			return outside(arg.Folded(), bound, nil)
		}
		return e
	}
	if len(e.Args) == 0 {
		return e
	}
	out := *e
	out.Args = make([]*Expr, len(e.Args))
	inner := append(slices.Clone(bound), e.Vars...)
	for i, a := range e.Args {
		if i == 0 {
			out.Args[i] = c.inline(a, bound)
		} else {
			out.Args[i] = c.inline(a, inner)
		}
	}
	if from, ok := c.origin[e]; ok {
		c.origin[&out] = from // the same work, on the parameters
	}
	return &out
}

// outside keeps the names of an argument from being taken for names that the
// macros around its new place bind.
func outside(e *Expr, bound, own []string) *Expr {
	if len(bound) == 0 {
		return e
	}
	if e.Op == Var {
		if !slices.Contains(own, e.Name) && slices.Contains(bound, e.Name) {
			out := *e
			out.Root = true
			return &out
		}
		return e
	}
	if len(e.Args) == 0 {
		return e
	}
	out := *e
	out.Args = make([]*Expr, len(e.Args))
	inner := append(slices.Clone(own), e.Vars...)
	for i, a := range e.Args {
		if i == 0 {
			out.Args[i] = outside(a, bound, own)
		} else {
			out.Args[i] = outside(a, bound, inner)
		}
	}
	return &out
}

// Fits reports whether a value can stand where a type is wanted: an empty list,
// map or optional is one of every type.
func (c *Checked) Fits(want *types.Type) bool {
	if c.Type.Equal(want) {
		return true
	}
	empty := (c.Root.Op == List || c.Root.Op == Map) && len(c.Root.Args) == 0 || c.Root.Overload == "optional_none"
	return empty && c.Type.Kind == want.Kind
}

// As returns the expression with the type that it Fits.
func (c *Checked) As(want *types.Type) *Checked {
	if c.Type.Equal(want) {
		return c
	}
	root := *c.Root
	root.Type = want
	return &Checked{Source: c.Source, Type: want, Root: &root, env: c.env, ast: c.ast, origin: c.origin}
}
