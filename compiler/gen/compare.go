package gen

import (
	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// compare writes a comparison of two values of one type, or of two kinds of
// number.
func (w *writer) compare(e *ir.Expr, a []*Statement) *Statement {
	if short := w.compareSize(e); short != nil {
		return short
	}
	op := string(e.Op)
	t, u := e.Args[0].Type, e.Args[1].Type
	switch { // mixed numbers compare as doubles if one of them is
	case t.Kind == u.Kind:
	case t.Kind == types.Double:
		return Parens(a[0].Op(op).Float64().Call(a[1]))
	case u.Kind == types.Double:
		return Parens(Float64().Call(a[0]).Op(op).Add(a[1]))
	default:
		if t.Kind == types.Uint {
			a[0], a[1], op = a[1], a[0], flipped[op]
		}
		return Parens(Qual(evalPkg, "CompareIntUint").Call(a[0], a[1]).Op(op).Lit(0))
	}
	switch {
	case op == "==" && !byOperator(t):
		return Add(w.equal(t)).Call(a[0], a[1])
	case op == "!=" && !byOperator(t):
		return Op("!").Add(w.equal(t)).Call(a[0], a[1])
	case t.Kind == types.Timestamp:
		return Parens(a[0].Dot("Compare").Call(a[1]).Op(op).Lit(0))
	case t.Kind == types.Bool && op != "==" && op != "!=":
		return Parens(Qual(evalPkg, "Rank").Call(a[0]).Op(op).Qual(evalPkg, "Rank").Call(a[1]))
	}
	return Parens(a[0].Op(op).Add(a[1]))
}

// compareSize writes comparisons of a text's size with a constant, which need
// not count to the end; nil for others.
func (w *writer) compareSize(e *ir.Expr) *Statement {
	op, l, r := string(e.Op), e.Args[0], e.Args[1]
	if l.Op == "const" {
		l, r = r, l
		if f, ok := flipped[op]; ok {
			op = f
		}
	}
	n, ok := r.Value.(int64)
	if !ok || r.Op != "const" || l.Op != "size" || l.Args[0].Type.Kind != types.String || n < 0 || n > 1<<30 || w.needsStatements(l) || l.Fails(w.failing) {
		return nil
	}
	switch op {
	case "<":
		op, n = "<=", n-1
	case ">=":
		op, n = ">", n-1
	case "==", "!=":
		if n != 0 {
			return nil
		}
		op = map[string]string{"==": "<=", "!=": ">"}[op]
	}
	text := w.value(l.Args[0])
	switch {
	case n == 0 && op == "<=":
		return Parens(text.Op("==").Lit(""))
	case n == 0:
		return Parens(text.Op("!=").Lit(""))
	case op == "<=":
		return Qual(evalPkg, "SizeAtMost").Call(text, Lit(int(n)))
	}
	return Op("!").Qual(evalPkg, "SizeAtMost").Call(text, Lit(int(n)))
}

// byOperator reports whether Go's == is CEL's for a type.
func byOperator(t *types.Type) bool {
	switch t.Kind {
	case types.Timestamp, types.List, types.Map, types.Optional, types.Dyn, types.Record:
		return false
	}
	return true
}

// equal is CEL's == for a type as a function value.
func (w *writer) equal(t *types.Type) *Statement {
	two := func() *Statement { return Func().Params(List(Id("a"), Id("b")).Add(goType(t))).Bool() }
	name := ""
	switch t.Kind {
	case types.Timestamp:
		return Qual(evalPkg, "EqualTimes")
	case types.Dyn:
		return Qual(evalPkg, "EqualValues")
	case types.Record:
		return two().Block(w.equalRecords(t))
	case types.List:
		name = "EqualLists"
	case types.Optional:
		name = "EqualOptionals"
	case types.Map:
		name = "EqualMaps"
		if t.Key.Kind == types.Dyn {
			name = "EqualMapsDyn"
		}
	default:
		return Qual(evalPkg, "Same").Types(goType(t))
	}
	return two().Block(Return(Qual(evalPkg, name).Call(Id("a"), Id("b"), w.equal(t.Elem))))
}

// order is CEL's order of a type as a function value.
func order(t *types.Type) Code {
	name := words[t.Kind]
	switch t.Kind {
	case types.Timestamp:
		name = "Time"
	case types.Dyn:
		name = "Value"
	}
	return Qual(evalPkg, "Order"+name)
}

// convert writes a conversion that cannot fail; the others are in fallible.
func (w *writer) convert(e *ir.Expr, a *Statement) *Statement {
	from := e.Args[0].Type.Kind
	switch {
	case e.Op == "to-int" && from == types.Timestamp:
		return a.Dot("Unix").Call()
	case e.Op == "to-int" && from == types.Duration: // in nanoseconds
		return Int64().Call(a)
	case e.Op == "to-double":
		return Float64().Call(a)
	}
	return a
}

// flipped is a comparison with its sides exchanged.
var flipped = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<="}
