package gen

import (
	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
)

// bind writes a value that several places read. A lazy one is a function that
// keeps what it has found, its failure too.
func (w *writer) bind(e *ir.Expr, fail failure, out *[]Code) *Statement {
	name, value, body := e.Vars[0], e.Args[0], e.Args[1]
	switch {
	case !body.Reads(name):
	case e.Op == "bind":
		x := w.fallible(value, fail, out)
		*out = append(*out, Var().Id(variable(name)).Add(goType(value.Type)).Op("=").Add(x))
	default:
		m := w.temp()
		*out = append(*out,
			Var().Id(m).Qual(evalPkg, "Memo").Types(goType(value.Type)),
			Id(variable(name)).Op(":=").Func().Params().Params(goType(value.Type), Qual(evalPkg, "Err")).Block(
				If(Op("!").Id(m).Dot("Done")).Block(
					List(Id(m).Dot("Value"), Id(m).Dot("Err")).Op("=").Add(w.closure(value)).Call(),
					Id(m).Dot("Done").Op("=").True(),
				),
				Return(Id(m).Dot("Value"), Id(m).Dot("Err")),
			))
	}
	return w.fallible(body, fail, out)
}
