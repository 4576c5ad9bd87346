package gen

import (
	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary
)

// outcomes says what the host can count: the texts are those by which the other
// files name what decided.
func (w *writer) outcomes(d Dict) {
	answers, passes := w.b.Outcomes()
	d[Id("Outcomes")] = Index().String().ValuesFunc(func(g *Group) {
		for _, name := range answers {
			g.Line().Add(details(name))
		}
		g.Line()
	})
	if len(passes) > 0 {
		d[Id("Passes")] = stringList(passes)
	}
	if shadows := w.b.Shadows(); len(shadows) > 0 {
		d[Id("Shadows")] = Index().Int().ValuesFunc(func(g *Group) {
			for _, n := range shadows {
				g.Lit(n)
			}
		})
	}
}
