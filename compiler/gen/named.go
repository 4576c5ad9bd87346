package gen

import (
	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary
)

// forget writes what takes the values of lets back that another route's
// condition has left, where one reads the name of its route.
func (w *writer) forget(f *File) {
	if !w.b.Forgets() {
		return
	}
	named := w.b.Named()
	f.Comment("forget takes back what was evaluated for another route.")
	f.Func().Params(Id("r").Op("*").Id("request")).Id("forget").Params().BlockFunc(func(g *Group) {
		for _, l := range w.b.Lets {
			if named[l.Name] && !l.Call {
				g.Id("r").Dot(memo(l)).Dot("Done").Op("=").False()
			}
		}
	})
}

// forgets calls it.
func (w *writer) forgets(g *Group) {
	if w.b.Forgets() {
		g.Id("r").Dot("forget").Call()
	}
}
