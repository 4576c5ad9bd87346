package gen

import (
	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
)

// memo is the field of request that keeps a let's value.
func memo(l *ir.Let) string { return "memo" + camel(l.Name) }

func letFunc(name string) string { return "let" + camel(name) }

// memoType is the type of that field. A let that can fail keeps its failure.
func (w *writer) memoType(l *ir.Let) Code {
	return Qual(evalPkg, "Memo").Types(goType(l.Value.Type))
}

// lets writes let.go.
func (w *writer) lets(f *File) {
	w.recv = "r"
	named := false
	w.b.Exprs(func(e *ir.Expr) { e.Walk(func(n *ir.Expr) { named = named || n.Op == "route-name" }) })
	if named {
		var names []string
		for _, r := range w.b.Routes {
			names = append(names, r.Name)
		}
		f.Comment("routeNames are the names of the routes, by number.")
		f.Var().Id("routeNames").Op("=").Add(stringList(names))
		if w.b.Stray != nil {
			f.Comment("routeName is the name of the route that was found, \"\" where none was.")
			f.Func().Params(Id("r").Op("*").Id("request")).Id("routeName").Params().String().Block(
				If(Id("r").Dot("strayed")).Block(Return(Lit(""))),
				Return(Id("routeNames").Index(Id("r").Dot("match").Dot("Route"))),
			)
		}
	}
	for _, l := range w.b.Lets {
		if l.Call {
			w.letFunction(f, l)
		} else {
			w.let(f, l)
		}
	}
}

func (w *writer) let(f *File, l *ir.Let) {
	fails := w.failing[l.Name]
	compute := w.names.unique("compute", l.Name)
	w.function(f, compute, l.Value, l.Span, "let "+l.Name)
	f.Comment(letFunc(l.Name) + " evaluates let " + l.Name + " once a request.")
	m := Id("r").Dot(memo(l))
	result := []Code{goType(l.Value.Type)}
	if fails {
		result = append(result, Qual(evalPkg, "Err"))
	}
	decl := f.Func().Params(Id("r").Op("*").Id("request")).Id(letFunc(l.Name)).Params()
	if fails {
		decl.Params(result...)
	} else {
		decl.Add(result[0])
	}
	decl.BlockFunc(func(g *Group) {
		g.If(Op("!").Add(m.Clone()).Dot("Done")).BlockFunc(func(g *Group) {
			if fails {
				g.List(m.Clone().Dot("Value"), m.Clone().Dot("Err")).Op("=").Id("r").Dot(compute).Call()
			} else {
				g.Add(m.Clone()).Dot("Value").Op("=").Id("r").Dot(compute).Call()
			}
			g.Add(m.Clone()).Dot("Done").Op("=").True()
		})
		if fails {
			g.Return(m.Clone().Dot("Value"), m.Clone().Dot("Err"))
		} else {
			g.Return(m.Clone().Dot("Value"))
		}
	})
}

func (w *writer) letFunction(f *File, l *ir.Let) {
	w.temps = 0
	fails := w.failing[l.Name]
	params := []Code{}
	for _, p := range l.Params {
		params = append(params, Id(variable(p.Name)).Add(goType(p.Type)))
	}
	f.Comment("let " + l.Name)
	decl := f.Func().Params(Id("r").Op("*").Id("request")).Id(letFunc(l.Name)).Params(params...)
	if fails {
		decl.Params(goType(l.Value.Type), Qual(evalPkg, "Err"))
	} else {
		decl.Add(goType(l.Value.Type))
	}
	decl.Block(at(l.Span, w.body(l.Value)...)...)
}

// variable is the Go name of a parameter or of a name bound by a macro.
func variable(name string) string { return "v_" + name }
