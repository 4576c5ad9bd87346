package gen

import (
	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// over writes a loop over a list or a map that binds the names which body reads.
func (w *writer) over(e *ir.Expr, from *Statement, label string, body []Code, out *[]Code) {
	used := func(i int) *Statement {
		for _, a := range e.Args[1:] {
			if i < len(e.Vars) && a.Reads(e.Vars[i]) {
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
		head = head.Block(body...)
		if label != "" {
			head = Id(label).Op(":").Line().Add(head)
		}
		*out = append(*out, head)
	}
	if from == nil { // the parts of a text
		w.overParts(e, first, second, label, body, out)
		return
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

// source computes what a loop goes over. It is nil for the parts of a text that
// is split: the loop cuts them off one by one.
func (w *writer) source(e *ir.Expr, fail failure, out *[]Code) *Statement {
	switch e.Op {
	case "all", "exists", "exists-one":
		if w.splitOf(e.Args[0]) != nil {
			return nil
		}
	}
	return w.fallible(e.Args[0], fail, out)
}

// overParts writes a loop over the parts of a text.
func (w *writer) overParts(e *ir.Expr, first, second *Statement, label string, body []Code, out *[]Code) {
	split := w.splitOf(e.Args[0])
	text := w.fallible(split.Args[0], never, out)
	sep := w.fallible(split.Args[1], never, out)
	p := w.temp()
	value, index := first, (*Statement)(nil)
	if len(e.Vars) == 2 {
		value, index = second, first
	}
	if value != nil {
		body = append([]Code{value.Op(":=").Id(p).Dot("Part")}, body...)
	}
	if index != nil {
		i := w.temp()
		*out = append(*out, Id(i).Op(":=").Lit(int64(-1)))
		body = append([]Code{Id(i).Op("++"), index.Op(":=").Id(i)}, body...)
	}
	// Outside of the loop's head: Go copies a variable of the head every round.
	*out = append(*out, Id(p).Op(":=").Qual(evalPkg, "PartsOf").Call(text, sep))
	head := For(Id(p).Dot("Next").Call()).Block(body...)
	if label != "" {
		head = Id(label).Op(":").Line().Add(head)
	}
	*out = append(*out, head)
}

// loop writes a macro over a list or a map.
func (w *writer) loop(e *ir.Expr, fail failure, out *[]Code) *Statement {
	from := w.source(e, fail, out)
	switch e.Op {
	case "all", "exists":
		return w.quantifier(e, from, fail, out)
	case "exists-one":
		n := w.temp()
		var body []Code
		cond := w.fallible(e.Args[1], fail, &body)
		*out = append(*out, Id(n).Op(":=").Lit(0))
		w.over(e, from, "", append(body, If(cond).Block(Id(n).Op("++"))), out)
		return Parens(Id(n).Op("==").Lit(1))
	}
	// What is built has at most as many elements as what is gone over.
	source := w.temp()
	*out = append(*out, Id(source).Op(":=").Add(w.within(e.Args[0].Type, from)))
	length := Len(Id(source))
	if e.Args[0].Type.Kind == types.Map {
		length = Len(Id(source).Dot("Keys"))
	}
	var keep []Code
	var add func(body *[]Code) []Code
	v, keys, distinct := w.temp(), "", false
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
			x := w.fallible(e.Args[len(e.Args)-1], fail, body)
			return []Code{Id(v).Op("=").Append(Id(v), x)}
		}
	case "transform-map":
		keys = w.temp()
		*out = append(*out,
			Id(keys).Op(":=").Make(Index().Add(goType(e.Type.Key)), Lit(0), length.Clone()),
			Id(v).Op(":=").Make(Index().Add(goType(e.Type.Elem)), Lit(0), length))
		value = w.makeMap(Id(keys), Id(v))
		distinct = e.Type.Key.Kind == types.Dyn
		add = func(body *[]Code) []Code {
			x := w.fallible(e.Args[len(e.Args)-1], fail, body)
			return []Code{Id(keys).Op("=").Append(Id(keys), Id(variable(e.Vars[0]))), Id(v).Op("=").Append(Id(v), x)}
		}
	default: // transform-entry
		*out = append(*out, Var().Id(v).Add(goType(e.Type)))
		value = Id(v)
		add = func(body *[]Code) []Code {
			x := w.fallible(e.Args[len(e.Args)-1], fail, body)
			merged := w.try(Qual(evalPkg, "InsertEntries").Call(Id(v), x), fail, body)
			return []Code{Id(v).Op("=").Add(merged)}
		}
	}
	conditional := e.Op == "filter" || len(e.Args) == 3
	if conditional {
		cond := w.fallible(e.Args[1], fail, &keep)
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
	w.over(&needs, Id(source), "", keep, out)
	if distinct {
		return w.try(Qual(evalPkg, "MakeDistinctMap").Call(Id(keys), Id(v)), fail, out)
	}
	return value
}

// quantifier is all or exists. They forgive failures as && and || do: an element
// that settles the answer wins.
func (w *writer) quantifier(e *ir.Expr, from *Statement, fail failure, out *[]Code) *Statement {
	v := w.temp()
	start := e.Op == "all"
	*out = append(*out, Id(v).Op(":=").Lit(start))
	settles := func(x *Statement) *Statement {
		if start {
			return Op("!").Parens(x)
		}
		return x
	}
	var body []Code
	if !e.Args[1].Fails(w.failing) {
		cond := w.fallible(e.Args[1], never, &body)
		w.over(e, from, "", append(body, If(settles(cond)).Block(Id(v).Op("=").Lit(!start), Break())), out)
		return Id(v)
	}
	failed, each, left := w.temp(), w.label("each"), false
	*out = append(*out, Var().Id(failed).Qual(evalPkg, "Err"))
	cond := w.fallible(e.Args[1], func(err *Statement) []Code {
		left = true
		return []Code{Id(failed).Op("=").Add(err), Continue().Id(each)}
	}, &body)
	if !left { // Go refuses labels that nothing goes to
		each = ""
	}
	w.over(e, from, each, append(body, If(settles(cond)).Block(Id(v).Op("=").Lit(!start), Id(failed).Op("=").Lit(0), Break())), out)
	*out = append(*out, If(Id(failed).Op("!=").Lit(0)).Block(fail(Id(failed))...))
	return Id(v)
}
