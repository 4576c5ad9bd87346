package gen

import (
	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// reads reports whether an expression reads a variable.
func reads(e *ir.Expr, name string) bool {
	found := false
	e.Walk(func(n *ir.Expr) { found = found || (n.Op == "var" || n.Op == "var-lazy") && n.Name == name })
	return found
}

// over writes a loop over a list or a map that binds the names which body reads.
func (w *writer) over(e *ir.Expr, from *Statement, body []Code, out *[]Code) {
	used := func(i int) *Statement {
		for _, a := range e.Args[1:] {
			if i < len(e.Vars) && reads(a, e.Vars[i]) {
				return Id(variable(e.Vars[i]))
			}
		}
		return nil
	}
	first, second := used(0), used(1)
	or := func(s *Statement, otherwise string) *Statement {
		if s != nil {
			return s
		}
		return Id(otherwise)
	}
	loop := func(index, value *Statement, list *Statement) {
		head := For().Range().Add(list)
		switch {
		case value != nil:
			head = For(List(or(index, "_"), value).Op(":=").Range().Add(list))
		case index != nil:
			head = For(index.Op(":=").Range().Add(list))
		}
		*out = append(*out, head.Block(body...))
	}
	if e.Args[0].Type.Kind == types.List {
		if len(e.Vars) == 1 {
			loop(nil, first, from)
			return
		}
		if first != nil {
			body = append([]Code{first.Clone().Op(":=").Int64().Call(Id("i"))}, body...)
			loop(Id("i"), second, from)
			return
		}
		loop(nil, second, from)
		return
	}
	m := w.temp()
	*out = append(*out, Id(m).Op(":=").Add(from))
	if second != nil {
		body = append([]Code{second.Clone().Op(":=").Id(m).Dot("Values").Index(Id("i"))}, body...)
		loop(Id("i"), first, Id(m).Dot("Keys"))
		return
	}
	loop(nil, first, Id(m).Dot("Keys"))
}

// item is the element that filter keeps: what the first name stands for.
func (w *writer) loop(e *ir.Expr, result *Statement, out *[]Code) *Statement {
	from := w.fallible(e.Args[0], result, out)
	switch e.Op {
	case "all", "exists":
		return w.quantifier(e, from, result, out)
	case "exists-one":
		n := w.temp()
		var body []Code
		cond := w.fallible(e.Args[1], result, &body)
		*out = append(*out, Id(n).Op(":=").Lit(0))
		w.over(e, from, append(body, If(cond).Block(Id(n).Op("++"))), out)
		return Parens(Id(n).Op("==").Lit(1))
	}
	// What is built has at most as many elements as what is gone over.
	source := w.temp()
	*out = append(*out, Id(source).Op(":=").Add(from))
	length := Len(Id(source))
	if e.Args[0].Type.Kind == types.Map {
		length = Len(Id(source).Dot("Keys"))
	}
	var keep []Code
	var add func(body *[]Code) []Code
	v := w.temp()
	var value *Statement
	switch e.Op {
	case "filter":
		*out = append(*out, Id(v).Op(":=").Make(goType(e.Type), Lit(0), length))
		value = Id(v)
		// Reading the first name in the body makes over bind it.
		add = func(*[]Code) []Code { return []Code{Id(v).Op("=").Append(Id(v), Id(variable(e.Vars[0])))} }
	case "map":
		*out = append(*out, Id(v).Op(":=").Make(goType(e.Type), Lit(0), length))
		value = Id(v)
		add = func(body *[]Code) []Code {
			x := w.fallible(e.Args[len(e.Args)-1], result, body)
			return []Code{Id(v).Op("=").Append(Id(v), x)}
		}
	case "transform-map":
		keys := w.temp()
		*out = append(*out,
			Id(keys).Op(":=").Make(Index().Add(goType(e.Type.Key)), Lit(0), length.Clone()),
			Id(v).Op(":=").Make(Index().Add(goType(e.Type.Elem)), Lit(0), length))
		value = w.makeMap(Id(keys), Id(v))
		add = func(body *[]Code) []Code {
			x := w.fallible(e.Args[len(e.Args)-1], result, body)
			return []Code{Id(keys).Op("=").Append(Id(keys), Id(variable(e.Vars[0]))), Id(v).Op("=").Append(Id(v), x)}
		}
	default: // transform-entry
		*out = append(*out, Var().Id(v).Add(goType(e.Type)))
		value = Id(v)
		add = func(body *[]Code) []Code {
			x := w.fallible(e.Args[len(e.Args)-1], result, body)
			merged := w.try(Qual(evalPkg, "InsertEntries").Call(Id(v), x), result, body)
			return []Code{Id(v).Op("=").Add(merged)}
		}
	}
	conditional := e.Op == "filter" || len(e.Args) == 3
	if conditional {
		cond := w.fallible(e.Args[1], result, &keep)
		var body []Code
		tail := add(&body)
		keep = append(keep, If(cond).Block(append(body, tail...)...))
	} else {
		tail := add(&keep)
		keep = append(keep, tail...)
	}
	needs := *e
	if e.Op == "filter" || e.Op == "transform-map" { // the code reads the first name itself
		needs.Args = append(append([]*ir.Expr{}, e.Args...), &ir.Expr{Op: "var", Name: e.Vars[0], Type: types.DynType})
	}
	w.over(&needs, Id(source), keep, out)
	return value
}

// quantifier is all or exists. They forgive failures as && and || do: an element
// that settles the answer wins.
func (w *writer) quantifier(e *ir.Expr, from, result *Statement, out *[]Code) *Statement {
	v := w.temp()
	start := e.Op == "all"
	*out = append(*out, Id(v).Op(":=").Lit(start))
	if !e.Args[1].Fails(w.failing) {
		cond := w.value(e.Args[1])
		if start {
			cond = Op("!").Parens(cond)
		}
		w.over(e, from, []Code{If(cond).Block(Id(v).Op("=").Lit(!start), Break())}, out)
		return Id(v)
	}
	failed := w.temp()
	*out = append(*out, Var().Id(failed).Qual(evalPkg, "Err"))
	w.over(e, from, []Code{
		List(Id("ok"), Err()).Op(":=").Add(w.closure(e.Args[1])).Call(),
		If(Err().Op("!=").Lit(0)).Block(Id(failed).Op("=").Err(), Continue()),
		If(Id("ok").Op("!=").Lit(start)).Block(Id(v).Op("=").Id("ok"), Id(failed).Op("=").Lit(0), Break()),
	}, out)
	zero := w.temp()
	*out = append(*out, If(Id(failed).Op("!=").Lit(0)).Block(Var().Id(zero).Add(result.Clone()), Return(Id(zero), Id(failed))))
	return Id(v)
}
