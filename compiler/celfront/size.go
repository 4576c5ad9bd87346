package celfront

import (
	"strings"

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

// total counts all that is in a value, as cel-go's estimator does: lists and
// maps add one for themselves.
func (s Size) total() cost.SizeEstimate {
	out := cost.RangedSizeEstimate(0, s.Length)
	each := uint64(0)
	if s.Elem != nil {
		elem := s.Elem.total()
		out.Elem, each = &elem, max(elem.Max, 1)
	}
	if s.Key != nil {
		key := s.Key.total()
		out.Key, each = &key, cost.SafeAdd(each, max(key.Max, 1))
	}
	if s.Elem != nil {
		out.Max = cost.SafeAdd(1, cost.SafeMultiply(s.Length, each))
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

// priced is the estimator for what policies write.
type priced struct {
	literalSizes
	sizes Sizes
	calls map[string]*Price
}

// EstimateSize bounds a variable, or what is in one: the path goes from its name
// over fields and the estimator's words for elements.
func (p *priced) EstimateSize(n cost.AstNode) *cost.SizeEstimate {
	path := n.Path()
	if len(path) == 0 {
		return p.literalSizes.EstimateSize(n)
	}
	s, ok := p.sizes(path[0])
	if !ok {
		return p.literalSizes.EstimateSize(n)
	}
	for _, step := range path[1:] {
		inner := s.Elem
		switch step {
		case "@keys":
			inner = s.Key
		case "@indices":
			return upTo(1)
		}
		if inner == nil {
			return nil
		}
		s = *inner
	}
	if n.Type().Kind() == celtypes.OpaqueKind && len(n.Type().Parameters()) == 1 { // an optional is one more than its value
		value := s.total()
		out := cost.RangedSizeEstimate(1, cost.SafeAdd(1, value.Max))
		out.Elem = &value
		return &out
	}
	return upTo(s.Length)
}

// scanned is what going over a text costs.
func scanned(n *cost.AstNode) cost.Estimate {
	size := cost.SizeEstimate{Max: Unbounded}
	if s := (*n).ComputedSize(); s != nil {
		size = *s
	}
	return cost.CallCostEstimate.Add(cost.RangedSizeEstimate(0, size.Max).MultiplyByCostFactor(cost.StringTraversalCostFactor))
}

// EstimateCallCost prices moe's own functions and calls of lets.
func (p *priced) EstimateCallCost(function, overload string, target *cost.AstNode, args []cost.AstNode) *cost.CallEstimate {
	if name, ok := strings.CutPrefix(overload, "let_"); ok {
		if l := p.calls[name]; l != nil {
			size := l.Size.total()
			return cost.NewCallEstimate(cost.Estimate{Min: l.Min, Max: l.Max}.Add(cost.CallCostEstimate), &size)
		}
	}
	if isRequestFunction(overload) {
		if s, ok := p.sizes(overload); ok {
			size := s.total()
			return cost.NewCallEstimate(cost.CallCostEstimate, &size)
		}
	}
	switch overload {
	case "int_or_string_int":
		return cost.NewCallEstimate(scanned(&args[0]), nil)
	case "in_cidr_string":
		return cost.NewCallEstimate(scanned(&args[0]), nil)
	case "in_cidr_list":
		c := scanned(&args[0])
		c.Max = cost.SafeAdd(c.Max, scanned(&args[1]).Max)
		return cost.NewCallEstimate(c, nil)
	}
	return p.literalSizes.EstimateCallCost(function, overload, target, args)
}
