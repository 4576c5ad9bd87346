package gen

import (
	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
)

// bundle writes bundle.go: what the host is told, what a request is asked for,
// and the entry.
func (w *writer) bundle(f *File) {
	b := w.b
	f.PackageComment("Package policy is bundle " + b.Name + ", compiled.")
	hasResponse, asks := false, false // rules on answers; rules that need a call
	for _, r := range b.Routes {
		hasResponse = hasResponse || len(r.Response) > 0
		asks = asks || r.AsksResponse()
	}
	hasResponse = hasResponse || b.Stray != nil && len(b.Stray.Response) > 0

	f.Comment("Bundle is what the host loads.")
	f.Var().Id("Bundle").Op("=").Qual(corePkg, "Bundle").Values(DictFunc(func(d Dict) {
		d[Id("Name")] = Lit(b.Name)
		d[Id("Digest")] = Lit(b.Digest)
		if len(b.Attributes) > 0 {
			d[Id("Attributes")] = Index().Qual(corePkg, "AttributeID").ValuesFunc(func(g *Group) {
				for _, a := range b.Attributes {
					g.Line().Lit(int(a.Host)).Comment("/* " + a.Name + " */") // a // would swallow the comma
				}
				g.Line()
			})
		}
		if b.NeedsNow {
			d[Id("NeedsNow")] = True()
		}
		if len(b.Limits) > 0 {
			d[Id("NeedsClock")] = True()
			d[Id("Load")] = Id("load")
		}
		d[Id("Spec")] = Id("spec")
		d[Id("Request")] = Id("decide")
		if asks {
			d[Id("Response")] = Id("answer")
		}
		if w.bounds() {
			d[Id("TooLarge")] = Id("tooLarge")
		}
		d[Id("Rules")] = stringList(b.Rules())
		if b.Outlives() {
			d[Id("Keeps")] = True()
		}
		w.outcomes(d)
		if b.Decisions != "" {
			d[Id("Decisions")] = Qual(corePkg, map[string]string{"denied": "RecordDenied", "all": "RecordAll"}[b.Decisions])
		}
		if w.hasData() {
			d[Id("Files")] = Op("&").Id("sources")
		}
	}))

	f.Var().Id("spec").Op("=").Parens(Op("&").Qual(corePkg, "Spec").Values(w.spec())).Dot("Prepare").Call()

	f.Comment("request is one request and what the policy has found out about it.")
	f.Type().Id("request").StructFunc(func(g *Group) {
		g.Qual(corePkg, "Request")
		g.Id("match").Qual(routePkg, "Match")
		if w.hasData() {
			g.Id("data").Op("*").Id("data")
		}
		if len(b.Auths) > 0 {
			g.Id("identity").Op("*").Id("identity")
		}
		if b.Stray != nil {
			g.Id("strayed").Bool().Comment("no route takes it")
		}
		w.insideFields(g)
		if len(b.Lists) > 0 {
			g.Id("lists").Index(Lit(len(b.Lists))).Qual(evalPkg, "Memo").Types(Index().String())
		}
		for _, l := range b.Lets {
			if !l.Call {
				g.Id(memo(l)).Add(w.memoType(l))
			}
		}
	})
	if hasResponse {
		f.Comment("response is one answer, on its way to the client.")
		f.Type().Id("response").StructFunc(func(g *Group) {
			g.Qual(corePkg, "Response")
			if w.hasData() {
				g.Id("data").Op("*").Id("data")
			}
			w.keptFields(g)
		})
	}
	if len(b.Lists) > 0 {
		w.list(f)
	}
	w.decide(f)
	if w.hasWhen() {
		w.failedWhen(f)
	}
	if asks {
		w.answer(f)
	}
	if w.bounds() {
		w.tooLarge(f)
	}
}

func stringList(list []string) *Statement {
	return Index().String().ValuesFunc(func(g *Group) {
		for _, s := range list {
			g.Line().Lit(s)
		}
		if len(list) > 0 {
			g.Line()
		}
	})
}

func (w *writer) spec() Dict {
	b := w.b
	steps := Dict{
		Id("Canonical"): details(b.Name + ".canonical"),
		Id("Unmatched"): details(b.Name + ".unmatched"),
		Id("Method"):    details(b.Name + ".method"),
		Id("Undecided"): details(b.Name + ".undecided"),
	}
	if w.bounds() {
		steps[Id("Body")] = details(b.Name + ".body")
	}
	d := Dict{
		Id("Bundle"):          Lit(b.Name),
		Id("Details"):         Qual(corePkg, "Details").Values(steps),
		Id("UnmatchedStatus"): Lit(w.unmatchedStatus()),
	}
	for field, list := range map[string][]string{"Headers": b.Headers, "Queries": b.Queries, "Cookies": b.Cookies, "Lists": b.Lists, "Owned": b.Owned, "Removed": b.Removed} {
		if len(list) > 0 {
			d[Id(field)] = stringList(list)
		}
	}
	if b.Normalize {
		d[Id("Normalize")] = True()
	}
	if len(b.Auths) > 0 {
		places := map[string]string{"header": "InHeader", "query": "InQuery", "cookie": "InCookie"}
		d[Id("Credentials")] = Index().Qual(corePkg, "Credential").ValuesFunc(func(g *Group) {
			for _, a := range b.Auths {
				g.Line().Values(Dict{Id("Place"): Qual(corePkg, places[a.Place]), Id("Name"): Lit(a.Field)})
			}
			g.Line()
		})
	}
	if len(b.Replies) > 0 {
		d[Id("Replies")] = Index().Qual(corePkg, "Reply").ValuesFunc(func(g *Group) {
			for _, r := range b.Replies {
				g.Line().Values(Dict{Id("Status"): Lit(r.Status), Id("Body"): Lit(r.Body), Id("JSON"): Lit(r.JSON)})
			}
			g.Line()
		})
	}
	return d
}

// list writes the reading of query parameters as lists: once a request, since
// loops come back to them.
func (w *writer) list(f *File) {
	f.Comment("list returns the values of the i-th query parameter that is read as a list.")
	f.Func().Params(Id("r").Op("*").Id("request")).Id("list").Params(Id("i").Int()).Index().String().Block(
		Id("m").Op(":=").Op("&").Id("r").Dot("lists").Index(Id("i")),
		If(Op("!").Id("m").Dot("Done")).Block(
			Id("m").Dot("Value").Op("=").Id("r").Dot("QueryValues").Call(Id("spec").Dot("Lists").Index(Id("i")), Nil()),
			Id("m").Dot("Done").Op("=").True(),
		),
		Return(Id("m").Dot("Value")),
	)
}

// decide writes the entry of the request phase.
func (w *writer) decide(f *File) {
	f.Comment("decide leaves exactly one verdict in the frame.")
	f.Func().Id("decide").Params(Id("f").Op("*").Qual(corePkg, "Frame")).BlockFunc(func(g *Group) {
		g.Var().Id("r").Id("request")
		g.Defer().Id("r").Dot("Fence").Call()
		g.If(Op("!").Id("r").Dot("Open").Call(Id("f"), Id("spec"))).BlockFunc(func(g *Group) {
			if w.b.Stray != nil && len(w.b.Stray.Response) > 0 {
				w.snapshot(g, "r")
				g.Add(w.ownStray())
			}
			g.Return()
		})
		w.snapshot(g, "r")
		when, failed := Nil(), Null()
		if w.hasWhen() {
			when = Id("r").Dot("when")
			failed = Case(Qual(routePkg, "Failed")).Block(w.unlessStray(Id("r").Dot("failedWhen").Call())...)
		}
		find := func(method string) Code {
			return Id("table").Dot("Find").Call(Op("&").Id("r").Dot("match"), Id("r").Dot("Host").Call(), Id("r").Dot("DecodedPath").Call(), Id("r").Dot(method).Call(), when)
		}
		w.preflights(g, find)
		g.Add(find("Method"))
		w.forgets(g)
		g.Switch(Id("r").Dot("match").Dot("Outcome")).Block(
			Case(Qual(routePkg, "Found")).Block(Id("r").Dot("route").Call()),
			Case(Qual(routePkg, "NoMethod")).Block(w.unlessStray(Id("r").Dot("MethodNotAllowed").Call(Id("r").Dot("match").Dot("Allow")))...),
			Case(Qual(routePkg, "None")).Block(w.unlessStray(w.unmatched())...),
			failed,
			Default().Block(Id("r").Dot("Undecided").Call()),
		)
		g.Id("r").Dot("Done").Call()
		w.recorded(g)
	})
}

// failedWhen writes the answers to requests for which a route's when failed.
func (w *writer) failedWhen(f *File) {
	f.Comment("failedWhen answers a request for which a route's when failed.")
	f.Func().Params(Id("r").Op("*").Id("request")).Id("failedWhen").Params().BlockFunc(func(g *Group) {
		g.Switch(Id("r").Dot("match").Dot("FailedRoute")).BlockFunc(func(g *Group) {
			for i, r := range w.b.Routes {
				if r.When != nil && r.When.Fails(w.failing) {
					g.Case(Lit(i)).Block(Id("r").Dot("Reply").Call(details(r.FullName+".when"), Lit(500), Lit(""), False()))
				}
			}
			g.Default().Block(Id("r").Dot("Undecided").Call())
		})
	})
}

// answer writes the entry of the response phase.
func (w *writer) answer(f *File) {
	f.Comment("answer applies the response rules of the frame's route.")
	f.Func().Id("answer").Params(Id("f").Op("*").Qual(corePkg, "Frame")).BlockFunc(func(g *Group) {
		g.Var().Id("p").Id("response")
		g.If(Op("!").Id("p").Dot("Open").Call(Id("f"), Id("spec"))).Block(Return())
		w.snapshot(g, "p")
		w.restore(g)
		g.Switch(Id("f").Dot("Route")).BlockFunc(func(g *Group) {
			for i, r := range w.b.Routes {
				if r.AsksResponse() {
					g.Case(Lit(i)).Block(Id("p").Dot(responseFunc(r)).Call())
				}
			}
		})
		g.Id("p").Dot("Done").Call()
	})
}

func (w *writer) hasWhen() bool {
	for _, r := range w.b.Routes {
		if r.When != nil {
			return true
		}
	}
	return false
}

func routeFunc(r *ir.Route) string    { return "route" + camel(r.Name) }
func responseFunc(r *ir.Route) string { return "response" + camel(r.Name) }
