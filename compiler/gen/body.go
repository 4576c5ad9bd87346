package gen

import (
	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
)

// bounds reports whether the body of some request is counted.
func (w *writer) bounds() bool {
	for _, r := range w.b.Routes {
		if r.MaxBody >= 0 {
			return true
		}
	}
	return w.b.Unmatched == 0 && w.b.MaxBody >= 0
}

// bound writes the bound on the body of a request that would go on.
func (w *writer) bound(g *Group, number int, most int64) {
	if most >= 0 {
		g.If(Op("!").Id("r").Dot("Bound").Call(Lit(int(most)), Lit(number))).Block(w.leave())
	}
}

// pass is what becomes of a request that no route takes and that the host's own
// route decides on.
func (w *writer) pass() Code {
	if w.b.MaxBody < 0 {
		return Id("r").Dot("Pass").Call()
	}
	// No route has this number.
	return If(Id("r").Dot("Bound").Call(Lit(int(w.b.MaxBody)), Lit(len(w.b.Routes)))).Block(Id("r").Dot("Pass").Call())
}

// tooLarge writes the answer to a request whose body turns out to be too large.
func (w *writer) tooLarge(f *File) {
	f.Comment("tooLarge answers a request that had gone on when its body became too large.")
	f.Func().Id("tooLarge").Params(Id("f").Op("*").Qual(corePkg, "Frame")).BlockFunc(func(g *Group) {
		g.Var().Id("r").Id("request")
		g.Defer().Id("r").Dot("Fence").Call()
		g.Id("r").Dot("OpenBody").Call(Id("f"), Id("spec"))
		g.Switch(Id("f").Dot("Route")).BlockFunc(func(g *Group) {
			for i, r := range w.b.Routes {
				if r.MaxBody >= 0 {
					g.Case(Lit(i)).BlockFunc(func(g *Group) {
						g.Id("r").Dot("SetLabel").Call(Lit(r.FullName))
						w.cutAnswer(g, r)
					})
				}
			}
		})
		g.Id("r").Dot("Done").Call()
		if w.b.Decisions != "" {
			g.Id("r").Dot("Recorded").Call(Lit("")) // who it was is not kept
		}
	})
}

// cutAnswer writes the response rules of a route for that answer.
func (w *writer) cutAnswer(g *Group, r *ir.Route) {
	if len(r.Response) == 0 {
		return
	}
	g.Var().Id("p").Id("response")
	g.Id("p").Dot("OpenReply").Call(Op("&").Id("r").Dot("Request"))
	if r.Settled() {
		g.Id("p").Dot("Settled").Call()
	} else {
		w.snapshot(g, "p")
		w.restore(g)
		g.Id("p").Dot(responseFunc(r)).Call()
	}
	g.Id("p").Dot("Done").Call()
}
