package gen

import (
	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

func keysName(a *ir.Auth) string    { return "keys" + camel(a.Name) }
func callersName(a *ir.Auth) string { return "callers" + camel(a.Name) }
func readerName(a *ir.Auth) string  { return "read" + camel(a.Name) }

// readKeys writes the reading of an auth's keys while the library runs.
func (w *writer) readKeys(f *File, a *ir.Auth) {
	f.Comment(readerName(a) + " reads the keys of auth " + a.Name + " and who has them.")
	f.Func().Id(readerName(a)).Params(Id("text").String()).Params(Op("*").Qual(authnPkg, "Keys"), Index().Id("identity"), Error()).BlockFunc(func(g *Group) {
		g.Id("k").Op(":=").Qual(filesPkg, "ReadKeys").Call(Lit("auth "+a.Name), Id("text"), Index().Qual(filesPkg, "Field").ValuesFunc(func(g *Group) {
			for _, c := range a.Claims {
				g.Values(Dict{Id("Name"): Lit(c.Name), Id("Optional"): Lit(c.Type.Kind == types.Optional)})
			}
		}))
		g.If(Id("k").Dot("Err").Call().Op("!=").Nil()).Block(Return(Nil(), Nil(), Id("k").Dot("Err").Call()))
		g.Id("who").Op(":=").Make(Index().Id("identity"), Id("k").Dot("Len").Call())
		g.For(Id("i").Op(":=").Range().Id("who")).BlockFunc(func(g *Group) {
			subject := func() *Statement { return Id("k").Dot("Subject").Call(Id("i")) }
			g.Id("who").Index(Id("i")).Op("=").Id("identity").Values(Dict{
				Id("Method"): Lit(a.Name), Id("Subject"): subject(), Id("ID"): Lit(a.Name + ":").Op("+").Add(subject()), Id("Groups"): Id("k").Dot("Groups").Call(Id("i")),
			})
			for i, c := range a.Claims {
				value := Id("k").Dot(claimReaders[bare(c.Type).Kind]).Call(Id("i"), Lit(i))
				if w.claimType(c.Name).Kind == types.Optional {
					value = Qual(evalPkg, "Some").Call(value)
				}
				g.If(Id("k").Dot("Has").Call(Id("i"), Lit(i))).Block(Id("who").Index(Id("i")).Dot(claimField(c.Name)).Op("=").Add(value))
			}
		})
		g.Return(Qual(authnPkg, "NewKeys").Call(Id("k").Dot("Digests").Call()), Id("who"), Id("k").Dot("Err").Call())
	})
}

// claimReaders are the methods of a key file by the claim's type.
var claimReaders = map[types.Kind]string{types.Bool: "Bool", types.Int: "Int", types.Uint: "Uint", types.Double: "Double", types.String: "Text", types.List: "List"}

// claimType is the type in which a claim is kept.
func (w *writer) claimType(name string) *types.Type {
	for _, c := range w.b.Claims {
		if c.Name == name {
			return c.Type
		}
	}
	panic("gen: no claim " + name)
}

// reloaded are the auths whose keys are part of the data.
func (w *writer) reloaded() []*ir.Auth {
	var out []*ir.Auth
	for _, a := range w.b.Auths {
		if a.Reload {
			out = append(out, a)
		}
	}
	return out
}
