package gen

import (
	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
)

// routing writes routing.go: the table of hosts and templates, the conditions
// of routes, and the way from a route's number to its function.
func (w *writer) routing(f *File) {
	b := w.b
	f.Comment("table finds the route of a request.")
	f.Var().Id("table").Op("=").Qual(routePkg, "New").Call(Index().Qual(routePkg, "Pattern").ValuesFunc(func(g *Group) {
		for i, r := range b.Routes {
			for _, p := range r.Patterns {
				g.Line().Values(pattern(p, i, r.When != nil))
			}
		}
		g.Line()
	}))

	f.Comment("route decides the request by the route that was found.")
	f.Func().Params(Id("r").Op("*").Id("request")).Id("route").Params().BlockFunc(func(g *Group) {
		g.Switch(Id("r").Dot("match").Dot("Route")).BlockFunc(func(g *Group) {
			for i, r := range b.Routes {
				g.Case(Lit(i)).BlockFunc(func(g *Group) {
					g.Id("r").Dot(routeFunc(r)).Call()
					if len(r.Response) > 0 || w.says(r) {
						g.Id("r").Dot("own" + camel(r.Name)).Call()
					}
				})
			}
			g.Default().Block(Id("r").Dot("Undecided").Call())
		})
	})

	if !w.hasWhen() {
		return
	}
	w.recv = "r"
	f.Comment("when evaluates the condition under which a route matches.")
	f.Func().Params(Id("r").Op("*").Id("request")).Id("when").Params(Id("route").Int32()).Params(Id("ok"), Id("failed").Bool()).BlockFunc(func(g *Group) {
		if w.b.Forgets() {
			g.Id("r").Dot("match").Dot("Route").Op("=").Id("route")
			g.Id("r").Dot("forget").Call()
		}
		g.Switch(Id("route")).BlockFunc(func(g *Group) {
			for i, r := range b.Routes {
				if r.When == nil {
					continue
				}
				g.Case(Lit(i)).BlockFunc(func(g *Group) {
					call := Id("r").Dot("when" + camel(r.Name)).Call()
					if r.When.Fails(w.failing) {
						g.List(Id("ok"), Err()).Op(":=").Add(call)
						g.Return(Id("ok").Op("&&").Err().Op("==").Lit(0), Err().Op("!=").Lit(0))
					} else {
						g.Return(call, False())
					}
				})
			}
		})
		g.Return(False(), True())
	})
	w.forget(f)
	for _, r := range b.Routes {
		if r.When != nil {
			w.function(f, "when"+camel(r.Name), r.When, r.Span, "the condition of route "+r.FullName)
		}
	}
}

// pattern is a pattern of a table.
func pattern(p ir.Pattern, route int, when bool) Dict {
	d := Dict{}
	if p.Host != "" {
		d[Id("Host")] = Lit(p.Host)
	}
	if p.HostCapture >= 0 {
		d[Id("HostCapture")] = True()
	}
	d[Id("Template")] = Lit(p.Template)
	d[Id("Entry")] = Qual(routePkg, "Entry").Values(DictFunc(func(d Dict) {
		d[Id("Route")] = Lit(route)
		if p.Methods != nil {
			d[Id("Methods")] = Index().String().ValuesFunc(func(g *Group) {
				for _, m := range p.Methods {
					g.Lit(m)
				}
			})
		}
		if when {
			d[Id("When")] = True()
		}
		if len(p.Captures) > 0 {
			d[Id("Captures")] = Index().Uint8().ValuesFunc(func(g *Group) {
				for _, c := range p.Captures {
					g.Lit(c)
				}
			})
		}
	}))
	return d
}
