package gen

import (
	"fmt"

	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// failure writes what happens where an expression fails: code that leaves what
// is being computed.
type failure func(err *Statement) []Code

// returning leaves a function that returns a value of a type and an error.
func (w *writer) returning(t *types.Type) failure {
	return func(err *Statement) []Code {
		zero := w.temp()
		return []Code{Var().Id(zero).Add(goType(t)), Return(Id(zero), err)}
	}
}

// never is for expressions that cannot fail.
func never(*Statement) []Code { panic("gen: a failure where there can be none") }

// body writes the statements of a function that returns e, and its failure if
// it can fail.
func (w *writer) body(e *ir.Expr) []Code {
	var out []Code
	if !e.Fails(w.failing) {
		v := w.fallible(e, never, &out)
		return append(out, Return(v))
	}
	if call := w.directCall(e); call != nil {
		return []Code{Return(call)}
	}
	v := w.fallible(e, w.returning(e.Type), &out)
	return append(out, Return(v, Lit(0)))
}

// closure writes e as a function value with two results, for what may be read
// later.
func (w *writer) closure(e *ir.Expr) Code {
	var out []Code
	v := w.fallible(e, w.returning(e.Type), &out)
	return Func().Params().Params(goType(e.Type), Qual(evalPkg, "Err")).Block(append(out, Return(v, Lit(0)))...)
}

// temp returns a new variable's name. Names, not statements: jennifer's
// statements grow when something is appended to them, wherever else they stand.
func (w *writer) temp() string {
	w.temps++
	return fmt.Sprintf("t%d", w.temps)
}

// fallible appends statements that compute e to out, and returns the value.
// Where e fails the statements leave by fail.
func (w *writer) fallible(e *ir.Expr, fail failure, out *[]Code) *Statement {
	if !e.Fails(w.failing) && !w.needsStatements(e) {
		return w.value(e)
	}
	switch e.Op {
	case "and", "or":
		return w.logic(e, fail, out)
	case "fail":
		// The condition keeps what follows from being dead code.
		failed, zero := w.temp(), w.temp()
		*out = append(*out, Id(failed).Op(":=").Qual(evalPkg, e.Name), Var().Id(zero).Add(goType(e.Type)),
			If(Id(failed).Op("!=").Lit(0)).Block(fail(Id(failed))...))
		return Id(zero)
	case "or-value", "or-optional": // the second is evaluated if it is needed
		o, v := w.temp(), w.temp()
		optional := w.fallible(e.Args[0], fail, out)
		*out = append(*out, Id(o).Op(":=").Add(optional))
		var b []Code
		x := w.fallible(e.Args[1], fail, &b)
		first := Id(o)
		if e.Op == "or-value" {
			first = first.Dot("Value")
		}
		*out = append(*out, Id(v).Op(":=").Add(first),
			If(Op("!").Id(o).Dot("OK")).Block(append(b, Id(v).Op("=").Add(x))...))
		return Id(v)
	case "if":
		return w.choice(e, fail, out)
	case "bind", "bind-lazy":
		return w.bind(e, fail, out)
	case "all", "exists", "exists-one", "filter", "map", "transform-map", "transform-entry":
		return w.loop(e, fail, out)
	case "list":
		if e.Optional != nil {
			return w.optionalList(e, fail, out)
		}
	case "map-literal":
		if e.Optional != nil {
			return w.optionalMap(e, fail, out)
		}
	}
	var args []*Statement
	for i, a := range e.Args {
		if w.skips(e, i) {
			args = append(args, Null())
			continue
		}
		args = append(args, w.fallible(a, fail, out))
	}
	if call := w.failingCall(e, args); call != nil {
		v := w.try(call, fail, out)
		if counts(e) {
			v = w.within(e.Type, v)
		}
		return v
	}
	return w.apply(e, args)
}

// madeAtLoad is a call of constants, evaluated when the library is loaded; nil
// for others.
func (w *writer) madeAtLoad(e *ir.Expr, a []*Statement) *Statement {
	f := ir.Functions[e.Name]
	if f.Arena {
		return nil
	}
	for _, arg := range e.Args {
		if !constant(arg) {
			return nil
		}
	}
	if !f.Fails {
		return w.static("made", e.Type.String()+" "+e.String(), w.functionCall(e, a))
	}
	pair := w.static("made", e.Type.String()+" "+e.String(), Qual(evalPkg, "Made").Call(w.functionCall(e, a)))
	return List(pair.Clone().Dot("Value"), pair.Clone().Dot("Err"))
}

// choice is ?:.
func (w *writer) choice(e *ir.Expr, fail failure, out *[]Code) *Statement {
	cond := w.fallible(e.Args[0], fail, out)
	v := w.temp()
	branch := func(e *ir.Expr) []Code {
		var b []Code
		x := w.fallible(e, fail, &b)
		return append(b, Id(v).Op("=").Add(x))
	}
	*out = append(*out, Var().Add(Id(v)).Add(goType(e.Type)),
		If(cond).Block(branch(e.Args[1])...).Else().Block(branch(e.Args[2])...))
	return Id(v)
}

// try calls a function that returns a value and a failure.
func (w *writer) try(call *Statement, fail failure, out *[]Code) *Statement {
	v, err := w.temp(), w.temp()
	*out = append(*out,
		List(Id(v), Id(err)).Op(":=").Add(call),
		If(Id(err).Op("!=").Lit(0)).Block(fail(Id(err))...))
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
	case "kept-fallible":
		return ev("Kept", w.keptRead(e), w.keptFailure(e))
	case "call":
		if ir.Functions[e.Name].Fails {
			if call := w.madeAtLoad(e, a); call != nil {
				return call
			}
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
		if sp := w.splitOf(e.Args[0]); sp != nil {
			return ev("SplitIndex", w.value(sp.Args[0]), w.value(sp.Args[1]), a[1])
		}
		return ev("Index", a[0], a[1])
	case "value":
		return a[0].Dot("Get").Call()
	case "in-cidr":
		if e.Args[0].Op == "attribute-ip" {
			return w.addressBlocks(e.Value.([]string)).Dot("ContainsSource").Call(s.Dot("Attribute").Call(Lit(e.Args[0].Index)))
		}
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
