package lower

import (
	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// loops are the macros that go over a list or a map, with the IR operation and
// whether their last but one argument may be a condition.
var loops = map[string]ir.Op{
	"all": "all", "exists": "exists", "exists_one": "exists-one", "existsOne": "exists-one",
	"filter": "filter", "map": "map", "transformList": "map",
	"transformMap": "transform-map", "transformMapEntry": "transform-entry",
}

func (x *expression) macro(e *celfront.Expr) *ir.Expr {
	if op, ok := loops[e.Name]; ok {
		return x.loop(e, op)
	}
	switch e.Name {
	case "cel.bind":
		return x.celBind(e)
	case "optMap", "optFlatMap":
		return x.optMap(e)
	case "sortBy":
		return x.sortBy(e)
	case "math.greatest", "math.least":
		c := *e
		c.Op, c.Name = celfront.Call, map[string]string{"math.greatest": "math.@max", "math.least": "math.@min"}[e.Name]
		return x.extreme(&c)
	}
	return x.notYet(e, "the macro "+e.Name)
}

// loop lowers a macro over a list or a map.
func (x *expression) loop(e *celfront.Expr, op ir.Op) *ir.Expr {
	out := &ir.Expr{Op: op, Span: e.Span}
	over := x.iterable(e, len(e.Vars))
	var kinds []*types.Type
	switch t := over.Type; {
	case t.Kind == types.List && len(e.Vars) == 1:
		kinds = []*types.Type{t.Elem}
	case t.Kind == types.List:
		kinds = []*types.Type{types.IntType, t.Elem}
	default:
		kinds = []*types.Type{t.Key, t.Elem}[:len(e.Vars)]
	}
	out.Args = []*ir.Expr{over}
	bodies := e.Args[1:]
	out.Vars = x.with(e.Vars, kinds, false, func() {
		for i, b := range bodies {
			body := x.lower(b)
			if i == 0 && (len(bodies) == 2 || op == "all" || op == "exists" || op == "exists-one" || op == "filter") {
				body = x.cast(body, types.BoolType)
			}
			out.Args = append(out.Args, body)
		}
	})
	body := out.Args[len(out.Args)-1]
	switch op {
	case "all", "exists", "exists-one":
		out.Type = types.BoolType
	case "filter":
		out.Type = types.ListOf(kinds[0])
	case "map":
		out.Type = types.ListOf(body.Type)
		if e.Type.Kind == types.List && ir.Boxes(body.Type, e.Type.Elem) {
			out.Type = e.Type
			out.Args[len(out.Args)-1] = x.cast(body, e.Type.Elem)
		}
	case "transform-map":
		key := types.IntType
		if over.Type.Kind == types.Map {
			key = over.Type.Key
		}
		out.Type = types.MapOf(key, body.Type)
	case "transform-entry":
		out.Type = body.Type
	}
	return out
}

// iterable lowers what a macro goes over: a list or a map, also where that is
// found out at run time.
func (x *expression) iterable(e *celfront.Expr, names int) *ir.Expr {
	over := x.lower(e.Args[0])
	if over.Type.Kind != types.Dyn {
		return over
	}
	if names == 1 {
		return &ir.Expr{Op: "call", Name: "dyn_elements", Type: types.ListOf(types.DynType), Args: []*ir.Expr{over}, Span: over.Span}
	}
	return &ir.Expr{Op: "call", Name: "dyn_entries", Type: types.MapOf(types.DynType, types.DynType), Args: []*ir.Expr{over}, Span: over.Span}
}

// celBind is cel.bind(name, value, body): the value is evaluated once, if it is
// read at all.
func (x *expression) celBind(e *celfront.Expr) *ir.Expr {
	value := x.lower(e.Args[0])
	lazy := value.Fails(x.Bundle.FailingLets())
	out := &ir.Expr{Op: bindOp(lazy), Span: e.Span}
	var body *ir.Expr
	out.Vars = x.with(e.Vars, []*types.Type{value.Type}, lazy, func() { body = x.lower(e.Args[1]) })
	out.Args, out.Type = []*ir.Expr{value, body}, body.Type
	return out
}

// block is cel.@block([a, b, ...], body), where body and later elements read
// earlier ones as @index0, @index1 and so on.
func (x *expression) block(e *celfront.Expr) *ir.Expr {
	var nest func(i int) *ir.Expr
	nest = func(i int) *ir.Expr {
		if i == len(e.Args[0].Args) {
			return x.lower(e.Args[1])
		}
		value := x.lower(e.Args[0].Args[i])
		lazy := value.Fails(x.Bundle.FailingLets())
		out := &ir.Expr{Op: bindOp(lazy), Span: e.Span}
		var body *ir.Expr
		out.Vars = x.with([]string{"@index" + digits(i)}, []*types.Type{value.Type}, lazy, func() { body = nest(i + 1) })
		out.Args, out.Type = []*ir.Expr{value, body}, body.Type
		return out
	}
	return nest(0)
}

func digits(i int) string {
	if i < 10 {
		return string(rune('0' + i))
	}
	return digits(i/10) + digits(i%10)
}

// sortBy is list.sortBy(v, key): the elements in the order of their keys.
func (x *expression) sortBy(e *celfront.Expr) *ir.Expr {
	list := x.lower(e.Args[0])
	if list.Type.Kind == types.Dyn {
		list = x.cast(list, types.ListOf(types.DynType))
	}
	if list.Type.Kind != types.List {
		return x.notYet(e, "sortBy over a "+list.Type.String())
	}
	return x.bind(list, func(read func() *ir.Expr) *ir.Expr {
		keys := &ir.Expr{Op: "map", Span: e.Span}
		var key *ir.Expr
		keys.Vars = x.with(e.Vars, []*types.Type{list.Type.Elem}, false, func() { key = x.lower(e.Args[1]) })
		keys.Args, keys.Type = []*ir.Expr{read(), key}, types.ListOf(key.Type)
		if key.Type.Kind == types.Dyn {
			return &ir.Expr{Op: "call", Name: "dyn_sort_by", Type: list.Type, Args: []*ir.Expr{read(), keys}, Span: e.Span}
		}
		id, ok := sortedBy[key.Type.Kind]
		if !ok {
			return x.notYet(e, "sorting by a "+key.Type.String())
		}
		return x.apply(e, id, []*ir.Expr{read(), keys})
	})
}

// sortedBy are the overloads by the keys' type.
var sortedBy = map[types.Kind]string{
	types.Bool: "list_bool_sortByAssociatedKeys", types.Bytes: "list_bytes_sortByAssociatedKeys",
	types.Double: "list_double_sortByAssociatedKeys", types.Int: "list_int_sortByAssociatedKeys",
	types.String: "list_string_sortByAssociatedKeys", types.Uint: "list_uint_sortByAssociatedKeys",
	types.Duration:  "list_google.protobuf.Duration_sortByAssociatedKeys",
	types.Timestamp: "list_google.protobuf.Timestamp_sortByAssociatedKeys",
}
