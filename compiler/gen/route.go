package gen

import (
	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
)

// route writes one route's file: its steps in order, then its rules.
func (w *writer) route(f *File, number int, r *ir.Route) {
	w.recv = "r"
	f.Comment(routeFunc(r) + " decides route " + r.FullName + ".")
	names := w.ruleNames(r.Name, &r.Decisions)
	w.nameLimits(r.Name, &r.Decisions)
	w.ruleFuncs[&r.Decisions] = names
	headerNames := map[*ir.HeaderRule][2]string{}
	for _, h := range r.Request {
		headerNames[h] = w.headerNames(r, h, "request")
	}
	targets := w.fateNames(r)
	f.Func().Params(Id("r").Op("*").Id("request")).Id(routeFunc(r)).Params().BlockFunc(func(g *Group) {
		g.Id("r").Dot("SetLabel").Call(Lit(r.FullName))
		w.shareAlways(g, r.Sharing)
		w.enterScopes(g, r.Scopes)
		w.shareInside(g, r.Sharing)
		w.denies(g, r.EarlyDenies, names)
		w.scopeSteps(g, r.Scopes, scopeEarly)
		w.take(g, earlyLimits, &r.Decisions, r.Scopes)
		if !r.Public {
			g.If(Op("!").Id("r").Dot("authenticate" + camel(r.Name)).Call()).Block(Return())
		}
		w.denies(g, r.LateDenies, names)
		w.scopeSteps(g, r.Scopes, scopeLate)
		w.groups(g, r.Groups, names)
		w.scopeSteps(g, r.Scopes, scopeAllow)
		w.take(g, lateLimits, &r.Decisions, r.Scopes)
		if r.Respond != nil {
			g.Id("r").Dot("ReplyExact").Call(details(r.FullName+".respond"), Lit(r.Respond.Status), Lit(r.Respond.Body), Lit(r.Respond.JSON))
			return
		}
		if r.Redirect != nil {
			w.redirect(g, r, targets)
			return
		}
		w.bound(g, number, r.MaxBody)
		if r.KeepCredential {
			g.Id("r").Dot("KeepCredentials").Call()
		}
		g.Id("r").Dot("Forward").Call(Lit(r.Cluster), Lit(r.FullName))
		for _, h := range r.Request {
			w.inScope(g, h, func(g *Group) { w.header(g, h, headerNames[h]) })
		}
		w.onward(g, r, targets)
		w.onAnswer(g, number, r)
	})
	if !r.Public {
		w.authenticate(f, r)
	}
	w.ruleFunctions(f, &r.Decisions, names)
	w.limitFunctions(f, &r.Decisions)
	for _, h := range r.Request {
		w.inside = w.scopeOf(h)
		w.headerFunctions(f, h, headerNames[h])
		w.inside = nil
	}
	w.fateFunctions(f, r, targets)
	if len(r.Response) > 0 {
		w.response(f, r)
	} else if w.says(r) {
		w.ownSaid(f, r)
	}
}

// last returns the rule's own part of its full name.
func last(name string) string {
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] == '.' {
			return name[i+1:]
		}
	}
	return name
}

// working notes which rule is being decided, for the fence.
func working(k *ir.Rule) Code { return Id("r").Dot("At").Op("=").Lit(k.Number) }

func (w *writer) denies(g *Group, rules []*ir.Rule, names map[*ir.Rule]string) {
	for _, k := range rules {
		g.Add(working(k))
		if k.Shadow {
			g.If(w.holdsOrFails(k, names[k])).Block(shadow(k))
			continue
		}
		g.If(w.holdsOrFails(k, names[k])).Block(
			w.reply("r", k.Name, k.Answer),
			w.leave(),
		)
	}
}

// holdsOrFails is the condition of a rule that refuses: a failure counts.
func (w *writer) holdsOrFails(k *ir.Rule, name string) Code {
	if k.When.Fails(w.failing) {
		return List(Id("ok"), Err()).Op(":=").Id("r").Dot(name).Call().Op(";").Id("ok").Op("||").Err().Op("!=").Lit(0)
	}
	return Id("r").Dot(name).Call()
}

func (w *writer) reply(recv, rule string, a ir.Answer) Code {
	f := "Reply"
	if a.HasBody {
		f = "ReplyExact"
	}
	return Id(recv).Dot(f).Call(details(rule), Lit(a.Status), Lit(a.Body), Lit(a.JSON))
}

// allows tries the allows of a block in order; the first that holds ends the
// step.
func (w *writer) allows(g *Group, r *ir.Group, names map[*ir.Rule]string) {
	refuse := func(rule string) Code { return w.reply("r", rule, ir.Answer{Status: 403}) }
	for i, k := range r.Allows {
		g.Add(working(k))
		call := Id("r").Dot(names[k]).Call()
		if i == 0 {
			for _, c := range w.firstAllow(k, call, refuse) {
				g.Add(c)
			}
			continue
		}
		g.If(Op("!").Id("allowed")).Block(w.nextAllow(k, call, refuse)...)
	}
	g.If(Op("!").Id("allowed")).Block(append(w.shadowAllows(r.Shadows, names), refuse(r.Refusal), w.leave())...)
}

// firstAllow declares allowed; nextAllow sets it. A failure refuses by the
// rule's own name, unless the rule is skipped then.
func (w *writer) firstAllow(k *ir.Rule, call *Statement, refuse func(string) Code) []Code {
	switch {
	case !k.When.Fails(w.failing):
		return []Code{Id("allowed").Op(":=").Add(call)}
	case k.OnSkip:
		return []Code{List(Id("allowed"), Err()).Op(":=").Add(call), Id("allowed").Op("=").Id("allowed").Op("&&").Err().Op("==").Lit(0)}
	}
	return []Code{List(Id("allowed"), Err()).Op(":=").Add(call),
		If(Err().Op("!=").Lit(0)).Block(refuse(k.Name), w.leave())}
}

func (w *writer) nextAllow(k *ir.Rule, call *Statement, refuse func(string) Code) []Code {
	switch {
	case !k.When.Fails(w.failing):
		return []Code{Id("allowed").Op("=").Add(call)}
	case k.OnSkip:
		return []Code{List(Id("ok"), Err()).Op(":=").Add(call), Id("allowed").Op("=").Id("ok").Op("&&").Err().Op("==").Lit(0)}
	}
	return []Code{List(Id("ok"), Err()).Op(":=").Add(call),
		If(Err().Op("!=").Lit(0)).Block(refuse(k.Name), w.leave()),
		Id("allowed").Op("=").Id("ok")}
}

// function writes a boolean or a value as a method, with its place in the
// policy. A function that can fail returns an eval.Err too.
func (w *writer) function(f *File, name string, e *ir.Expr, span sourceSpan, comment string) {
	if e == nil {
		return
	}
	w.temps = 0
	fails := e.Fails(w.failing)
	recvType := map[string]string{"r": "request", "p": "response"}[w.recv]
	result := []Code{goType(e.Type)}
	if fails {
		result = append(result, Qual(evalPkg, "Err"))
	}
	f.Comment(comment)
	decl := f.Func().Params(w.self().Op("*").Id(recvType)).Id(name).Params()
	if fails {
		decl.Params(result...)
	} else {
		decl.Add(result[0])
	}
	decl.Block(at(span, w.body(e)...)...)
}
