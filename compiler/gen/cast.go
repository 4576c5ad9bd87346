package gen

import (
	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// words are the types' part in the names of runtime/eval: IntValue, AsInt,
// IntKind.
var words = map[types.Kind]string{types.Null: "Null", types.Bool: "Bool", types.Int: "Int", types.Uint: "Uint", types.Double: "Double",
	types.String: "String", types.Bytes: "Bytes", types.Duration: "Duration", types.Timestamp: "Timestamp", types.TypeOf: "Type",
	types.IP: "IP", types.CIDR: "CIDR", types.List: "List", types.Map: "Map", types.Optional: "Optional"}

func kindName(t *types.Type) string { return words[t.Kind] + "Kind" }

// cast writes a conversion to or from dyn. One that can fail is a call with two
// results.
func (w *writer) cast(from, to *types.Type, x *Statement) *Statement {
	if from.Equal(to) {
		return x
	}
	fails := !ir.Boxes(from, to)
	ev := func(name string, args ...Code) *Statement { return Qual(evalPkg, name).Call(args...) }
	boxed := dynForm(from)
	opened := dynForm(to)
	switch {
	case to.Kind == types.Dyn && from.Equal(boxed):
		return ev(words[from.Kind]+"Value", x)
	case to.Kind == types.Dyn:
		return ev(words[from.Kind]+"Value", w.cast(from, boxed, x))
	case from.Kind == types.Dyn && to.Equal(opened):
		return ev("As"+words[to.Kind], x)
	case from.Kind == types.Dyn:
		return Add(w.castFunc(from, to)).Call(x)
	}
	try := "Map"
	if fails {
		try = "Try"
	}
	switch from.Kind {
	case types.List:
		return ev(try+"List", x, w.castFunc2(from.Elem, to.Elem, fails))
	case types.Optional:
		return ev(try+"Optional", x, w.castFunc2(from.Elem, to.Elem, fails))
	case types.Map:
		return ev(try+"Map", x, w.castFunc2(from.Key, to.Key, fails), w.castFunc2(from.Elem, to.Elem, fails))
	}
	panic("gen: no cast from " + from.String() + " to " + to.String())
}

// dynForm is a type with dyn in place of everything that it holds.
func dynForm(t *types.Type) *types.Type {
	switch t.Kind {
	case types.List:
		return types.ListOf(types.DynType)
	case types.Optional:
		return types.OptionalOf(types.DynType)
	case types.Map:
		return types.MapOf(types.DynType, types.DynType)
	}
	return t
}

// castFunc2 is castFunc with a second result also where the cast itself cannot
// fail.
func (w *writer) castFunc2(from, to *types.Type, fails bool) Code {
	if !fails || !ir.Boxes(from, to) {
		return w.castFunc(from, to)
	}
	return Func().Params(Id("v").Add(goType(from))).Params(goType(to), Qual(evalPkg, "Err")).Block(Return(w.cast(from, to, Id("v")), Lit(0)))
}

// castFunc is the conversion as a function value.
func (w *writer) castFunc(from, to *types.Type) *Statement {
	switch {
	case to.Kind == types.Dyn && from.Equal(dynForm(from)) && from.Kind != types.Dyn:
		return Qual(evalPkg, words[from.Kind]+"Value")
	case from.Kind == types.Dyn && to.Equal(dynForm(to)) && to.Kind != types.Dyn:
		return Qual(evalPkg, "As"+words[to.Kind])
	}
	f := Func().Params(Id("v").Add(goType(from)))
	if ir.Boxes(from, to) {
		return f.Add(goType(to)).Block(Return(w.cast(from, to, Id("v"))))
	}
	f.Params(goType(to), Qual(evalPkg, "Err"))
	if from.Kind != types.Dyn {
		return f.Block(Return(w.cast(from, to, Id("v"))))
	}
	half := dynForm(to)
	return f.Block(
		List(Id("h"), Err()).Op(":=").Qual(evalPkg, "As"+words[to.Kind]).Call(Id("v")),
		If(Err().Op("!=").Lit(0)).Block(Var().Id("zero").Add(goType(to)), Return(Id("zero"), Err())),
		Return(w.cast(half, to, Id("h"))),
	)
}
