package lower

import (
	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// optionalCall lowers the functions of optional values.
func (x *expression) optionalCall(e *celfront.Expr) *ir.Expr {
	args := x.all(e.Args)
	out := &ir.Expr{Type: e.Type, Args: args, Span: e.Span}
	switch e.Name {
	case "optional.of":
		out.Op, out.Type = "some", types.OptionalOf(args[0].Type)
		return out
	case "optional.none":
		out.Op, out.Args = "none", nil
		return out
	case "optional.ofNonZeroValue":
		return x.ofNonZero(e, args[0])
	}
	self := args[0]
	if self.Type.Kind == types.Dyn {
		self = x.cast(self, types.OptionalOf(types.DynType))
	}
	switch e.Name {
	case "hasValue":
		out.Op, out.Args, out.Type = "has-value", []*ir.Expr{self}, types.BoolType
	case "value":
		out.Op, out.Args, out.Type = "value", []*ir.Expr{self}, self.Type.Elem
	case "or":
		other := args[1]
		if other.Type.Kind == types.Dyn {
			other = x.cast(other, types.OptionalOf(types.DynType))
		}
		t := join(self, other)
		out.Op, out.Type, out.Args = "or-optional", t, []*ir.Expr{x.cast(self, t), x.cast(other, t)}
	default:
		t := joinTypes(self.Type.Elem, args[1].Type)
		switch {
		case adapts(args[1], self.Type.Elem):
			t = self.Type.Elem
		case self.Op == "none":
			t = args[1].Type
		}
		out.Op, out.Type, out.Args = "or-value", t, []*ir.Expr{x.cast(self, types.OptionalOf(t)), x.cast(args[1], t)}
	}
	return out
}

// ofNonZero is an optional without a value for the zero of every type.
func (x *expression) ofNonZero(e *celfront.Expr, arg *ir.Expr) *ir.Expr {
	return x.bind(arg, func(read func() *ir.Expr) *ir.Expr {
		t := types.OptionalOf(arg.Type)
		zero := &ir.Expr{Op: "call", Name: "dyn_is_zero", Type: types.BoolType, Args: []*ir.Expr{x.dyn(read())}, Span: e.Span}
		none := &ir.Expr{Op: "none", Type: t, Span: e.Span}
		some := &ir.Expr{Op: "some", Type: t, Args: []*ir.Expr{read()}, Span: e.Span}
		return &ir.Expr{Op: "if", Type: t, Args: []*ir.Expr{zero, none, some}, Span: e.Span}
	})
}

// optMap is o.optMap(v, body); optFlatMap's body is an optional itself.
func (x *expression) optMap(e *celfront.Expr) *ir.Expr {
	self := x.lower(e.Args[0])
	if self.Type.Kind == types.Dyn {
		self = x.cast(self, types.OptionalOf(types.DynType))
	}
	return x.bind(self, func(read func() *ir.Expr) *ir.Expr {
		value := &ir.Expr{Op: "unwrap", Type: self.Type.Elem, Args: []*ir.Expr{read()}, Span: e.Span}
		var body *ir.Expr
		names := x.with(e.Vars, []*types.Type{value.Type}, false, func() { body = x.lower(e.Args[1]) })
		switch {
		case e.Name == "optMap":
			body = &ir.Expr{Op: "some", Type: types.OptionalOf(body.Type), Args: []*ir.Expr{body}, Span: e.Span}
		case body.Type.Kind == types.Dyn:
			body = x.cast(body, types.OptionalOf(types.DynType))
		}
		bound := &ir.Expr{Op: "bind", Type: body.Type, Vars: names, Args: []*ir.Expr{value, body}, Span: e.Span}
		has := &ir.Expr{Op: "has-value", Type: types.BoolType, Args: []*ir.Expr{read()}, Span: e.Span}
		none := &ir.Expr{Op: "none", Type: body.Type, Span: e.Span}
		return &ir.Expr{Op: "if", Type: body.Type, Args: []*ir.Expr{has, bound, none}, Span: e.Span}
	})
}
