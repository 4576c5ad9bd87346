package lower

import (
	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// logic lowers && || ! and ?:.
func (x *expression) logic(e *celfront.Expr) *ir.Expr {
	op := map[string]ir.Op{"_&&_": "and", "_||_": "or", "!_": "not", "_?_:_": "if"}[e.Name]
	out := &ir.Expr{Op: op, Type: types.BoolType, Span: e.Span}
	for _, a := range e.Args {
		arg := x.lower(a)
		if op != "if" || len(out.Args) == 0 {
			arg = x.cast(arg, types.BoolType)
		}
		out.Args = append(out.Args, arg)
	}
	if op == "if" {
		out.Type = e.Type
		out.Args[1], out.Args[2] = x.cast(out.Args[1], e.Type), x.cast(out.Args[2], e.Type)
	}
	return out
}

// equality lowers == and !=. Values of different types are compared as dyn,
// where they are unequal unless they are the same number.
func (x *expression) equality(e *celfront.Expr) *ir.Expr {
	out := &ir.Expr{Op: "==", Type: types.BoolType, Args: x.all(e.Args), Span: e.Span}
	if e.Name == "_!=_" {
		out.Op = "!="
	}
	a, b := out.Args[0], out.Args[1]
	if a.Type.Kind == types.TypeOf && b.Type.Kind == types.TypeOf {
		return out
	}
	t := join(a, b)
	out.Args = []*ir.Expr{x.cast(a, t), x.cast(b, t)}
	return out
}

// ordering lowers < <= > >=: between two of one type, two kinds of number, or
// what is found out at run time.
func (x *expression) ordering(e *celfront.Expr) *ir.Expr {
	out := &ir.Expr{Type: types.BoolType, Args: x.all(e.Args), Span: e.Span}
	if out.Args[0].Type.Kind == types.Dyn || out.Args[1].Type.Kind == types.Dyn {
		name := map[string]string{"_<_": "dyn_less", "_<=_": "dyn_less_equals", "_>_": "dyn_greater", "_>=_": "dyn_greater_equals"}[e.Name]
		return x.dynamic(e, name, types.BoolType, out.Args)
	}
	out.Op = map[string]ir.Op{"_<_": "<", "_<=_": "<=", "_>_": ">", "_>=_": ">="}[e.Name]
	return out
}

// dynamic calls one of the operators over dyn.
func (x *expression) dynamic(e *celfront.Expr, name string, result *types.Type, args []*ir.Expr) *ir.Expr {
	out := &ir.Expr{Op: "call", Name: name, Type: result, Span: e.Span}
	for _, a := range args {
		out.Args = append(out.Args, x.dyn(a))
	}
	return out
}

func (x *expression) arithmetic(e *celfront.Expr) *ir.Expr {
	if e.Name == "_+_" && e.Type.Kind == types.String {
		return x.concat(e)
	}
	args := x.all(e.Args)
	for _, a := range args {
		if a.Type.Kind == types.Dyn {
			names := map[string]string{"_+_": "dyn_add", "_-_": "dyn_subtract", "_*_": "dyn_multiply", "_/_": "dyn_divide", "_%_": "dyn_modulo", "-_": "dyn_negate"}
			return x.dynamic(e, names[e.Name], types.DynType, args)
		}
	}
	out := &ir.Expr{Type: e.Type, Args: args, Span: e.Span}
	switch {
	case e.Name == "_+_" && e.Type.Kind == types.List:
		return x.apply(e, "add_list", args)
	case e.Name == "_+_" && e.Type.Kind == types.Bytes:
		return x.apply(e, "add_bytes", args)
	case e.Name == "-_":
		out.Op = "negate"
	default:
		out.Op = ir.Op(e.Name[1:2])
	}
	return out
}

// concat flattens a + b + c, so that one string is built instead of two.
func (x *expression) concat(e *celfront.Expr) *ir.Expr {
	out := &ir.Expr{Op: "concat", Type: e.Type, Span: e.Span}
	var flatten func(e *celfront.Expr)
	flatten = func(e *celfront.Expr) {
		if e.Op == celfront.Call && e.Name == "_+_" && e.Type.Kind == types.String {
			flatten(e.Args[0])
			flatten(e.Args[1])
			return
		}
		out.Args = append(out.Args, x.cast(x.lower(e), types.StringType))
	}
	flatten(e)
	return out
}

// size is the number of code points, bytes, elements or keys.
func (x *expression) size(e *celfront.Expr) *ir.Expr {
	arg := x.lower(e.Args[0])
	if arg.Type.Kind == types.Dyn {
		return x.dynamic(e, "dyn_size", types.IntType, []*ir.Expr{arg})
	}
	return &ir.Expr{Op: "size", Type: types.IntType, Args: []*ir.Expr{arg}, Span: e.Span}
}

// typeOf is type(x). Only a dyn is asked at run time, but a value that fails
// fails here too.
func (x *expression) typeOf(e *celfront.Expr) *ir.Expr {
	arg := x.lower(e.Args[0])
	if arg.Type.Kind != types.Dyn && !arg.Fails(x.Bundle.FailingLets()) {
		return &ir.Expr{Op: "const", Type: e.Type, Value: typeName(arg.Type), Span: e.Span}
	}
	return x.dynamic(e, "dyn_type", e.Type, []*ir.Expr{arg})
}

// typeName is CEL's name of a type.
func typeName(t *types.Type) string {
	switch t.Kind {
	case types.Record:
		return t.String()
	case types.Duration:
		return "google.protobuf.Duration"
	case types.Timestamp:
		return "google.protobuf.Timestamp"
	case types.Null:
		return "null_type"
	case types.Optional:
		return "optional_type"
	case types.IP:
		return "net.IP"
	case types.CIDR:
		return "net.CIDR"
	}
	return t.Kind.String()
}

// extreme is math.greatest and math.least, which compare numbers of all kinds.
func (x *expression) extreme(e *celfront.Expr) *ir.Expr {
	args := x.all(e.Args)
	dyn := map[string]string{"math.@max": "dyn_max", "math.@min": "dyn_min"}[e.Name]
	call := func(name string, t *types.Type, args ...*ir.Expr) *ir.Expr {
		return &ir.Expr{Op: "call", Name: name, Type: t, Args: args, Span: e.Span}
	}
	if len(args) > 2 {
		list := &ir.Expr{Op: "list", Type: types.ListOf(args[0].Type), Args: args, Span: e.Span}
		for _, a := range args {
			list.Type.Elem = joinTypes(list.Type.Elem, a.Type)
		}
		for i, a := range args {
			list.Args[i] = x.cast(a, list.Type.Elem)
		}
		args = []*ir.Expr{list}
	}
	if len(args) == 2 {
		if number(args[0].Type) && number(args[1].Type) {
			return x.overloaded(e, args)
		}
		return call(dyn, types.DynType, x.dyn(args[0]), x.dyn(args[1]))
	}
	arg := args[0]
	switch {
	case number(arg.Type):
		return arg
	case arg.Type.Kind == types.List && number(arg.Type.Elem):
		return call("math_"+e.Name[len("math."):]+"_list_"+arg.Type.Elem.String(), arg.Type.Elem, arg)
	case arg.Type.Kind == types.List:
		return call(dyn+"_list", types.DynType, x.cast(arg, types.ListOf(types.DynType)))
	}
	return x.bind(arg, func(read func() *ir.Expr) *ir.Expr { // a number, or a list of them
		list := types.ListOf(types.DynType)
		is := &ir.Expr{Op: "is", Type: types.BoolType, Of: list, Args: []*ir.Expr{x.dyn(read())}, Span: e.Span}
		// NaN has no order, and is yet its own extreme when it is alone.
		double := &ir.Expr{Op: "is", Type: types.BoolType, Of: types.DoubleType, Args: []*ir.Expr{x.dyn(read())}, Span: e.Span}
		one := &ir.Expr{Op: "if", Type: types.DynType, Span: e.Span,
			Args: []*ir.Expr{double, x.dyn(read()), call(dyn, types.DynType, x.dyn(read()), x.dyn(read()))}}
		return &ir.Expr{Op: "if", Type: types.DynType, Span: e.Span,
			Args: []*ir.Expr{is, call(dyn+"_list", types.DynType, x.cast(x.dyn(read()), list)), one}}
	})
}

func number(t *types.Type) bool {
	return t.Kind == types.Int || t.Kind == types.Uint || t.Kind == types.Double
}

// sort is list.sort(): of elements of one kind, which may be known only at run
// time.
func (x *expression) sort(e *celfront.Expr) *ir.Expr {
	list := x.lower(e.Args[0])
	if list.Type.Kind == types.Dyn || list.Type.Elem.Kind == types.Dyn {
		t := types.ListOf(types.DynType)
		return &ir.Expr{Op: "call", Name: "dyn_sort", Type: t, Args: []*ir.Expr{x.cast(list, t)}, Span: e.Span}
	}
	return x.overloaded(e, []*ir.Expr{list})
}

// flatten is list.flatten(): elements that are no lists stay as they are.
func (x *expression) flatten(e *celfront.Expr) *ir.Expr {
	list := x.lower(e.Args[0])
	if list.Type.Kind == types.List && list.Type.Elem.Kind == types.List {
		return x.overloaded(e, []*ir.Expr{list})
	}
	one := &ir.Expr{Op: "const", Type: types.IntType, Value: int64(1), Span: e.Span}
	return x.apply(e, "list_flatten_int", []*ir.Expr{x.cast(list, types.ListOf(types.DynType)), one})
}
