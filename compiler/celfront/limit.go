package celfront

import (
	"fmt"

	celast "cel.dev/cel-go/common/ast"
	celtypes "cel.dev/cel-go/common/types"
)

// Limits that keep the work on an expression in proportion to its length: the
// estimate of what it costs doubles with every name that is bound inside
// another, and a type with every map whose keys and values have it.
const (
	maxMacros   = 24  // that loop or bind, inside each other
	maxBindings = 12  // of those, that bind one name to one value
	maxType     = 500 // types in a type
)

// nestedTooDeep says which limit a parsed expression breaks, or "".
func nestedTooDeep(e celast.Expr) string { return nested(e, 0, 0) }

func nested(e celast.Expr, macros, bindings int) string {
	within := func(macros, bindings int, below ...celast.Expr) string {
		for _, b := range below {
			if why := nested(b, macros, bindings); why != "" {
				return why
			}
		}
		return ""
	}
	switch e.Kind() {
	case celast.SelectKind:
		return nested(e.AsSelect().Operand(), macros, bindings)
	case celast.CallKind:
		if c := e.AsCall(); c.IsMemberFunction() {
			if why := nested(c.Target(), macros, bindings); why != "" {
				return why
			}
		}
		return within(macros, bindings, e.AsCall().Args()...)
	case celast.ListKind:
		return within(macros, bindings, e.AsList().Elements()...)
	case celast.MapKind:
		for _, entry := range e.AsMap().Entries() {
			if why := within(macros, bindings, entry.AsMapEntry().Key(), entry.AsMapEntry().Value()); why != "" {
				return why
			}
		}
	case celast.StructKind:
		for _, f := range e.AsStruct().Fields() {
			if why := nested(f.AsStructField().Value(), macros, bindings); why != "" {
				return why
			}
		}
	case celast.ComprehensionKind:
		c := e.AsComprehension()
		if c.IterRange().Kind() == celast.ListKind && c.IterRange().AsList().Size() == 0 {
			if bindings++; bindings > maxBindings {
				return fmt.Sprintf("more than %d names are bound inside each other", maxBindings)
			}
		}
		if macros++; macros > maxMacros {
			return fmt.Sprintf("more than %d macros stand inside each other", maxMacros)
		}
		return within(macros, bindings, c.IterRange(), c.AccuInit(), c.LoopCondition(), c.LoopStep(), c.Result())
	}
	return ""
}

// isLarge reports whether a type has more than maxType types in it.
func isLarge(t *celtypes.Type) bool {
	left := maxType
	return countTypes(t, &left)
}

func countTypes(t *celtypes.Type, left *int) bool {
	if *left--; *left < 0 {
		return true
	}
	for _, p := range t.Parameters() {
		if countTypes(p, left) {
			return true
		}
	}
	return false
}
