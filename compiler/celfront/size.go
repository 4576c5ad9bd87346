package celfront

import (
	"cel.dev/cel-go/common/cost"
	celtypes "cel.dev/cel-go/common/types"

	"moec.dev/moec/compiler/types"
)

// Size bounds a value from above: the bytes of a text, the elements of a list,
// the entries of a map; 1 for all else.
type Size struct {
	Length    uint64
	Key, Elem *Size
}

// estimate is the size as cel-go's estimator takes it.
func (s Size) estimate() *cost.SizeEstimate {
	out := upTo(s.Length)
	if s.Elem != nil {
		out.Elem = s.Elem.estimate()
	}
	if s.Key != nil {
		out.Key = s.Key.estimate()
	}
	return out
}

// sizeOf converts the estimated size of a value, its elements counted.
func sizeOf(t *types.Type, e cost.SizeEstimate) Size {
	s := Size{Length: e.Max}
	switch t.Kind {
	case types.Optional: // one more than its value
		if e.Elem != nil {
			return sizeOf(t.Elem, *e.Elem)
		}
		s.Length = cost.SafeSubtract(s.Length, 1)
	case types.List, types.Map:
		unknown := Size{Length: Unbounded}
		s.Elem = &unknown
		if e.Elem != nil {
			elem := sizeOf(t.Elem, *e.Elem)
			s.Elem = &elem
		}
		if t.Kind == types.Map {
			s.Key = &unknown
			if e.Key != nil {
				key := sizeOf(t.Key, *e.Key)
				s.Key = &key
			}
		}
	case types.String, types.Bytes, types.Dyn:
	default:
		s.Length = 1
	}
	return s
}

// literalSizes is the estimator for trees that read nothing: their sizes stand
// in them, but for what functions make of their arguments.
type literalSizes struct{}

func (literalSizes) EstimateSize(n cost.AstNode) *cost.SizeEstimate {
	switch n.Type().Kind() {
	case celtypes.TypeKind:
		return upTo(1)
	case celtypes.OpaqueKind:
		if len(n.Type().Parameters()) == 0 {
			return upTo(1) // addresses
		}
	}
	return nil
}

func (literalSizes) EstimateCallCost(_, overload string, _ *cost.AstNode, args []cost.AstNode) *cost.CallEstimate {
	if n, ok := writtenSizes[overload]; ok {
		return cost.NewCallEstimate(cost.CallCostEstimate, upTo(n))
	}
	return nil
}

func upTo(n uint64) *cost.SizeEstimate {
	s := cost.RangedSizeEstimate(0, n)
	return &s
}

// writtenSizes are the bytes that the longest value of a type has as text.
var writtenSizes = map[string]uint64{
	"bool_to_string": 5, "int64_to_string": 20, "uint64_to_string": 20, "double_to_string": 24,
	"duration_to_string": 24, "timestamp_to_string": 35,
}
