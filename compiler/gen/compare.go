package gen

import (
	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// compare writes a comparison of two values of one type, or of two kinds of
// number.
func (w *writer) compare(e *ir.Expr, a []*Statement) *Statement {
	op := string(e.Op)
	t, u := e.Args[0].Type, e.Args[1].Type
	switch { // mixed numbers compare as doubles if one of them is
	case t.Equal(u):
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
	switch t.Kind {
	case types.Timestamp:
		switch op {
		case "==":
			return a[0].Dot("Equal").Call(a[1])
		case "!=":
			return Op("!").Add(a[0]).Dot("Equal").Call(a[1])
		}
		return Parens(a[0].Dot("Compare").Call(a[1]).Op(op).Lit(0))
	case types.List:
		eq := Qual("slices", "Equal").Call(a[0], a[1])
		if op == "!=" {
			return Op("!").Add(eq)
		}
		return eq
	case types.Bool:
		if op != "==" && op != "!=" {
			return Parens(Qual(evalPkg, "Rank").Call(a[0]).Op(op).Qual(evalPkg, "Rank").Call(a[1]))
		}
	}
	return Parens(a[0].Op(op).Add(a[1]))
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
