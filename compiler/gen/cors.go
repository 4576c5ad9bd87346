package gen

import (
	"strconv"

	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
)

func corsName(i int) string { return "cors" + strconv.Itoa(i) }

// cors writes cors.go: what each cors.allow says, and the answers to browsers
// that ask before they send.
func (w *writer) cors(f *File) {
	for i, c := range w.b.CORS {
		w.corsData(f, i, c)
	}
	w.recv = "r"
	f.Comment("preflight answers a browser that asks whether a page may send a request to a")
	f.Comment("route that is shared; false where none is: an ordinary request is left then.")
	f.Func().Params(Id("r").Op("*").Id("request")).Id("preflight").Params().Bool().BlockFunc(func(g *Group) {
		g.Switch(Id("r").Dot("match").Dot("Outcome")).BlockFunc(func(g *Group) {
			g.Case(Qual(routePkg, "Found")).Block(Switch(Id("r").Dot("match").Dot("Route")).BlockFunc(func(g *Group) {
				for i, r := range w.b.Routes {
					if len(r.Sharing) > 0 {
						g.Case(Lit(i)).Block(Return(Id("r").Dot("preflight" + camel(r.Name)).Call()))
					}
				}
			}))
			if w.b.Stray != nil && len(w.b.Stray.Sharing) > 0 {
				g.Case(Qual(routePkg, "None"), Qual(routePkg, "NoMethod")).Block(Return(Id("r").Dot("preflight" + camel(strayName)).Call()))
			}
		})
		g.Return(False())
	})
	w.asking = true
	for _, r := range w.b.Routes {
		if len(r.Sharing) > 0 {
			w.preflight(f, r.Name, "route "+r.FullName, r.Sharing, r.Scopes, func(g *Group) { g.Id("r").Dot("SetLabel").Call(Lit(r.FullName)) },
				&r.Decisions)
		}
	}
	if w.b.Stray != nil && len(w.b.Stray.Sharing) > 0 {
		w.preflight(f, strayName, "no route", w.b.Stray.Sharing, w.b.Stray.Scopes, func(g *Group) { g.Id("r").Dot("strayed").Op("=").True() },
			&ir.Decisions{})
	}
	w.asking = false
}

// preflight writes the answer for one route: its denials that need no identity
// come first. What refuses returns true: it has answered.
func (w *writer) preflight(f *File, name, title string, sharing []ir.Sharing, scopes []int, begin func(*Group), own *ir.Decisions) {
	f.Comment("preflight" + camel(name) + " answers for " + title + ".")
	f.Func().Params(Id("r").Op("*").Id("request")).Id("preflight" + camel(name)).Params().Bool().BlockFunc(func(g *Group) {
		begin(g)
		w.shareAlways(g, sharing)
		g.Id("r").Dot("permit" + camel(name)).Call()
		g.If(Op("!").Id("r").Dot("Replied").Call()).BlockFunc(func(g *Group) {
			w.undo(g, scopes)
			g.Return(False())
		})
		g.Id("r").Dot("own" + camel(name)).Call()
		g.Return(True())
	})
	f.Comment("permit" + camel(name) + " is false after a refusal, and where nothing is shared.")
	f.Func().Params(Id("r").Op("*").Id("request")).Id("permit" + camel(name)).Params().Bool().BlockFunc(func(g *Group) {
		w.enterScopes(g, scopes)
		g.Var().Id("c").Op("*").Qual(corePkg, "CORS")
		for _, s := range sharing {
			if s.Scope < 0 {
				g.Id("c").Op("=").Op("&").Id(corsName(s.CORS))
				continue
			}
			g.If(Id("r").Dot(insideField(w.b.Scopes[s.Scope]))).Block(
				Id("c").Op("=").Op("&").Id(corsName(s.CORS)),
				Id("r").Dot("Share").Call(Id("c")),
			)
		}
		g.If(Id("c").Op("==").Nil()).Block(Return(False()))
		w.denies(g, own.EarlyDenies, w.ruleFuncs[own])
		w.scopeSteps(g, scopes, scopeEarly)
		g.Id("r").Dot("Permit").Call(Id("c"))
		g.Return(True())
	})
}

// undo takes back what was found out of a request that is an ordinary one.
func (w *writer) undo(g *Group, scopes []int) {
	g.Id("r").Dot("SetLabel").Call(Lit(""))
	if w.b.Stray != nil {
		g.Id("r").Dot("strayed").Op("=").False()
	}
	for _, i := range scopes {
		if s := w.b.Scopes[i]; s.Template() {
			g.Id("r").Dot(insideField(s)).Op("=").False()
		}
	}
}

// corsData writes the constants of one cors.allow.
func (w *writer) corsData(f *File, i int, c *ir.CORS) {
	name := corsName(i)
	type change struct{ op, name, value string }
	answer := func(origin string) []change {
		list := []change{{"OpRemove", "access-control-allow-origin", ""}, {"OpRemove", "access-control-allow-credentials", ""}, {"OpRemove", "access-control-expose-headers", ""}}
		set := func(k int, value string) { list[k].op, list[k].value = "OpSet", value }
		if origin != "" {
			set(0, origin)
			if c.Credentials {
				set(1, "true")
			}
			if len(c.Expose) > 0 {
				set(2, c.Join(c.Expose, false))
			}
		}
		if !c.AnyOrigin {
			list = append(list, change{"OpAdd", "vary", "origin"})
		}
		return list
	}
	answers := [][]change{answer("")}
	if c.AnyOrigin {
		answers[0] = answer("*")
	}
	for _, o := range c.Origins {
		answers = append(answers, answer(o))
	}
	permit := [][2]string{}
	add := func(header, value string) {
		if value != "" {
			permit = append(permit, [2]string{header, value})
		}
	}
	if c.AnyOrigin {
		add("access-control-allow-origin", "*")
	}
	if c.Credentials {
		add("access-control-allow-credentials", "true")
	}
	add("access-control-allow-methods", c.Join(c.Methods, c.AnyMethod))
	add("access-control-allow-headers", c.Join(c.Headers, c.AnyHeader))
	if c.MaxAge > 0 {
		add("access-control-max-age", strconv.Itoa(c.MaxAge))
	}
	f.Comment(name + " is who may read the answers of " + c.Block + ".")
	f.Var().Id(name).Op("=").Qual(corePkg, "CORS").Values(DictFunc(func(d Dict) {
		d[Id("Details")] = details(w.b.Name + ".cors")
		for field, list := range map[string][]string{"Origins": c.Origins, "Methods": c.Methods, "Fields": c.Headers} {
			if len(list) > 0 {
				d[Id(field)] = stringList(list)
			}
		}
		if c.AnyMethod {
			d[Id("AnyMethod")] = True()
		}
		if c.AnyHeader {
			d[Id("AnyField")] = True()
		}
		d[Id("Permit")] = Index().Qual(corePkg, "Change").ValuesFunc(func(g *Group) {
			for _, p := range permit {
				g.Line().Values(Dict{Id("Name"): Lit(p[0]), Id("Value"): Lit(p[1])})
			}
			g.Line()
		})
		d[Id("Answers")] = Index().Index().Qual(corePkg, "Action").ValuesFunc(func(g *Group) {
			for k := range answers {
				g.Line().Id(name+"Answers").Index(Lit(k)).Index(Empty(), Empty())
			}
			g.Line()
		})
	}))
	f.Comment(name + "Answers is what the host does to an upstream's answer: first that to an")
	f.Comment("origin that is not listed, then those to the origins in their order.")
	f.Var().Id(name+"Answers").Index(Lit(len(answers))).Index(Lit(len(answers[0]))).Qual(corePkg, "Action")
	f.Func().Id("init").Params().BlockFunc(func(g *Group) {
		for k, list := range answers {
			g.Qual(corePkg, "Fix").CallFunc(func(g *Group) {
				g.Id(name+"Answers").Index(Lit(k)).Index(Empty(), Empty())
				for _, c := range list {
					d := Dict{Id("Op"): Qual(corePkg, c.op), Id("Name"): Lit(c.name)}
					if c.value != "" {
						d[Id("Value")] = Lit(c.value)
					}
					g.Line().Qual(corePkg, "Change").Values(d)
				}
				g.Line()
			})
		}
	})
}

// shareAlways notes the cors.allow that holds on all requests of a route.
func (w *writer) shareAlways(g *Group, sharing []ir.Sharing) {
	for _, s := range sharing {
		if s.Scope < 0 {
			g.Id("r").Dot("Share").Call(Op("&").Id(corsName(s.CORS)))
		}
	}
}

// shareInside notes the one of a scope by template in which the request is.
func (w *writer) shareInside(g *Group, sharing []ir.Sharing) {
	for _, s := range sharing {
		if s.Scope >= 0 {
			g.If(Id("r").Dot(insideField(w.b.Scopes[s.Scope]))).Block(Id("r").Dot("Share").Call(Op("&").Id(corsName(s.CORS))))
		}
	}
}

// preflights writes the step before the matching: whether a browser asks first.
func (w *writer) preflights(g *Group, find func(method string) Code) {
	if len(w.b.CORS) == 0 {
		return
	}
	g.If(Id("r").Dot("Asks").Call()).BlockFunc(func(g *Group) {
		g.Id("r").Dot("AskAs").Call()
		g.Add(find("MatchMethod"))
		w.forgets(g)
		g.If(Id("r").Dot("preflight").Call()).BlockFunc(func(g *Group) {
			g.Id("r").Dot("Done").Call()
			w.recorded(g)
			g.Return()
		})
		g.Id("r").Dot("AskNoMore").Call()
		w.forgets(g)
	})
}
