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
	var out []Code
	if !e.Fails(w.failing) {
		if !w.needsStatements(e) {
			return []Code{Return(w.value(e))}
		}
		v := w.statements(e, goType(e.Type), &out)
		return append(out, Return(v))
	}
	v := w.fallible(e, goType(e.Type), &out)
	return append(out, Return(v, Lit(0)))
}

// closure writes e as a function value, for operators that may not evaluate
// it, or may forgive its failure.
func (w *writer) closure(e *ir.Expr) Code {
	f := Func().Params().Params(goType(e.Type), Qual(evalPkg, "Err"))
	if !e.Fails(w.failing) {
		var out []Code
		v := w.fallible(e, goType(e.Type), &out)
		return f.Block(append(out, Return(v, Lit(0)))...)
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
	if w.needsStatements(e) {
		return w.statements(e, result, out)
	}
	if !e.Fails(w.failing) {
		return w.value(e)
	}
	switch e.Op {
	case "and", "or":
		op := map[ir.Op]string{"and": "And", "or": "Or"}[e.Op]
		return w.try(Qual(evalPkg, op).Call(w.closure(e.Args[0]), w.closure(e.Args[1])), result, out)
	case "fail":
		// The condition keeps what follows from being dead code.
		failed, zero := w.temp(), w.temp()
		*out = append(*out, Id(failed).Op(":=").Qual(evalPkg, e.Name), Var().Id(zero).Add(goType(e.Type)))
		other := w.temp()
		*out = append(*out, If(Id(failed).Op("!=").Lit(0)).Block(Var().Id(other).Add(result.Clone()), Return(Id(other), Id(failed))))
		return Id(zero)
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

// statements writes an operation that has no form as a Go expression.
func (w *writer) statements(e *ir.Expr, result *Statement, out *[]Code) *Statement {
	switch e.Op {
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
	case "bind", "bind-lazy":
		return w.bind(e, result, out)
	case "list":
		return w.optionalList(e, result, out)
	case "map-literal":
		return w.optionalMap(e, result, out)
	}
	return w.loop(e, result, out)
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
	case "var-lazy":
		return Id(variable(e.Name)).Call()
	case "call":
		if ir.Functions[e.Name].Fails {
			return w.functionCall(e, a)
		}
	case "cast":
		if !ir.Boxes(e.Args[0].Type, e.Type) {
			return w.cast(e.Args[0].Type, e.Type, a[0])
		}
	case "lookup":
		return ev(lookup(e), a[0], a[1])
	case "in-cidr-list":
		return ev("InCIDR", a[0], a[1].Op("..."))
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
	var args []Code
	for _, b := range blocks {
		args = append(args, Lit(b))
	}
	return w.static("blocks", fmt.Sprintf("blocks %q", blocks), Qual(evalPkg, "ParsePrefixes").Call(args...))
}
