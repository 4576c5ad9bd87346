package celfront

import (
	"strings"

	"cel.dev/cel-go/common/cost"
	celtypes "cel.dev/cel-go/common/types"
)

// comparisons are priced by all that is compared: cel-go counts the elements of
// lists, whatever is in them.
var comparisons = []cost.Option{
	cost.OverloadCostEstimate("equals", compared),
	cost.OverloadCostEstimate("not_equals", compared),
	cost.OverloadCostEstimate("in_list", func(e cost.Estimator, _ *cost.AstNode, args []cost.AstNode) *cost.CallEstimate {
		list, each := cost.EstimateSize(e, args[1]), total(cost.EstimateSize(e, args[0]))
		if list.Elem != nil {
			each = min(each, total(*list.Elem))
		}
		most := cost.SafeMultiply(list.Max, cost.SafeAdd(1, cost.SafeMultiplyByFactor(each, cost.StringTraversalCostFactor)))
		return cost.NewCallEstimate(cost.Estimate{Min: min(list.Min, 1), Max: most}, nil)
	}),
}

// compared prices == and != of lists, maps and what may be one. All else is
// left to cel-go.
func compared(e cost.Estimator, _ *cost.AstNode, args []cost.AstNode) *cost.CallEstimate {
	a, b := cost.EstimateSize(e, args[0]), cost.EstimateSize(e, args[1])
	if a.Elem == nil && b.Elem == nil && isPlain(args[0].Type()) && isPlain(args[1].Type()) {
		return nil
	}
	return cost.NewCallEstimate(cost.Estimate{Max: cost.SafeAdd(1, min(total(a), total(b)))}, nil)
}

func isPlain(t *celtypes.Type) bool {
	switch t.Kind() {
	case celtypes.ListKind, celtypes.MapKind, celtypes.DynKind, celtypes.OpaqueKind:
		return false
	}
	return true
}

// total bounds all that is in a value together.
func total(s cost.SizeEstimate) uint64 {
	each := uint64(1)
	if s.Elem != nil {
		each = cost.SafeAdd(each, total(*s.Elem))
	}
	if s.Key != nil {
		each = cost.SafeAdd(each, total(*s.Key))
	}
	return cost.SafeMultiply(s.Max, each)
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
		value := s.estimate()
		out := cost.RangedSizeEstimate(1, cost.SafeAdd(1, value.Max))
		out.Elem = value
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
			return cost.NewCallEstimate(cost.Estimate{Min: l.Min, Max: l.Max}.Add(cost.CallCostEstimate), l.Size.estimate())
		}
	}
	if isRequestFunction(overload) {
		if s, ok := p.sizes(overload); ok {
			return cost.NewCallEstimate(cost.CallCostEstimate, s.estimate())
		}
	}
	switch overload {
	case "int_or_string_int":
		return cost.NewCallEstimate(scanned(&args[0]), nil)
	case "string_to_int64", "string_to_uint64", "string_to_double", "string_to_bool", "string_to_duration", "string_to_timestamp":
		return cost.NewCallEstimate(scanned(&args[0]), nil) // the whole text may be digits
	case "string_format":
		if target == nil || len(args) != 1 {
			break
		}
		c := scanned(target)
		if list := args[0].ComputedSize(); list != nil && list.Elem != nil {
			texts := cost.RangedSizeEstimate(0, cost.SafeMultiply(list.Max, list.Elem.Max))
			c.Max = cost.SafeAdd(c.Max, texts.MultiplyByCostFactor(cost.StringTraversalCostFactor).Max)
		}
		return cost.NewCallEstimate(c, nil)
	case "in_cidr_string":
		return cost.NewCallEstimate(scanned(&args[0]), nil)
	case "in_cidr_list":
		c := scanned(&args[0])
		c.Max = cost.SafeAdd(c.Max, scanned(&args[1]).Max)
		return cost.NewCallEstimate(c, nil)
	}
	return p.literalSizes.EstimateCallCost(function, overload, target, args)
}
