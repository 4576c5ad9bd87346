package celfront

import (
	"fmt"

	celast "cel.dev/cel-go/common/ast"
	celtypes "cel.dev/cel-go/common/types"

	"moec.dev/moec/compiler/types"
)

// Limits that keep the work on an expression in proportion to its length: the
// estimate of what it costs doubles with every name that is bound inside
// another, and so can a type: that of {a: a} is twice that of a.
const (
	maxMacros = 10  // that loop or bind, inside each other
	maxType   = 300 // types in a type
)

// limits walks an expression before its types are looked for. It finds how
// large they can be from what is written.
type limits struct {
	vars  map[string]*types.Type
	bound map[string][]int // the sizes of the types of bound names
	why   string           // the first limit that is broken
}

// exceeds says which limit a parsed expression breaks, or "".
func exceeds(e celast.Expr, vars map[string]*types.Type) string {
	l := &limits{vars: vars, bound: map[string][]int{}}
	l.size(e, 0)
	return l.why
}

// size bounds the number of types in the type of an expression that stands in
// so many macros.
func (l *limits) size(e celast.Expr, macros int) int {
	if l.why != "" {
		return 0
	}
	n := 1
	largest := func(below ...celast.Expr) (most int) {
		for _, b := range below {
			most = max(most, l.size(b, macros))
		}
		return most
	}
	switch e.Kind() {
	case celast.IdentKind:
		n = l.name(e.AsIdent())
	case celast.SelectKind:
		n = max(4, largest(e.AsSelect().Operand())) // an attribute, or a field
	case celast.CallKind:
		c := e.AsCall()
		n = largest(c.Args()...)
		if c.IsMemberFunction() {
			n = max(n, l.size(c.Target(), macros))
		}
		n++
		if c.FunctionName() == "cel.@mapInsert" { // of a map, a key and a value
			for _, a := range c.Args()[1:] {
				n += l.size(a, macros)
			}
		}
	case celast.ListKind:
		n += largest(e.AsList().Elements()...)
	case celast.MapKind:
		key, value := 0, 0
		for _, entry := range e.AsMap().Entries() {
			m := entry.AsMapEntry()
			key, value = max(key, largest(m.Key())), max(value, largest(m.Value()))
		}
		n += key + value
	case celast.StructKind:
		for _, f := range e.AsStruct().Fields() {
			n = max(n, largest(f.AsStructField().Value()))
		}
	case celast.ComprehensionKind:
		n = l.macro(e.AsComprehension(), macros)
	}
	if n > maxType {
		l.broken("a value in this expression has a type of more than %d parts", maxType)
	}
	return n
}

func (l *limits) macro(c celast.ComprehensionExpr, macros int) int {
	if macros == maxMacros {
		l.broken("more than %d names are bound inside each other", maxMacros)
	}
	elem, value := l.size(c.IterRange(), macros), l.size(c.AccuInit(), macros)
	names := []string{c.IterVar(), c.IterVar2(), c.AccuVar()}
	for i, n := range names {
		l.bound[n] = append(l.bound[n], []int{elem, elem, value}[i])
	}
	macros++
	step := max(l.size(c.LoopCondition(), macros), l.size(c.LoopStep(), macros))
	l.bound[c.AccuVar()][len(l.bound[c.AccuVar()])-1] = max(value, step)
	n := l.size(c.Result(), macros)
	for _, name := range names {
		l.bound[name] = l.bound[name][:len(l.bound[name])-1]
	}
	return n
}

func (l *limits) name(name string) int {
	if sizes := l.bound[name]; len(sizes) > 0 {
		return sizes[len(sizes)-1]
	}
	if t, ok := l.vars[name]; ok {
		return parts(t)
	}
	return 1 // a namespace, or a name that does not exist
}

func (l *limits) broken(format string, args ...any) {
	if l.why == "" {
		l.why = fmt.Sprintf(format, args...)
	}
}

// parts is the number of types in a type.
func parts(t *types.Type) int {
	if t == nil {
		return 0
	}
	n := 1 + parts(t.Key) + parts(t.Elem)
	for _, f := range t.Fields {
		n += parts(f.Type)
	}
	return n
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
