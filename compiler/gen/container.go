package gen

import (
	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// constant reports whether a value can be made when the library is loaded.
func constant(e *ir.Expr) bool {
	switch e.Op {
	case "const":
		return true
	case "list", "map-literal", "some", "cast", "call":
		if e.Optional != nil || e.Op == "cast" && !ir.Boxes(e.Args[0].Type, e.Type) || e.Op == "call" && (ir.Functions[e.Name].Fails || ir.Functions[e.Name].Arena) {
			return false
		}
		for _, a := range e.Args {
			if !constant(a) {
				return false
			}
		}
		return true
	}
	return false
}

// listLiteral writes a list whose elements are all there. One of constants is made
// once: lists are never changed.
func (w *writer) listLiteral(e *ir.Expr, a []*Statement) *Statement {
	l := goType(e.Type).Values(codes(a)...)
	if len(e.Args) == 0 {
		return goType(e.Type).Call(Nil())
	}
	if constant(e) {
		return w.static("list", e.Type.String()+" "+e.String(), l)
	}
	return l
}

func (w *writer) mapLiteral(e *ir.Expr, a []*Statement) *Statement {
	var keys, values []Code
	for i := 0; i < len(a); i += 2 {
		keys, values = append(keys, a[i]), append(values, a[i+1])
	}
	m := w.makeMap(Index().Add(goType(e.Type.Key)).Values(keys...), Index().Add(goType(e.Type.Elem)).Values(values...))
	if constant(e) {
		return w.static("map", e.Type.String()+" "+e.String(), m)
	}
	return m
}

func (w *writer) makeMap(keys, values Code) *Statement {
	return Qual(evalPkg, "MakeMap").Call(keys, values)
}

// lookup names the function that asks a map for a key.
func lookup(e *ir.Expr) string {
	name := map[ir.Op]string{"lookup": "Lookup", "lookup-has": "Has", "lookup-optional": "OptionalLookup"}[e.Op]
	if e.Args[0].Type.Key.Kind == types.Dyn {
		name += "Dyn"
	}
	return name
}

// in writes x in list. A list of constants becomes a switch, which Go compiles
// to a search.
func (w *writer) in(e *ir.Expr, a []*Statement) *Statement {
	list, t := e.Args[1], e.Args[0].Type
	if list.Op == "list" && len(list.Args) == 0 {
		return Qual(evalPkg, "Contains").Call(a[1], a[0], w.equal(t))
	}
	if w.skips(e, 1) && w.splitOf(list) == nil {
		return w.oneOf(list, t).Call(a[0])
	}
	if sp := w.splitOf(list); sp != nil {
		return Qual(evalPkg, "SplitHas").Call(w.value(sp.Args[0]), w.value(sp.Args[1]), a[0])
	}
	if byOperator(t) {
		return Qual("slices", "Contains").Call(a[1], a[0])
	}
	return Qual(evalPkg, "Contains").Call(a[1], a[0], w.equal(t))
}

// skips reports whether an argument needs no value of its own: a constant list
// that becomes a switch, parts of a text that are only looked at.
func (w *writer) skips(e *ir.Expr, i int) bool {
	a := e.Args[i]
	switch {
	case e.Op == "in" && i == 1 && a.Op == "list" && len(a.Args) > 0 && constant(a):
		switch a.Type.Elem.Kind {
		case types.Int, types.Uint, types.String, types.Bytes, types.Duration, types.TypeOf:
			return true
		}
	case e.Op == "in" && i == 1, (e.Op == "index" || e.Op == "index-optional" || e.Op == "size") && i == 0:
		return w.splitOf(a) != nil
	}
	return false
}

// oneOf is a function that says whether a value is one of some constants.
func (w *writer) oneOf(list *ir.Expr, t *types.Type) *Statement {
	var cases []Code
	seen := map[any]bool{}
	for _, c := range list.Args {
		if !seen[c.Value] {
			seen[c.Value] = true
			cases = append(cases, literal(c.Value, t))
		}
	}
	body := []Code{Switch(Id("v")).Block(Case(cases...).Block(Return(True()))), Return(False())}
	if len(cases) <= 4 { // small enough to stand in its caller
		test := Id("v").Op("==").Add(cases[0])
		for _, c := range cases[1:] {
			test = test.Op("||").Id("v").Op("==").Add(c)
		}
		body = []Code{Return(test)}
	}
	return w.staticFunc("oneOf", "oneOf "+t.String()+" "+list.String(), func(id string) Code {
		return Func().Id(id).Params(Id("v").Add(goType(t))).Bool().Block(body...)
	})
}

// splitOf returns the call of split that makes a list, or nil. A list that is
// only looked at is never made.
func (w *writer) splitOf(e *ir.Expr) *ir.Expr {
	if e.Op != "call" || e.Name != "string_split_string" || constant(e) {
		return nil
	}
	for _, a := range e.Args {
		if a.Fails(w.failing) || w.needsStatements(a) {
			return nil
		}
	}
	return e
}

// optionalList is a list some of whose elements may be missing.
func (w *writer) optionalList(e *ir.Expr, fail failure, out *[]Code) *Statement {
	l := w.temp()
	*out = append(*out, Id(l).Op(":=").Make(goType(e.Type), Lit(0), Lit(len(e.Args))))
	for i, a := range e.Args {
		x := w.fallible(a, fail, out)
		if !e.Optional[i] {
			*out = append(*out, Id(l).Op("=").Append(Id(l), x))
			continue
		}
		*out = append(*out, If(Id("o").Op(":=").Add(x), Id("o").Dot("OK")).Block(Id(l).Op("=").Append(Id(l), Id("o").Dot("Value"))))
	}
	return Id(l)
}

// optionalMap is a map some of whose entries may be missing.
func (w *writer) optionalMap(e *ir.Expr, fail failure, out *[]Code) *Statement {
	keys, values := w.temp(), w.temp()
	*out = append(*out,
		Var().Id(keys).Index().Add(goType(e.Type.Key)),
		Var().Id(values).Index().Add(goType(e.Type.Elem)))
	for i := 0; i < len(e.Args); i += 2 {
		key := w.fallible(e.Args[i], fail, out)
		value := w.fallible(e.Args[i+1], fail, out)
		if !e.Optional[i/2] {
			*out = append(*out, Id(keys).Op("=").Append(Id(keys), key), Id(values).Op("=").Append(Id(values), value))
			continue
		}
		*out = append(*out, If(Id("o").Op(":=").Add(value), Id("o").Dot("OK")).Block(
			Id(keys).Op("=").Append(Id(keys), key), Id(values).Op("=").Append(Id(values), Id("o").Dot("Value"))))
	}
	return w.makeMap(Id(keys), Id(values))
}

// within counts a list or a map against what one hook may build.
func (w *writer) within(t *types.Type, x *Statement) *Statement {
	name := "Within"
	if t.Kind == types.Map {
		name = "WithinMap"
	}
	return Qual(evalPkg, name).Call(Op("&").Add(w.self()).Dot("Scratch"), x)
}

// counts reports whether an operation makes a list or a map that is counted as a
// whole once it is made: what it is made of bounds it.
func counts(e *ir.Expr) bool {
	if e.Type.Kind != types.List && e.Type.Kind != types.Map || constant(e) {
		return false
	}
	return e.Op == "call" && e.Name != "list_slice" && e.Name != "list_flatten" && e.Name != "list_flatten_int" || e.Op == "cast"
}
