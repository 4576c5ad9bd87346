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
	if !t.Equal(u) { // an int and a uint; doubles are in fallible
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
	case e.Op == "to-double":
		return Float64().Call(a)
	}
	return a
}

// flipped is a comparison with its sides exchanged.
var flipped = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<="}

// compareDoubles writes an ordering that fails for NaN: a call that returns how
// the sides compare, and the sign to compare that with 0 by.
func compareDoubles(e *ir.Expr, a []*Statement) (call *Statement, op string) {
	op = string(e.Op)
	t, u := e.Args[0].Type.Kind, e.Args[1].Type.Kind
	if t == types.Double && u != types.Double {
		a[0], a[1], op, t = a[1], a[0], flipped[op], u
	}
	name := map[types.Kind]string{types.Double: "OrderDoubles", types.Int: "OrderIntDouble", types.Uint: "OrderUintDouble"}[t]
	return Qual(evalPkg, name).Call(a[0], a[1]), op
}
