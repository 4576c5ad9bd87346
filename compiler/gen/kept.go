package gen

import (
	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// keeps reports whether response rules of the bundle read a request.
func (w *writer) keeps() bool {
	for _, r := range w.b.Routes {
		if asksRequest(r) {
			return true
		}
	}
	return w.b.Stray != nil && asksRequest(&ir.Route{Kept: w.b.Stray.Kept, Response: w.b.Stray.Response})
}

// asksRequest reports whether response rules of a route read a request; what an
// expression reads may have been folded away, but not where its rule holds.
func asksRequest(r *ir.Route) bool {
	for _, h := range r.Response {
		if h.NeedsRequest || h.NeedsIdentity {
			return true
		}
	}
	return len(r.Kept) > 0
}

func keepFunc(r *ir.Route) string { return "keep" + camel(r.Name) }

func keptRules(r *ir.Route) string { return "kept" + camel(r.Name) }

// keptAs names the methods of core.Kept that keep and give a value of a kind.
var keptAs = map[types.Kind][2]string{
	types.Bool: {"KeepBool", "Bool"}, types.Int: {"KeepInt", "Int"}, types.Uint: {"KeepUint", "Uint"}, types.Double: {"KeepDouble", "Double"},
	types.String: {"KeepText", "Text"}, types.Bytes: {"KeepText", "Text"}, types.Duration: {"KeepDuration", "Duration"}, types.Timestamp: {"KeepTime", "Time"},
}

// kept writes the evaluation of what the response rules of a route read of the
// request.
func (w *writer) kept(f *File, r *ir.Route) {
	if len(r.Kept) == 0 {
		return
	}
	before := w.recv
	w.recv = "r"
	names := make([]string, len(r.Kept))
	f.Comment(keepFunc(r) + " evaluates what the response rules of route " + r.FullName + " read of the request.")
	f.Func().Params(Id("r").Op("*").Id("request")).Id(keepFunc(r)).Params(Id("k").Op("*").Qual(corePkg, "Kept")).BlockFunc(func(g *Group) {
		for i, k := range r.Kept {
			names[i] = w.names.unique("keep", r.Name, "value")
			g.Add(w.keptOne(k, i, names[i]))
		}
	})
	for i, k := range r.Kept {
		if k.Scope >= 0 {
			w.inside = w.b.Scopes[k.Scope]
		}
		w.function(f, names[i], k.Expr, k.Expr.Span, "for: "+k.Rule)
		w.inside = nil
	}
	if r.AsksResponse() && r.Name != strayName {
		f.Comment(keptRules(r) + " are the rules that read them.")
		f.Var().Id(keptRules(r)).Op("=").Index(Op("...")).String().ValuesFunc(func(g *Group) {
			for _, k := range r.Kept {
				g.Line().Add(details(k.Rule))
			}
			g.Line()
		})
	}
	w.recv = before
}

// keptOne writes the evaluation of one value, where what it reads is known.
func (w *writer) keptOne(k *ir.Kept, i int, name string) Code {
	value := func(v *Statement) *Statement {
		if k.Expr.Type.Kind == types.Bytes {
			v = String().Call(v)
		}
		return Id("k").Dot(keptAs[k.Expr.Type.Kind][0]).Call(Lit(i), v)
	}
	call := Id("r").Dot(name).Call()
	var keep Code
	if k.Expr.Fails(w.failing) {
		keep = If(List(Id("v"), Err()).Op(":=").Add(call), Err().Op("!=").Lit(0)).Block(
			Id("k").Dot("KeepFailure").Call(Lit(i), Uint32().Call(Err())),
		).Else().Block(value(Id("v")))
	} else {
		keep = value(call)
	}
	var known []Code
	if k.Request {
		known = append(known, Id("r").Dot("Opened").Call())
	}
	if k.Identity {
		known = append(known, Id("r").Dot("identity").Op("!=").Nil())
	}
	if k.Scope >= 0 {
		known = append(known, Id("r").Dot(insideField(w.b.Scopes[k.Scope])))
	}
	if len(known) == 0 {
		return keep
	}
	return If(allOf(known)).Block(keep)
}

func allOf(conditions []Code) Code {
	out := Add(conditions[0])
	for _, c := range conditions[1:] {
		out = out.Op("&&").Add(c)
	}
	return out
}

// keptRead reads a kept value in a response rule.
func (w *writer) keptRead(e *ir.Expr) *Statement {
	v := w.self().Dot("kept").Dot(keptAs[e.Type.Kind][1]).Call(Lit(e.Index))
	if e.Type.Kind == types.Bytes {
		return goType(e.Type).Call(v)
	}
	return v
}

// keptFailure is the failure that was kept in its place.
func (w *writer) keptFailure(e *ir.Expr) *Statement {
	return w.self().Dot("kept").Dot("Failure").Call(Lit(e.Index))
}

// keptFields are the fields of a response that say what is known of its request.
func (w *writer) keptFields(g *Group) {
	if w.keeps() {
		g.Id("kept").Qual(corePkg, "Kept").Comment("what its rules read of the request")
		g.List(Id("opened"), Id("identified")).Bool().Comment("what was known of it")
	}
}

// forwarded says that all was known of the request: it had gone on.
func (w *writer) forwarded() Code {
	if !w.keeps() {
		return Null()
	}
	return List(Id("p").Dot("opened"), Id("p").Dot("identified")).Op("=").List(True(), True())
}

// refused says what is known of a request that we answer ourselves.
func (w *writer) refused(r *ir.Route) Code {
	if !asksRequest(r) {
		return Null()
	}
	s := Id("p").Dot("opened").Op("=").Id("r").Dot("Opened").Call().Line().Add(w.keepInto(r))
	if len(w.b.Auths) > 0 {
		s = s.Line().Id("p").Dot("identified").Op("=").Id("r").Dot("identity").Op("!=").Nil()
	}
	return s
}

// whereKnown writes a response rule so that it is left out where what it reads
// of the request is not known, or where its scope does not hold.
func (w *writer) whereKnown(g *Group, h *ir.HeaderRule, rule func(g *Group)) {
	var known []Code
	if h.NeedsRequest {
		known = append(known, Id("p").Dot("opened"))
	}
	if h.NeedsIdentity {
		known = append(known, Id("p").Dot("identified"))
	}
	if h.Inside >= 0 {
		known = append(known, Id("p").Dot("kept").Dot("Bool").Call(Lit(h.Inside)))
	}
	if len(known) == 0 {
		rule(g)
		return
	}
	g.If(allOf(known)).BlockFunc(rule)
}

// onAnswer writes, where a request goes on, what its response rules need.
func (w *writer) onAnswer(g *Group, number int, r *ir.Route) {
	switch {
	case r.FixedResponse():
		g.Id("r").Dot("After").Call(Id("after"+camel(r.Name)).Index(Empty(), Empty()))
	case r.Settled():
		g.Id("r").Dot("ahead" + camel(r.Name)).Call()
	case r.AsksResponse():
		g.Id("r").Dot("WantResponse").Call(Lit(number))
		if len(r.Kept) > 0 {
			g.Var().Id("k").Qual(corePkg, "Kept")
			g.Id("r").Dot(keepFunc(r)).Call(Op("&").Id("k"))
			g.Id("r").Dot("Keep").Call(Op("&").Id("k"), Id(keptRules(r)).Index(Empty(), Empty()))
		}
	}
}

// ahead writes the response rules of a request that goes on, where they read no
// answer.
func (w *writer) ahead(f *File, r *ir.Route) {
	if !r.Settled() {
		return
	}
	f.Comment("ahead" + camel(r.Name) + " settles what becomes of the answer to a request that goes on.")
	f.Func().Params(Id("r").Op("*").Id("request")).Id("ahead"+camel(r.Name)).Params().Block(
		Var().Id("p").Id("response"),
		Id("p").Dot("OpenAhead").Call(Op("&").Id("r").Dot("Request")),
		w.sameData(),
		w.forwarded(),
		w.keepInto(r),
		Id("p").Dot(responseFunc(r)).Call(),
		Id("p").Dot("Done").Call(),
	)
}

func (w *writer) keepInto(r *ir.Route) Code {
	if len(r.Kept) == 0 {
		return Null()
	}
	return Id("r").Dot(keepFunc(r)).Call(Op("&").Id("p").Dot("kept"))
}

// restore writes the reading of what was kept, in a later hook.
func (w *writer) restore(g *Group) {
	if w.keeps() {
		g.Add(w.forwarded())
		g.If(Op("!").Id("p").Dot("kept").Dot("Restore").Call(Id("f"))).Block(Return()).Comment("nobody decides then, which is refused")
	}
}
