// Package celfront is the only door to cel-go's parser and checker: CEL text
// from a policy goes in, a typed tree of our own comes out, with every place
// mapped back into the policy file.
//
// It knows which functions moe adds to CEL, and nothing of routes or rules.
package celfront

import (
	"sync"

	"cel.dev/cel-go/cel"
	celtypes "cel.dev/cel-go/common/types"
	"cel.dev/cel-go/ext"

	"moec.dev/moec/compiler/types"
)

// Limits on one expression, so that no input makes the checker explode.
const (
	maxExpressionBytes = 32 << 10
	maxRecursion       = 64
	maxProblems        = 20 // that are told of one expression
)

// Variable is a name that an expression may read. The name may be dotted.
type Variable struct {
	Name string
	Type *types.Type
}

// Function is a let with parameters.
type Function struct {
	Name   string
	Params []*types.Type
	Result *types.Type
}

// Env is a set of names. It is safe for concurrent use.
type Env struct {
	env   *cel.Env
	vars  map[string]*types.Type
	funcs map[string]Function
}

var base = sync.OnceValues(func() (*cel.Env, error) {
	opts := []cel.EnvOption{
		cel.OptionalTypes(),
		ext.Strings(), ext.Math(), ext.Sets(), ext.Lists(), ext.Encoders(),
		ext.Bindings(), ext.Network(), ext.TwoVarComprehensions(),
		cel.EnableMacroCallTracking(),
		cel.CrossTypeNumericComparisons(true),
		cel.DefaultUTCTimeZone(true),
		cel.ParserRecursionLimit(maxRecursion),
		cel.ParserExpressionSizeLimit(maxExpressionBytes),
		cel.Variable(RequestVar, requestType),
	}
	return cel.NewCustomEnv(append([]cel.EnvOption{cel.StdLib()}, append(opts, builtins()...)...)...)
})

// NewEnv returns the environment with moe's own functions and the given names.
func NewEnv(vars []Variable, funcs []Function) (*Env, error) {
	b, err := base()
	if err != nil {
		return nil, err
	}
	e := &Env{vars: map[string]*types.Type{}, funcs: map[string]Function{}}
	var opts []cel.EnvOption
	for _, v := range vars {
		e.vars[v.Name] = v.Type
		opts = append(opts, cel.Variable(v.Name, toCEL(v.Type)))
	}
	for _, f := range funcs {
		e.funcs[f.Name] = f
		opts = append(opts, letFunction(f)...)
	}
	e.env, err = b.Extend(opts...)
	return e, err
}

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
	default:
		return cel.DynType
	}
}

func fromCEL(t *cel.Type) *types.Type {
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
		return types.ListOf(fromCEL(t.Parameters()[0]))
	case celtypes.MapKind:
		return types.MapOf(fromCEL(t.Parameters()[0]), fromCEL(t.Parameters()[1]))
	case celtypes.TypeKind:
		return &types.Type{Kind: types.TypeOf}
	case celtypes.DynKind, celtypes.AnyKind, celtypes.TypeParamKind:
		return types.DynType
	case celtypes.OpaqueKind:
		if t.TypeName() == "optional_type" {
			return types.OptionalOf(fromCEL(t.Parameters()[0]))
		}
	}
	return &types.Type{Kind: types.Other}
}
