package gen

import (
	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/dsl/source"
)

type sourceSpan = source.Span

// headerNames names the functions of a header rule: its condition and its
// value.
func (w *writer) headerNames(r *ir.Route, h *ir.HeaderRule, side string) [2]string {
	var n [2]string
	if h.When != nil {
		n[0] = w.names.unique("if", r.Name, side, h.Header)
	}
	if h.Value != nil && h.Value.Op != "const" {
		n[1] = w.names.unique("value", r.Name, side, h.Header)
	}
	return n
}

func (w *writer) headerFunctions(f *File, h *ir.HeaderRule, names [2]string) {
	if names[0] != "" {
		w.function(f, names[0], h.When, h.Span, "the condition of: "+h.Comment)
	}
	if names[1] != "" {
		w.function(f, names[1], h.Value, h.Span, h.Comment)
	}
}

// header writes one header rule of the request.
func (w *writer) header(g *Group, h *ir.HeaderRule, names [2]string) {
	g.Add(working(&h.Rule))
	fail := []Code{Id("r").Dot("Reply").Call(details(h.Name), Lit(500), Lit(""), False()), Return()}
	w.headerSteps(g, h, names, fail)
}

// headerSteps writes a rule with its condition; fail is what a failure does,
// unless the rule is skipped then.
func (w *writer) headerSteps(g *Group, h *ir.HeaderRule, names [2]string, fail []Code) {
	change := w.change(h, names, fail)
	if h.When == nil {
		for _, c := range change {
			g.Add(c)
		}
		return
	}
	call := w.self().Dot(names[0]).Call()
	if !h.When.Fails(w.failing) {
		g.If(call).Block(change...)
		return
	}
	if h.OnSkip {
		g.If(List(Id("ok"), Err()).Op(":=").Add(call), Id("ok").Op("&&").Err().Op("==").Lit(0)).Block(change...)
		return
	}
	g.If(List(Id("ok"), Err()).Op(":=").Add(call), Err().Op("!=").Lit(0)).Block(fail...).Else().If(Id("ok")).Block(change...)
}

// static reports whether a value lies in the library's constant data and was
// checked when it was compiled.
func static(e *ir.Expr) bool {
	switch e.Op {
	case "const":
		return e.Sendable()
	case "identity", "claim":
		return true // of the key file
	case "or-value":
		return static(e.Args[0]) && static(e.Args[1])
	}
	return false
}

// after writes the fixed response rules of a route.
func (w *writer) after(f *File, r *ir.Route) {
	ops := map[ir.HeaderOp]string{ir.Remove: "OpRemove", ir.Set: "OpSet", ir.SetIfAbsent: "OpSetIfAbsent", ir.Add: "OpAdd"}
	name := "after" + camel(r.Name)
	f.Comment(name + " is what the host does to an upstream's answer on route " + r.FullName + ".")
	f.Var().Id(name).Index(Lit(len(r.Response))).Qual(corePkg, "Action")
	f.Func().Id("init").Params().Block(Qual(corePkg, "Fix").CallFunc(func(g *Group) {
		g.Line().Id(name).Index(Empty(), Empty())
		for _, h := range r.Response {
			d := Dict{Id("Op"): Qual(corePkg, ops[h.Op]), Id("Name"): Lit(h.Header)}
			if h.Value != nil {
				d[Id("Value")] = Lit(h.Value.Value)
			}
			g.Line().Qual(corePkg, "Change").Values(d)
		}
		g.Line()
	}))
}

// change writes the operation itself.
func (w *writer) change(h *ir.HeaderRule, names [2]string, fail []Code) []Code {
	switch h.Op {
	case ir.Remove:
		return []Code{w.self().Dot("RemoveHeader").Call(Lit(h.Header))}
	case ir.RemoveAll:
		return []Code{w.self().Dot("RemoveHeaderPrefix").Call(Lit(h.Header))}
	}
	method := map[ir.HeaderOp]string{ir.Set: "SetHeader", ir.SetIfAbsent: "SetHeaderIfAbsent", ir.Add: "AddHeader"}[h.Op]
	if h.Op == ir.Set && w.recv == "r" && static(h.Value) {
		value := Lit(h.Value.Value)
		if names[1] != "" {
			value = w.self().Dot(names[1]).Call()
		}
		return []Code{w.self().Dot("SetHeaderStatic").Call(Lit(h.Header), value)}
	}
	if h.Op == ir.SetIfAbsent && w.recv == "r" && h.Slot >= 0 && static(h.Value) {
		set := *h
		set.Op = ir.Set
		return []Code{If(Op("!").Add(w.self()).Dot("HasHeader").Call(Lit(h.Slot))).Block(w.change(&set, names, fail)...)}
	}
	write := func(value Code) Code {
		return If(Op("!").Add(w.self()).Dot(method).Call(details(h.Name), Lit(h.Header), value)).Block(Return())
	}
	if names[1] == "" {
		return []Code{write(Lit(h.Value.Value))}
	}
	call := w.self().Dot(names[1]).Call()
	switch {
	case !h.Value.Fails(w.failing):
		return []Code{write(call)}
	case h.OnSkip:
		return []Code{If(List(Id("v"), Err()).Op(":=").Add(call), Err().Op("==").Lit(0)).Block(write(Id("v")))}
	default:
		return []Code{If(List(Id("v"), Err()).Op(":=").Add(call), Err().Op("!=").Lit(0)).Block(fail...).Else().Add(write(Id("v")))}
	}
}

// response writes the response rules of a route, and their use on the route's
// own answers.
func (w *writer) response(f *File, r *ir.Route) {
	w.recv = "p"
	names := map[*ir.HeaderRule][2]string{}
	for _, h := range r.Response {
		names[h] = w.headerNames(r, h, "response")
	}
	f.Comment("own" + camel(r.Name) + " applies the response rules to the route's own answer.")
	f.Func().Params(Id("r").Op("*").Id("request")).Id("own"+camel(r.Name)).Params().Block(
		If(Op("!").Id("r").Dot("Replied").Call()).Block(Return()),
		w.sayOwn(r),
		Var().Id("p").Id("response"),
		Id("p").Dot("OpenReply").Call(Op("&").Id("r").Dot("Request")),
		w.sameData(),
		w.refused(r),
		Id("p").Dot(responseFunc(r)).Call(),
		Id("p").Dot("Done").Call(),
	)
	f.Comment(responseFunc(r) + " is what route " + r.FullName + " does to an answer.")
	f.Func().Params(Id("p").Op("*").Id("response")).Id(responseFunc(r)).Params().BlockFunc(func(g *Group) {
		for _, h := range r.Response {
			fail := []Code{Id("p").Dot("Fail").Call(details(h.Name)), Return()}
			w.whereKnown(g, h, func(g *Group) { w.headerSteps(g, h, names[h], fail) })
		}
	})
	if r.FixedResponse() {
		w.after(f, r)
	}
	w.kept(f, r)
	w.ahead(f, r)
	for _, h := range r.Response {
		w.headerFunctions(f, h, names[h])
	}
	w.recv = "r"
}
