package gen

import (
	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
)

// A scope by template keeps in the request whether it holds, and what its
// template has captured.
func insideField(s *ir.Scope) string { return "inside" + camel(s.Name) }

func matchField(s *ir.Scope) string { return "scope" + camel(s.Name) }

func waysName(s *ir.Scope) string { return "ways" + camel(s.Name) }

func enterFunc(s *ir.Scope) string { return "enterScope" + camel(s.Name) }

// matched is the field with the captures that the expression at hand reads.
func (w *writer) matched() string {
	if w.inside != nil {
		return matchField(w.inside)
	}
	return "match"
}

func (w *writer) insideFields(g *Group) {
	for _, s := range w.b.Scopes {
		if s.Template() {
			g.Id(insideField(s)).Bool()
			g.Id(matchField(s)).Qual(routePkg, "Match")
		}
	}
}

// enterScopes finds out which of the scopes by template hold.
func (w *writer) enterScopes(g *Group, scopes []int) {
	for _, i := range scopes {
		if s := w.b.Scopes[i]; s.Template() {
			g.If(Op("!").Id("r").Dot(enterFunc(s)).Call()).Block(w.leave())
		}
	}
}

// scopeOf is the scope by template in which a header rule stands, or nil.
func (w *writer) scopeOf(h *ir.HeaderRule) *ir.Scope {
	if h.Scope < 0 {
		return nil
	}
	return w.b.Scopes[h.Scope]
}

// inScope writes a header rule so that it is carried out where its scope holds.
func (w *writer) inScope(g *Group, h *ir.HeaderRule, rule func(g *Group)) {
	s := w.scopeOf(h)
	if s == nil {
		rule(g)
		return
	}
	g.If(Id("r").Dot(insideField(s))).BlockFunc(rule)
}

// enter writes the matching of a scope by template: a table for each of its
// match lines, since any of them is enough, whatever the others say of the
// method.
func (w *writer) enter(f *File, s *ir.Scope) {
	f.Comment(waysName(s) + " are the match lines of scope " + s.FullName + ".")
	f.Var().Id(waysName(s)).Op("=").Index(Op("...")).Op("*").Qual(routePkg, "Table").ValuesFunc(func(g *Group) {
		for _, way := range s.Ways {
			g.Line().Qual(routePkg, "New").Call(Index().Qual(routePkg, "Pattern").ValuesFunc(func(g *Group) {
				for _, p := range way {
					g.Line().Values(pattern(p, 0, false))
				}
				g.Line()
			}))
		}
		g.Line()
	})
	f.Comment(enterFunc(s) + " finds out whether scope " + s.FullName + " holds; false after a refusal.")
	f.Func().Params(Id("r").Op("*").Id("request")).Id(enterFunc(s)).Params().Bool().BlockFunc(func(g *Group) {
		g.For(List(Id("_"), Id("way")).Op(":=").Range().Id(waysName(s))).Block(
			Id("way").Dot("Find").Call(Op("&").Id("r").Dot(matchField(s)), Id("r").Dot("Host").Call(), Id("r").Dot("DecodedPath").Call(), Id("r").Dot("MatchMethod").Call(), Nil()),
			If(Id("r").Dot(matchField(s)).Dot("Outcome").Op("==").Qual(routePkg, "Found")).Block(
				Id("r").Dot(insideField(s)).Op("=").True(),
				Break(),
			),
		)
		if s.When == nil {
			g.Return(True())
			return
		}
		g.If(Op("!").Id("r").Dot(insideField(s))).Block(Return(True()))
		call := Id("r").Dot("when" + camel(s.Name) + "Scope").Call()
		if s.When.Fails(w.failing) {
			g.List(Id("ok"), Err()).Op(":=").Add(call)
			g.If(Err().Op("!=").Lit(0)).Block(w.reply("r", s.FullName+".when", ir.Answer{Status: 500}), Return(False()))
			g.Id("r").Dot(insideField(s)).Op("=").Id("ok")
		} else {
			g.Id("r").Dot(insideField(s)).Op("=").Add(call)
		}
		g.Return(True())
	})
	if s.When != nil {
		w.function(f, "when"+camel(s.Name)+"Scope", s.When, s.Span, "the condition of scope "+s.FullName)
	}
}
