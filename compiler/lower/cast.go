package lower

import (
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// cast brings an expression to a type that cel-go's checker takes its own for:
// to dyn, from dyn, or either inside of a list, map or optional. Literals are
// rewritten instead, so that nothing is built twice.
func (x *expression) cast(e *ir.Expr, to *types.Type) *ir.Expr {
	if e.Type.Equal(to) || e.Type.Kind == types.TypeOf && to.Kind == types.TypeOf {
		return e
	}
	retyped := func(args []*ir.Expr) *ir.Expr {
		c := *e
		c.Type, c.Args = to, args
		return &c
	}
	switch {
	case e.Op == "list" && to.Kind == types.List:
		var args []*ir.Expr
		for i, a := range e.Args {
			if optional(e, i) {
				args = append(args, x.cast(a, types.OptionalOf(to.Elem)))
			} else {
				args = append(args, x.cast(a, to.Elem))
			}
		}
		return retyped(args)
	case e.Op == "map-literal" && to.Kind == types.Map:
		var args []*ir.Expr
		for i := 0; i < len(e.Args); i += 2 {
			value := to.Elem
			if optional(e, i/2) {
				value = types.OptionalOf(value)
			}
			args = append(args, x.cast(e.Args[i], to.Key), x.cast(e.Args[i+1], value))
		}
		return retyped(args)
	case e.Op == "none" && to.Kind == types.Optional:
		return retyped(nil)
	case e.Op == "some" && to.Kind == types.Optional:
		return retyped([]*ir.Expr{x.cast(e.Args[0], to.Elem)})
	case e.Op == "fail":
		return retyped(nil)
	case e.Op == "if":
		return retyped([]*ir.Expr{e.Args[0], x.cast(e.Args[1], to), x.cast(e.Args[2], to)})
	case (e.Op == "bind" || e.Op == "bind-lazy"):
		return retyped([]*ir.Expr{e.Args[0], x.cast(e.Args[1], to)})
	case e.Op == "cast" && e.Args[0].Type.Equal(to) && ir.Boxes(to, e.Type):
		return e.Args[0]
	}
	if e.Type.HasRecord() {
		return x.opaqueRecord(e, to)
	}
	return &ir.Expr{Op: "cast", Type: to, Args: []*ir.Expr{e}, Span: e.Span}
}

func optional(e *ir.Expr, i int) bool { return i < len(e.Optional) && e.Optional[i] }

// dyn puts a value under dyn.
func (x *expression) dyn(e *ir.Expr) *ir.Expr { return x.cast(e, types.DynType) }

// join is the closest type that holds the values of both. An empty literal has
// any type of its form.
func join(a, b *ir.Expr) *types.Type {
	switch {
	case adapts(a, b.Type):
		return b.Type
	case adapts(b, a.Type):
		return a.Type
	}
	return joinTypes(a.Type, b.Type)
}

func adapts(e *ir.Expr, to *types.Type) bool {
	switch e.Op {
	case "list":
		return len(e.Args) == 0 && to.Kind == types.List
	case "map-literal":
		return len(e.Args) == 0 && to.Kind == types.Map
	case "none":
		return to.Kind == types.Optional
	}
	return false
}

func joinTypes(a, b *types.Type) *types.Type {
	switch {
	case a.Equal(b), a.Kind == types.TypeOf && b.Kind == types.TypeOf:
		return a
	case a.Kind != b.Kind || a.Elem == nil:
		return types.DynType
	}
	out := &types.Type{Kind: a.Kind, Elem: joinTypes(a.Elem, b.Elem)}
	if a.Key != nil {
		out.Key = joinTypes(a.Key, b.Key)
	}
	return out
}

// substitution is what the parameters of a signature stand for.
type substitution map[string]*types.Type

// match notes what a parameter's type says of the substitution, given an
// argument of the type.
func (s substitution) match(param, arg *types.Type) {
	switch {
	case param.Kind == types.Param:
		if old, ok := s[param.Name]; ok {
			arg = joinTypes(old, arg)
		}
		s[param.Name] = arg
	case param.Kind != arg.Kind: // arg is dyn, and found out at run time
	default:
		if param.Key != nil && arg.Key != nil {
			s.match(param.Key, arg.Key)
		}
		if param.Elem != nil && arg.Elem != nil {
			s.match(param.Elem, arg.Elem)
		}
	}
}

// apply replaces parameters; those that nothing is known of are dyn.
func (s substitution) apply(t *types.Type) *types.Type {
	switch {
	case t == nil:
		return nil
	case t.Kind == types.Param:
		if u, ok := s[t.Name]; ok {
			return u
		}
		return types.DynType
	case t.Key == nil && t.Elem == nil:
		return t
	}
	return &types.Type{Kind: t.Kind, Key: s.apply(t.Key), Elem: s.apply(t.Elem), Name: t.Name}
}

// fit casts arguments to the parameters of a signature, and returns the type of
// the result.
func (x *expression) fit(params []*types.Type, result *types.Type, args []*ir.Expr) ([]*ir.Expr, *types.Type) {
	s := substitution{}
	for i, p := range params {
		if !adapts(args[i], p) {
			s.match(p, args[i].Type)
		}
	}
	out := make([]*ir.Expr, len(args))
	for i, p := range params {
		out[i] = x.cast(args[i], s.apply(p))
	}
	return out, s.apply(result)
}
