package lower

import (
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// call lowers a call of a function or an operator.
func (x *expression) call(e *celfront.Expr) *ir.Expr {
	if strings.HasPrefix(e.Overload, "let_") {
		return x.letCall(e)
	}
	if out := x.requestCall(e); out != nil {
		return out
	}
	switch e.Name {
	case "_&&_", "_||_", "!_", "_?_:_":
		return x.logic(e)
	case "_==_", "_!=_":
		return x.equality(e)
	case "_<_", "_<=_", "_>_", "_>=_":
		return x.ordering(e)
	case "_+_", "_-_", "_*_", "_/_", "_%_", "-_":
		return x.arithmetic(e)
	case "@in", "_in_", "in":
		return x.membership(e)
	case "_[_]", "_[?_]", "_?._":
		return x.index(e)
	case "size":
		return x.size(e)
	case "dyn":
		return x.dyn(x.lower(e.Args[0]))
	case "type":
		return x.typeOf(e)
	case "cel.@block":
		return x.block(e)
	case "math.@max", "math.@min":
		return x.extreme(e)
	case "math.greatest", "math.least": // a macro whose record is a call
		return x.macro(e)
	case "sort":
		return x.sort(e)
	case "flatten":
		if len(e.Args) == 1 {
			return x.flatten(e)
		}
	case "optional.of", "optional.none", "optional.ofNonZeroValue", "orValue", "or", "value":
		return x.optionalCall(e)
	case "hasValue":
		if len(e.Args) == 1 {
			return x.optionalCall(e)
		}
	}
	return x.overloaded(e, x.all(e.Args))
}

// letCall calls a let with parameters.
func (x *expression) letCall(e *celfront.Expr) *ir.Expr {
	out := &ir.Expr{Op: "let", Type: e.Type, Name: e.Name, Span: e.Span}
	for i, a := range e.Args {
		arg := x.lower(a)
		for _, l := range x.Bundle.Lets {
			if l.Name == e.Name {
				arg = x.cast(arg, l.Params[i].Type)
			}
		}
		out.Args = append(out.Args, arg)
	}
	return out
}

// requestCall lowers moe's own functions; nil for others.
func (x *expression) requestCall(e *celfront.Expr) *ir.Expr {
	out := &ir.Expr{Type: e.Type, Span: e.Span}
	switch e.Overload {
	case "header":
		return x.header(out, strings.ToLower(e.Args[0].Value.(string)))
	case "header_values":
		out.Op, out.Index = "header-values", slot(&x.Headers, strings.ToLower(e.Args[0].Value.(string)))
	case "query":
		out.Op, out.Index = "query", slot(&x.Queries, e.Args[0].Value.(string))
	case "query_values":
		out.Op, out.Name = "query-values", e.Args[0].Value.(string)
		out.Index = slot(&x.Lists, out.Name)
	case "cookie":
		out.Op, out.Index = "cookie", slot(&x.Cookies, e.Args[0].Value.(string))
	case "in_cidr_string", "in_cidr_list", "in_cidr_string in_cidr_list":
		return x.inCIDR(e, out)
	default:
		return nil
	}
	return out
}

// overloaded calls one of the overloads that cel-go's checker leaves open: the
// only one, or the one that fits the values at run time.
func (x *expression) overloaded(e *celfront.Expr, args []*ir.Expr) *ir.Expr {
	var ids []string
	for _, id := range strings.Fields(e.Overload) {
		if params, _, ok := celfront.Signature(id); ok && len(params) == len(args) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 1 {
		return x.apply(e, ids[0], args)
	}
	if len(ids) == 0 {
		return x.notYet(e, "the function "+e.Name)
	}
	return x.bindAll(args, nil, func(args []*ir.Expr) *ir.Expr { return x.dispatch(e, ids, args) })
}

// bindAll gives every argument a name, so that it is evaluated once.
func (x *expression) bindAll(args, bound []*ir.Expr, body func([]*ir.Expr) *ir.Expr) *ir.Expr {
	if len(args) == 0 {
		return body(bound)
	}
	return x.bind(args[0], func(read func() *ir.Expr) *ir.Expr {
		return x.bindAll(args[1:], append(bound[:len(bound):len(bound)], read()), body)
	})
}

// dispatch asks for the kinds of the dyn arguments until an overload fits.
func (x *expression) dispatch(e *celfront.Expr, ids []string, args []*ir.Expr) *ir.Expr {
	out := x.noOverload(e)
	for i := len(ids) - 1; i >= 0; i-- {
		params, _, _ := celfront.Signature(ids[i])
		var fits *ir.Expr
		for k, p := range params {
			if args[k].Type.Kind != types.Dyn || p.Kind == types.Dyn || p.Kind == types.Param {
				continue
			}
			is := &ir.Expr{Op: "is", Type: types.BoolType, Of: (substitution{}).apply(p), Args: []*ir.Expr{args[k]}, Span: e.Span}
			if fits == nil {
				fits = is
			} else {
				fits = &ir.Expr{Op: "and", Type: types.BoolType, Args: []*ir.Expr{fits, is}, Span: e.Span}
			}
		}
		call := x.cast(x.apply(e, ids[i], args), e.Type)
		if fits == nil {
			out = call
			continue
		}
		out = &ir.Expr{Op: "if", Type: e.Type, Args: []*ir.Expr{fits, call, out}, Span: e.Span}
	}
	return out
}

func (x *expression) noOverload(e *celfront.Expr) *ir.Expr {
	return &ir.Expr{Op: "fail", Type: e.Type, Name: "NoOverload", Span: e.Span}
}

// apply calls one overload.
func (x *expression) apply(e *celfront.Expr, id string, args []*ir.Expr) *ir.Expr {
	params, result, ok := celfront.Signature(id)
	if !ok {
		return x.notYet(e, "the function "+e.Name)
	}
	out := &ir.Expr{Span: e.Span}
	out.Args, out.Type = x.fit(params, result, args)
	if zoned, ok := x.zoned(e, id, out); ok {
		return zoned
	}
	switch id {
	case "matches", "matches_string":
		if pattern, ok := out.Args[1].Value.(string); ok && out.Args[1].Op == "const" {
			out.Op, out.Value, out.Args = "matches", pattern, out.Args[:1]
			return out
		}
	case "string_to_duration", "string_to_timestamp":
		if c := x.timeConstant(e, out); c != nil {
			return c
		}
	}
	if from, to, ok := strings.Cut(id, "_to_"); ok && from == to {
		return out.Args[0]
	}
	if op, ok := overloadOps[id]; ok {
		out.Op = op
		return out
	}
	if _, ok := ir.Functions[id]; ok {
		out.Op, out.Name = "call", id
		return out
	}
	return x.notYet(e, "the function "+e.Name)
}

// overloadOps are the overloads that are operations of the IR.
var overloadOps = map[string]ir.Op{
	"contains_string": "contains", "starts_with_string": "starts-with", "ends_with_string": "ends-with",
	"string_to_int64": "to-int", "uint64_to_int64": "to-int", "double_to_int64": "to-int", "timestamp_to_int64": "to-int", "duration_to_int64": "to-int",
	"string_to_uint64": "to-uint", "int64_to_uint64": "to-uint", "double_to_uint64": "to-uint",
	"string_to_double": "to-double", "int64_to_double": "to-double", "uint64_to_double": "to-double",
	"string_to_bool":  "to-bool",
	"int64_to_string": "to-string", "uint64_to_string": "to-string", "double_to_string": "to-string", "bool_to_string": "to-string",
	"string_to_duration": "to-duration", "string_to_timestamp": "to-timestamp",
	"int_or_string_int": "int-or",
}
