package gen

import (
	"fmt"
	"strings"

	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// identity writes identity.go: who a caller is, the keys of each auth, and the
// reading of credentials.
func (w *writer) identity(f *File) {
	b := w.b
	f.Comment("identity is what an auth has found out about the caller.")
	f.Type().Id("identity").StructFunc(func(g *Group) {
		g.List(Id("Method"), Id("Subject"), Id("ID"), Id("Issuer")).String()
		g.Id("Groups").Index().String()
		g.Id("Anonymous").Bool()
		for _, c := range b.Claims {
			g.Id(claimField(c.Name)).Add(goType(c.Type))
		}
	})
	f.Comment("anonymous is the caller who shows no credential where none is required.")
	f.Var().Id("anonymous").Op("=").Id("identity").Values(Dict{Id("Anonymous"): True()})
	for _, a := range b.Auths {
		w.auth(f, a)
	}
}

func claimField(name string) string { return "Claim" + camel(name) }

func (w *writer) auth(f *File, a *ir.Auth) {
	keys, who := keysName(a), callersName(a)
	f.Comment(fmt.Sprintf("%s are the SHA-256 digests of the keys of auth %s.", keys, a.Name))
	f.Var().Id(keys).Op("=").Qual(authnPkg, "NewKeys").CallFunc(func(g *Group) {
		g.Add(digests(a.Keys))
	})
	f.Comment(fmt.Sprintf("%s are those callers, in the order of their keys.", who))
	f.Var().Id(who).Op("=").Index(Op("...")).Id("identity").ValuesFunc(func(g *Group) {
		for _, k := range a.Keys {
			g.Line().Values(w.caller(a, k))
		}
		g.Line()
	})

	set, callers := Id(keys), Id(who)
	if a.Reload {
		set, callers = Id("r").Dot("data").Dot(keys), Id("r").Dot("data").Dot(who)
		w.readKeys(f, a)
	}
	f.Comment(fmt.Sprintf("auth%s reads the credential of auth %s from the %s %q. who is nil for an unknown key.", camel(a.Name), a.Name, a.Place, a.Field))
	f.Func().Params(Id("r").Op("*").Id("request")).Id("auth"+camel(a.Name)).Params().
		Params(Id("present").Bool(), Id("who").Op("*").Id("identity")).BlockFunc(func(g *Group) {
		credential := Id("r").Dot(map[string]string{"query": "Query", "cookie": "Cookie"}[a.Place]).Call(Lit(a.Slot))
		switch a.Place {
		case "header":
			g.Switch(Id("r").Dot("HeaderCount").Call(Lit(a.Slot))).Block(
				Case(Lit(0)).Block(Return(False(), Nil())),
				Case(Lit(1)),
				Default().Block(Return(True(), Nil())).Comment("two keys are no key"),
			)
			credential = Id("r").Dot("HeaderValue").Call(Lit(a.Slot), Lit(0))
		case "query":
			g.If(Op("!").Id("r").Dot("HasQuery").Call(Lit(a.Slot))).Block(Return(False(), Nil()))
		case "cookie":
			g.If(Op("!").Id("r").Dot("HasCookie").Call(Lit(a.Slot))).Block(Return(False(), Nil()))
		}
		g.If(Id("i").Op(":=").Add(set).Dot("Find").Call(credential), Id("i").Op(">=").Lit(0)).Block(
			Return(True(), Op("&").Add(callers).Index(Id("i"))),
		)
		g.Return(True(), Nil())
	})
}

// digests is the keys' digests as one constant, a line each.
func digests(keys []ir.Key) *Statement {
	s := Lit("")
	for _, k := range keys {
		var text strings.Builder
		for _, c := range k.Digest {
			fmt.Fprintf(&text, `\x%02x`, c)
		}
		s.Op("+").Line().Op(`"` + text.String() + `"`)
	}
	return s
}

func (w *writer) caller(a *ir.Auth, k ir.Key) Dict {
	d := Dict{
		Id("Method"):  Lit(a.Name),
		Id("Subject"): Lit(k.Subject),
		Id("ID"):      Lit(a.Name + ":" + k.Subject),
	}
	if len(k.Groups) > 0 {
		d[Id("Groups")] = Index().String().ValuesFunc(func(g *Group) {
			for _, s := range k.Groups {
				g.Lit(s)
			}
		})
	}
	for i, c := range w.b.Claims {
		if k.Claims[i] == nil {
			continue
		}
		v := literal(k.Claims[i], bare(c.Type))
		if c.Type.Kind == types.Optional {
			v = Qual(evalPkg, "Some").Call(v)
		}
		d[Id(claimField(c.Name))] = v
	}
	return d
}

// bare is the type of a claim that is there.
func bare(t *types.Type) *types.Type {
	if t.Kind == types.Optional {
		return t.Elem
	}
	return t
}

// authenticate writes the authentication of one route.
func (w *writer) authenticate(f *File, r *ir.Route) {
	f.Comment("authenticate" + camel(r.Name) + " finds out who calls, or answers 401.")
	f.Func().Params(Id("r").Op("*").Id("request")).Id("authenticate" + camel(r.Name)).Params().Bool().BlockFunc(func(g *Group) {
		g.Var().List(Id("present"), Id("valid")).Int()
		for _, i := range r.Auths {
			g.If(List(Id("found"), Id("who")).Op(":=").Id("r").Dot("auth"+camel(w.b.Auths[i].Name)).Call(), Id("found")).Block(
				Id("present").Op("++"),
				If(Id("who").Op("!=").Nil()).Block(
					Id("valid").Op("++"),
					Id("r").Dot("identity").Op("=").Id("who"),
				),
			)
		}
		g.Comment("A bad credential refuses beside a good one too, and so do two.")
		g.If(Id("present").Op("==").Lit(1).Op("&&").Id("valid").Op("==").Lit(1)).Block(Return(True()))
		if r.Optional {
			g.If(Id("present").Op("==").Lit(0)).Block(
				Id("r").Dot("identity").Op("=").Op("&").Id("anonymous"),
				Return(True()),
			)
		}
		g.Id("r").Dot("identity").Op("=").Nil().Comment("whoever one of them was")
		g.Id("r").Dot("Reply").Call(details(r.FullName+".auth"), Lit(401), Lit(""), False())
		for _, i := range r.Auths {
			a := w.b.Auths[i]
			g.Id("r").Dot("Challenge").Call(Lit(fmt.Sprintf("ApiKey realm=%q, in=%q, name=%q", w.b.Name, a.Place, a.Field)))
		}
		g.Return(False())
	})
}
