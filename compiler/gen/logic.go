package gen

import (
	"fmt"

	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
)

// logic writes && and || as statements, for operands that are statements
// themselves or can fail. A side that settles the answer does so whatever
// becomes of the other.
func (w *writer) logic(e *ir.Expr, fail failure, out *[]Code) *Statement {
	left, right := e.Args[0], e.Args[1]
	v := w.temp()
	open := func() *Statement { // v does not settle the answer
		if e.Op == "or" {
			return Op("!").Id(v)
		}
		return Id(v)
	}
	var b []Code
	if !left.Fails(w.failing) {
		x := w.fallible(left, never, out)
		*out = append(*out, Id(v).Op(":=").Add(x))
		y := w.fallible(right, fail, &b)
		*out = append(*out, If(open()).Block(append(b, Id(v).Op("=").Add(y))...))
		return Id(v)
	}
	failed := w.temp()
	*out = append(*out, Var().Id(v).Bool(), Var().Id(failed).Qual(evalPkg, "Err"))
	*out = append(*out, w.attempt(left, v, failed)...)
	if !right.Fails(w.failing) {
		y := w.fallible(right, never, &b)
		b = append(b, Id(v).Op("=").Add(y),
			If(Id(failed).Op("!=").Lit(0).Op("&&").Add(open())).Block(fail(Id(failed))...))
	} else {
		second := w.temp()
		b = append(b, Var().Id(second).Qual(evalPkg, "Err"))
		b = append(b, w.attempt(right, v, second)...)
		b = append(b, If(Id(second).Op("!=").Lit(0).Op("||").Add(open())).Block(
			If(Id(failed).Op("!=").Lit(0)).Block(fail(Id(failed))...),
			If(Id(second).Op("!=").Lit(0)).Block(fail(Id(second))...),
		))
	}
	*out = append(*out, If(Id(failed).Op("!=").Lit(0).Op("||").Add(open())).Block(b...))
	return Id(v)
}

// attempt sets v to e, or failed to why it has no value.
func (w *writer) attempt(e *ir.Expr, v, failed string) []Code {
	if call := w.directCall(e); call != nil {
		return []Code{List(Id(v), Id(failed)).Op("=").Add(call)}
	}
	label := w.label("side")
	var b []Code
	left := false
	x := w.fallible(e, func(err *Statement) []Code {
		left = true
		return []Code{Id(failed).Op("=").Add(err), Break().Id(label)}
	}, &b)
	b = append(b, Id(v).Op("=").Add(x))
	if !left { // Go refuses labels that nothing goes to
		return []Code{Block(b...)}
	}
	return []Code{Id(label).Op(":").Line().Switch().Block(Default().Block(b...))}
}

// directCall is e as one call with two results, or nil where it takes more.
func (w *writer) directCall(e *ir.Expr) *Statement {
	if counts(e) {
		return nil
	}
	var args []*Statement
	for i, a := range e.Args {
		if a.Fails(w.failing) || w.needsStatements(a) || w.needsStatements(e) || e.Op == "and" || e.Op == "or" {
			return nil
		}
		if w.skips(e, i) {
			args = append(args, Null())
			continue
		}
		args = append(args, w.value(a))
	}
	return w.failingCall(e, args)
}

// label returns a new name for a statement to be left.
func (w *writer) label(prefix string) string {
	w.temps++
	return fmt.Sprintf("%s%d", prefix, w.temps)
}
