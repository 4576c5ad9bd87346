package gen

import (
	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
)

// straying stands for a route where no route takes a request.
func (w *writer) straying() *ir.Route {
	s := w.b.Stray
	return &ir.Route{Name: strayName, FullName: w.b.Name, Response: s.Response, Sharing: s.Sharing, Kept: s.Kept, Scopes: s.Scopes}
}

// says reports whether answers to requests of a route say something without
// response rules: who may read them, or how limits stand.
func (w *writer) says(r *ir.Route) bool { return len(r.Sharing) > 0 || w.b.Announces(r) }

// ownSaid writes what a route without response rules does to its own answers.
func (w *writer) ownSaid(f *File, r *ir.Route) {
	f.Comment("own" + camel(r.Name) + " says on an answer of ours what all answers say.")
	f.Func().Params(Id("r").Op("*").Id("request")).Id("own" + camel(r.Name)).Params().Block(w.sayOwn(r))
}

// sayOwn writes that, in front of response rules.
func (w *writer) sayOwn(r *ir.Route) Code {
	if !w.says(r) {
		return Null()
	}
	s := &Statement{}
	if len(r.Sharing) > 0 {
		s.Id("r").Dot("ShareOwn").Call()
	}
	if w.b.Announces(r) {
		if len(r.Sharing) > 0 {
			s.Line()
		}
		s.Id("r").Dot("AnnounceOwn").Call()
	}
	return s
}
