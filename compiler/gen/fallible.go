package gen

import (
	"fmt"

	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// body writes the statements of a function that returns e, and its failure if
// it can fail.
func (w *writer) body(e *ir.Expr) []Code {
	if !e.Fails(w.failing) {
		return []Code{Return(w.value(e))}
	}
	var out []Code
	v := w.fallible(e, goType(e.Type), &out)
	return append(out, Return(v, Lit(0)))
}

// closure writes e as a function value, for operators that may not evaluate
// it, or may forgive its failure.
func (w *writer) closure(e *ir.Expr) Code {
	f := Func().Params().Params(goType(e.Type), Qual(evalPkg, "Err"))
	if !e.Fails(w.failing) {
		return f.Block(Return(w.value(e), Lit(0)))
	}
	return f.Block(w.body(e)...)
}

// temp returns a new variable's name. Names, not statements: jennifer's
// statements grow when something is appended to them, wherever else they stand.
func (w *writer) temp() string {
	w.temps++
	return fmt.Sprintf("t%d", w.temps)
}

// fallible appends statements that compute e to out, and returns the value.
// The statements leave the function, whose result has type result, when e
// fails.
func (w *writer) fallible(e *ir.Expr, result *Statement, out *[]Code) *Statement {
	if !e.Fails(w.failing) {
		return w.value(e)
	}
	switch e.Op {
	case "and", "or":
		op := map[ir.Op]string{"and": "And", "or": "Or"}[e.Op]
		return w.try(Qual(evalPkg, op).Call(w.closure(e.Args[0]), w.closure(e.Args[1])), result, out)
	case "if":
		cond := w.fallible(e.Args[0], result, out)
		v := w.temp()
		branch := func(e *ir.Expr) []Code {
			var b []Code
			x := w.fallible(e, result, &b)
			return append(b, Id(v).Op("=").Add(x))
		}
		*out = append(*out, Var().Add(Id(v)).Add(goType(e.Type)),
			If(cond).Block(branch(e.Args[1])...).Else().Block(branch(e.Args[2])...))
		return Id(v)
	case "all", "exists", "exists-one", "filter", "map":
		return w.fallibleLoop(e, result, out)
	case "or-value", "or-optional": // the second is evaluated if it is needed
		o, v := w.temp(), w.temp()
		optional := w.fallible(e.Args[0], result, out)
		*out = append(*out, Id(o).Op(":=").Add(optional))
		var b []Code
		x := w.fallible(e.Args[1], result, &b)
		first := Id(o)
		if e.Op == "or-value" {
			first = first.Dot("Value")
		}
		*out = append(*out, Id(v).Op(":=").Add(first),
			If(Op("!").Id(o).Dot("OK")).Block(append(b, Id(v).Op("=").Add(x))...))
		return Id(v)
	}
	var args []*Statement
	for _, a := range e.Args {
		args = append(args, w.fallible(a, result, out))
	}
	if call := w.failingCall(e, args); call != nil {
		return w.try(call, result, out)
	}
	return w.apply(e, args)
}

// try calls a function that returns a value and a failure.
func (w *writer) try(call *Statement, result *Statement, out *[]Code) *Statement {
	v, err := w.temp(), w.temp()
	zero := w.temp()
	*out = append(*out,
		List(Id(v), Id(err)).Op(":=").Add(call),
		If(Id(err).Op("!=").Lit(0)).Block(
			Var().Add(Id(zero)).Add(result.Clone()),
			Return(Id(zero), Id(err)),
		))
	return Id(v)
}

// failingCall is the call of an operation that can itself fail, or nil.
func (w *writer) failingCall(e *ir.Expr, a []*Statement) *Statement {
	s := w.self()
	ev := func(name string, args ...Code) *Statement { return Qual(evalPkg, name).Call(args...) }
	switch e.Op {
	case "let":
		if w.failing[e.Name] {
			return w.apply(e, a)
		}
	case "header-at":
		return ev("Present", s.Dot("Header").Call(Lit(e.Index)), w.self().Dot("HasHeader").Call(Lit(e.Index)))
	case "headers-at", "response-at":
		return ev("Present", s.Dot("HeaderNamed").Call(a[0]))
	case "index":
		return ev("Index", a[0], a[1])
	case "value":
		return a[0].Dot("Get").Call()
	case "in-cidr":
		return w.addressBlocks(e.Value.([]string)).Dot("Contains").Call(a[0])
	case "+", "-", "*", "/", "%", "negate":
		if name := arithmetic(e); name != "" {
			if e.Op == "negate" {
				return ev(name, a[0])
			}
			if e.Op == "+" && e.Args[0].Type.Kind == types.Duration && e.Type.Kind == types.Timestamp {
				return ev(name, a[1], a[0])
			}
			return ev(name, a[0], a[1])
		}
	case "to-int", "to-uint", "to-double", "to-bool", "to-duration", "to-timestamp":
		from := e.Args[0].Type.Kind
		names := map[ir.Op]map[types.Kind]string{
			"to-int":       {types.String: "StringToInt", types.Uint: "UintToInt", types.Double: "DoubleToInt"},
			"to-uint":      {types.String: "StringToUint", types.Int: "IntToUint", types.Double: "DoubleToUint"},
			"to-double":    {types.String: "StringToDouble"},
			"to-bool":      {types.String: "StringToBool"},
			"to-duration":  {types.String: "StringToDuration"},
			"to-timestamp": {types.String: "StringToTimestamp"},
		}
		if name := names[e.Op][from]; name != "" {
			return ev(name, a[0])
		}
	}
	return nil
}

// arithmetic names the checked operation of eval.
func arithmetic(e *ir.Expr) string {
	word := map[ir.Op]string{"+": "Add", "-": "Sub", "*": "Mul", "/": "Div", "%": "Mod", "negate": "Neg"}[e.Op]
	left := e.Args[0].Type.Kind
	switch e.Type.Kind {
	case types.Int:
		return word + "Int"
	case types.Uint:
		return word + "Uint"
	case types.Timestamp:
		return word + "Time" // and a duration
	case types.Duration:
		if left == types.Timestamp {
			return "SubTimes"
		}
		return word + "Duration"
	}
	return ""
}

// addressBlocks are parsed when the library is loaded.
func (w *writer) addressBlocks(blocks []string) *Statement {
	id := fmt.Sprintf("blocks%d", w.blocks)
	w.blocks++
	w.pending = append(w.pending, Var().Id(id).Op("=").Qual(evalPkg, "ParsePrefixes").CallFunc(func(g *Group) {
		for _, b := range blocks {
			g.Lit(b)
		}
	}))
	return Id(id)
}

// fallibleLoop is a macro whose list or body can fail. all and exists forgive
// failures as && and || do: an element that settles the answer wins.
func (w *writer) fallibleLoop(e *ir.Expr, result *Statement, out *[]Code) *Statement {
	list := w.fallible(e.Args[0], result, out)
	v, failed := w.temp(), w.temp()
	item := variable(e.Name)
	loop := func(body ...Code) {
		if !reads(e.Args[1], e.Name) && e.Op != "filter" {
			body = append([]Code{Id("_").Op("=").Id(item)}, body...)
		}
		*out = append(*out, For(List(Id("_"), Id(item)).Op(":=").Range().Add(list)).Block(body...))
	}
	if e.Op == "all" || e.Op == "exists" {
		start := e.Op == "all"
		*out = append(*out,
			Id(v).Op(":=").Lit(start),
			Var().Add(Id(failed)).Qual(evalPkg, "Err"))
		loop(
			List(Id("ok"), Err()).Op(":=").Add(w.closure(e.Args[1])).Call(),
			If(Err().Op("!=").Lit(0)).Block(Id(failed).Op("=").Err(), Continue()),
			If(Id("ok").Op("!=").Lit(start)).Block(Id(v).Op("=").Id("ok"), Id(failed).Op("=").Lit(0), Break()),
		)
		zero := w.temp()
		*out = append(*out, If(Id(failed).Op("!=").Lit(0)).Block(Var().Add(Id(zero)).Add(result.Clone()), Return(Id(zero), Id(failed))))
		return Id(v)
	}
	var body []Code
	x := w.fallible(e.Args[1], result, &body)
	switch e.Op {
	case "exists-one":
		n := w.temp()
		*out = append(*out, Id(n).Op(":=").Lit(0))
		loop(append(body, If(x).Block(Id(n).Op("++")))...)
		return Parens(Id(n).Op("==").Lit(1))
	case "filter":
		*out = append(*out, Var().Add(Id(v)).Add(goType(e.Type)))
		loop(append(body, If(x).Block(Id(v).Op("=").Append(Id(v), Id(item))))...)
	default:
		*out = append(*out, Var().Add(Id(v)).Add(goType(e.Type)))
		loop(append(body, Id(v).Op("=").Append(Id(v), x))...)
	}
	return Id(v)
}
