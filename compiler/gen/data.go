package gen

import (
	"fmt"

	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// hasData reports whether the bundle carries data that can be replaced.
func (w *writer) hasData() bool { return len(w.b.Tables)+len(w.reloaded()) > 0 }

func tableField(name string) string { return "table" + camel(name) }

func tableDecoder(t *ir.Table) string { return "decode" + camel(t.Name) }

// snapshot writes the taking of the data: once a hook, before anything reads it.
func (w *writer) snapshot(g *Group, recv string) {
	if w.hasData() {
		g.Id(recv).Dot("data").Op("=").Id("live").Dot("Load").Call(Id("f").Dot("Instance").Call())
	}
}

// sameData gives the rules on a request's own answer the request's snapshot.
func (w *writer) sameData() Code {
	if !w.hasData() {
		return Null()
	}
	return Id("p").Dot("data").Op("=").Id("r").Dot("data")
}

// data writes data.go: the tables, and their replacement while requests go on.
func (w *writer) data(f *File) {
	f.Comment("data is what the bundle has from files. A request reads one, which never changes.")
	f.Type().Id("data").StructFunc(func(g *Group) {
		for _, t := range w.b.Tables {
			g.Id(tableField(t.Name)).Add(goType(t.Type)).Comment("table " + t.Name)
		}
		for _, a := range w.reloaded() {
			g.Id(keysName(a)).Op("*").Qual(authnPkg, "Keys")
			g.Id(callersName(a)).Index().Id("identity")
		}
	})
	f.Var().Id("live").Op("=").Qual(filesPkg, "NewLive").Call(Op("&").Id("data").Values(DictFunc(func(d Dict) {
		for _, t := range w.b.Tables {
			d[Id(tableField(t.Name))] = Qual(filesPkg, "Must").Call(w.readTable(t, Qual(filesPkg, "JSON"), Lit(t.Data)))
		}
		for _, a := range w.reloaded() {
			d[Id(keysName(a))] = Id(keysName(a))
			d[Id(callersName(a))] = Id(callersName(a)).Index(Empty(), Empty())
		}
	})))
	for _, t := range w.b.Tables {
		f.Commentf("%s reads table %s.", tableDecoder(t), t.Name)
		f.Func().Id(tableDecoder(t)).Params(Id("d").Op("*").Qual(filesPkg, "Decoder")).Add(goType(t.Type)).Block(
			Return(Add(w.decoder(t.Type, t.Format == "csv")).Call(Id("d"))))
	}
	f.Comment("sources are the files, and how their text becomes data.")
	f.Var().Id("sources").Op("=").Qual(corePkg, "Files").Values(Dict{
		Id("Sources"): Index().Qual(corePkg, "Source").ValuesFunc(func(g *Group) {
			for _, t := range w.b.Tables {
				g.Line().Values(Dict{Id("Name"): Lit("table " + t.Name), Id("File"): Lit(t.File), Id("Reload"): Lit(t.Reload)})
			}
			for _, a := range w.reloaded() {
				g.Line().Values(Dict{Id("Name"): Lit("auth " + a.Name), Id("File"): Lit(a.File), Id("Reload"): True(), Id("Keys"): True()})
			}
			g.Line()
		}),
		Id("Open"):    Id("live").Dot("Open"),
		Id("Replace"): Id("replace"),
	})
	f.Comment("replace puts the text of a file in place of what requests saw of it so far.")
	f.Func().Id("replace").Params(Id("instance").Uint32(), Id("source").Int(), Id("text").String(), Id("plain").Bool()).Error().Block(
		Id("next").Op(":=").Op("*").Id("live").Dot("Load").Call(Id("instance")),
		Var().Err().Error(),
		Switch(Id("source")).BlockFunc(func(g *Group) {
			for i, t := range w.b.Tables {
				g.Case(Lit(i)).Block(List(Id("next").Dot(tableField(t.Name)), Err()).Op("=").Add(
					w.readTable(t, Qual(filesPkg, "Written").Call(Id("plain"), Qual(filesPkg, formats[t.Format])), Id("text"))))
			}
			for i, a := range w.reloaded() {
				g.Case(Lit(len(w.b.Tables) + i)).Block(List(Id("next").Dot(keysName(a)), Id("next").Dot(callersName(a)), Err()).Op("=").Id(readerName(a)).Call(Id("text")))
			}
		}),
		If(Err().Op("==").Nil()).Block(Id("live").Dot("Store").Call(Id("instance"), Op("&").Id("next"))),
		Return(Err()),
	)
}

var formats = map[string]string{"json": "JSON", "csv": "CSV", "yaml": "YAML"}

func (w *writer) readTable(t *ir.Table, format, text Code) *Statement {
	return Qual(filesPkg, "Read").Call(Lit(t.Name), format, text, Id(tableDecoder(t)))
}

// scalars are the decoder's methods.
var scalars = map[types.Kind]string{types.Bool: "Bool", types.Int: "Int", types.Uint: "Uint", types.Double: "Double", types.String: "Text",
	types.Bytes: "Bytes", types.Duration: "Duration", types.Timestamp: "Time"}

// decoder is a function value that reads a value of a type. In the map of a CSV
// file a value that is no record is the one cell of its row.
func (w *writer) decoder(t *types.Type, cells bool) *Statement {
	one := func() *Statement { return Func().Params(Id("d").Op("*").Qual(filesPkg, "Decoder")) }
	if name, ok := scalars[t.Kind]; ok {
		return Parens(Op("*").Qual(filesPkg, "Decoder")).Dot(name)
	}
	if t.Kind == types.Record {
		return one().Params(Id("v").Add(goType(t))).Block(
			Id("d").Dot("Record").Call(Index().Qual(filesPkg, "Field").ValuesFunc(func(g *Group) {
				for _, f := range t.Fields {
					g.Values(Dict{Id("Name"): Lit(f.Name), Id("Optional"): Lit(f.Type.Kind == types.Optional)})
				}
			}), Func().Params(Id("i").Int()).Block(Switch(Id("i")).BlockFunc(func(g *Group) {
				for i, f := range t.Fields {
					g.Case(Lit(i)).Block(Id("v").Dot(recordField(f.Name)).Op("=").Add(w.decoder(f.Type, false)).Call(Id("d")))
				}
			}))),
			Return(),
		)
	}
	name, ok := map[types.Kind]string{types.List: "ListOf", types.Map: "MapOf", types.Optional: "OptionalOf"}[t.Kind]
	if !ok {
		panic(fmt.Sprintf("gen: no decoder for %s", t))
	}
	elem := w.decoder(t.Elem, false)
	if cells && t.Elem.Kind != types.Record {
		elem = one().Add(goType(t.Elem)).Block(Return(Qual(filesPkg, "Cell").Call(Id("d"), elem)))
	}
	return one().Add(goType(t)).Block(Return(Qual(filesPkg, name).Call(Id("d"), elem)))
}
