package celfront

import (
	"sync"

	"cel.dev/cel-go/cel"
	celtypes "cel.dev/cel-go/common/types"
	"cel.dev/cel-go/ext"

	"moec.dev/moec/compiler/types"
)

func toCEL(t *types.Type) *cel.Type {
	switch t.Kind {
	case types.Bool:
		return cel.BoolType
	case types.Int:
		return cel.IntType
	case types.Uint:
		return cel.UintType
	case types.Double:
		return cel.DoubleType
	case types.String:
		return cel.StringType
	case types.Bytes:
		return cel.BytesType
	case types.Duration:
		return cel.DurationType
	case types.Timestamp:
		return cel.TimestampType
	case types.Null:
		return cel.NullType
	case types.List:
		return cel.ListType(toCEL(t.Elem))
	case types.Map:
		return cel.MapType(toCEL(t.Key), toCEL(t.Elem))
	case types.Optional:
		return cel.OptionalType(toCEL(t.Elem))
	case types.TypeOf:
		return cel.TypeType
	case types.IP:
		return ext.IPType
	case types.CIDR:
		return ext.CIDRType
	case types.Param:
		return cel.TypeParamType(t.Name)
	case types.Record:
		return recordType(t)
	default:
		return cel.DynType
	}
}

// fromCEL converts the type of a value. What is known of it only at run time,
// is dyn.
func fromCEL(t *cel.Type) *types.Type {
	return convert(t, func(string) *types.Type { return types.DynType })
}

// convert gives the name of each type parameter to param.
func convert(t *cel.Type, param func(string) *types.Type) *types.Type {
	if t == nil {
		return types.DynType
	}
	switch t.Kind() {
	case celtypes.BoolKind:
		return types.BoolType
	case celtypes.IntKind:
		return types.IntType
	case celtypes.UintKind:
		return types.UintType
	case celtypes.DoubleKind:
		return types.DoubleType
	case celtypes.StringKind:
		return types.StringType
	case celtypes.BytesKind:
		return types.BytesType
	case celtypes.DurationKind:
		return types.DurationType
	case celtypes.TimestampKind:
		return types.TimestampType
	case celtypes.NullTypeKind:
		return types.NullType
	case celtypes.ListKind:
		return types.ListOf(convert(t.Parameters()[0], param))
	case celtypes.MapKind:
		key := convert(t.Parameters()[0], param)
		switch key.Kind {
		case types.Bool, types.Int, types.Uint, types.String, types.Param:
		default: // nothing can be found under others; the checker only infers them
			key = types.DynType
		}
		return types.MapOf(key, convert(t.Parameters()[1], param))
	case celtypes.TypeKind:
		return types.TypeType
	case celtypes.TypeParamKind:
		return param(t.TypeName())
	case celtypes.DynKind, celtypes.AnyKind:
		return types.DynType
	case celtypes.StructKind:
		if r := recordNamed(t.TypeName()); r != nil {
			return r
		}
	case celtypes.OpaqueKind:
		switch {
		case t.TypeName() == "optional_type":
			return types.OptionalOf(convert(t.Parameters()[0], param))
		case t.IsExactType(ext.IPType):
			return types.IPType
		case t.IsExactType(ext.CIDRType):
			return types.CIDRType
		}
	}
	return &types.Type{Kind: types.Other}
}

// signatures are the declared functions of CEL, its extensions and moe, by
// overload.
var signatures = sync.OnceValue(func() map[string]signed {
	all := map[string]signed{}
	b, err := base()
	if err != nil {
		return all
	}
	for _, f := range b.Functions() {
		for _, o := range f.OverloadDecls() {
			var s signed
			for _, p := range o.ArgTypes() {
				if p.TypeName() != requestType.TypeName() {
					s.params = append(s.params, convert(p, types.ParamOf))
				}
			}
			s.result = convert(o.ResultType(), types.ParamOf)
			all[o.ID()] = s
		}
	}
	return all
})

type signed struct {
	params []*types.Type
	result *types.Type
}

// Signature returns the declared types of one of cel-go's overloads, the
// receiver first; ok is false for one that does not exist. Type parameters are
// of kind Param: those with one name are one type. Lets are not among the
// overloads, and the request that moe's own functions read is no parameter.
func Signature(overload string) (params []*types.Type, result *types.Type, ok bool) {
	s, ok := signatures()[overload]
	return s.params, s.result, ok
}
