package interp

import (
	"fmt"

	celtypes "cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"moec.dev/moec/compiler/types"
)

// claimValue converts a claim (see resolve.Key.Claims) to the type under which
// an expression reads it.
func claimValue(claim any, want *types.Type) (ref.Val, error) {
	if want.Kind == types.Optional {
		if claim == nil {
			return celtypes.OptionalNone, nil
		}
		v, err := claimValue(claim, want.Elem)
		if err != nil {
			return nil, err
		}
		return celtypes.OptionalOf(v), nil
	}
	switch v := claim.(type) {
	case nil:
		return zero(want)
	case string, int64, uint64, float64, bool, []string:
		return celtypes.DefaultTypeAdapter.NativeToValue(v), nil
	}
	return nil, fmt.Errorf("a claim of type %T is not known to the interpreter", claim)
}

// zero is what an anonymous client has in place of a value.
func zero(t *types.Type) (ref.Val, error) {
	switch t.Kind {
	case types.Bool:
		return celtypes.False, nil
	case types.Int:
		return celtypes.IntZero, nil
	case types.Uint:
		return celtypes.Uint(0), nil
	case types.Double:
		return celtypes.Double(0), nil
	case types.String:
		return celtypes.String(""), nil
	case types.List:
		return celtypes.NewStringList(celtypes.DefaultTypeAdapter, nil), nil
	case types.Optional:
		return celtypes.OptionalNone, nil
	}
	return nil, fmt.Errorf("there is no empty %s", t)
}
