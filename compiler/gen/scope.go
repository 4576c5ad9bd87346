package gen

import (
	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
)

// The steps of a scope: each is a function that reports whether the request may
// go on.
const (
	scopeEarly = "early"
	scopeLate  = "late"
	scopeAllow = "allowed"
)

// count is how many rules, or groups of them, a step of a scope has.
func count(s *ir.Scope, step string) int {
	switch step {
	case scopeEarly:
		return len(s.EarlyDenies)
	case scopeLate:
		return len(s.LateDenies)
	}
	return len(s.Groups)
}

func scopeFunc(s *ir.Scope, step string) string { return step + "Scope" + camel(s.Name) }

// scopeSteps calls one step of each scope.
func (w *writer) scopeSteps(g *Group, scopes []int, step string) {
	for _, i := range scopes {
		if s := w.b.Scopes[i]; count(s, step) > 0 {
			refused := Op("!").Id("r").Dot(scopeFunc(s, step)).Call()
			if s.Template() {
				refused = Id("r").Dot(insideField(s)).Op("&&").Add(refused)
			}
			g.If(refused).Block(w.leave())
		}
	}
}

// leave ends the function at hand after an answer.
func (w *writer) leave() Code {
	if w.asking {
		return Return(False())
	}
	return Return()
}

// scopes writes scope.go: what the scopes decide, once for all their routes.
func (w *writer) scopes(f *File) {
	w.recv, w.asking = "r", true
	for _, s := range w.b.Scopes {
		w.inside = nil
		if s.Template() {
			w.inside = s
			w.enter(f, s)
		}
		names := w.ruleNames(s.Name, &s.Decisions)
		w.nameLimits(s.Name, &s.Decisions)
		write := func(step, what string, body func(g *Group)) {
			if count(s, step) == 0 {
				return
			}
			f.Comment(scopeFunc(s, step) + " " + what + " of scope " + s.FullName + "; false after a refusal.")
			f.Func().Params(Id("r").Op("*").Id("request")).Id(scopeFunc(s, step)).Params().Bool().BlockFunc(func(g *Group) {
				body(g)
				g.Return(True())
			})
		}
		write(scopeEarly, "tries the denials before authentication", func(g *Group) { w.denies(g, s.EarlyDenies, names) })
		write(scopeLate, "tries the denials that need identity", func(g *Group) { w.denies(g, s.LateDenies, names) })
		write(scopeAllow, "tries the allows", func(g *Group) { w.groups(g, s.Groups, names) })
		w.ruleFunctions(f, &s.Decisions, names)
		w.scopeLimits(f, s)
	}
	w.inside = nil
	if w.b.Stray != nil {
		w.stray(f)
	}
	w.asking = false
}

// strayName makes the names of functions; no route has it, since it is no name.
const strayName = "_stray"

// stray writes what happens to requests that no route takes.
func (w *writer) stray(f *File) {
	f.Comment("stray lets the scopes over everything refuse a request that no route takes.")
	f.Func().Params(Id("r").Op("*").Id("request")).Id("stray").Params().Bool().BlockFunc(func(g *Group) {
		g.Id("r").Dot("strayed").Op("=").True()
		w.shareAlways(g, w.b.Stray.Sharing)
		w.enterScopes(g, w.b.Stray.Scopes)
		w.shareInside(g, w.b.Stray.Sharing)
		w.scopeSteps(g, w.b.Stray.Scopes, scopeEarly)
		w.take(g, earlyLimits, &ir.Decisions{}, w.b.Stray.Scopes)
		w.scopeSteps(g, w.b.Stray.Scopes, scopeAllow)
		g.Return(True())
	})
	w.asking = false
	if len(w.b.Stray.Response) > 0 {
		w.response(f, w.straying())
	} else if w.says(w.straying()) {
		w.ownSaid(f, w.straying())
	}
}

// ownStray applies the response rules of the scopes over everything.
func (w *writer) ownStray() Code {
	if w.b.Stray == nil || len(w.b.Stray.Response) == 0 && !w.says(w.straying()) {
		return Null()
	}
	return Id("r").Dot("own" + camel(strayName)).Call()
}

// unlessStray is an answer to a request that no route takes, unless a scope
// refuses it first.
func (w *writer) unlessStray(answer Code) []Code {
	if w.b.Stray == nil {
		return []Code{answer}
	}
	return []Code{If(Id("r").Dot("stray").Call()).Block(answer), w.ownStray()}
}

// ruleNames names the functions of the rules that a block decides by.
func (w *writer) ruleNames(block string, d *ir.Decisions) map[*ir.Rule]string {
	names := map[*ir.Rule]string{}
	add := func(prefix string, rules []*ir.Rule) {
		for _, k := range rules {
			names[k] = w.names.unique(prefix, block, last(k.Name))
		}
	}
	add("deny", d.EarlyDenies)
	add("deny", d.LateDenies)
	for _, g := range d.Groups {
		add("allow", g.Allows)
		add("allow", g.Shadows)
	}
	return names
}

func (w *writer) ruleFunctions(f *File, d *ir.Decisions, names map[*ir.Rule]string) {
	write := func(rules []*ir.Rule) {
		for _, k := range rules {
			w.function(f, names[k], k.When, k.Span, k.Comment)
		}
	}
	write(d.EarlyDenies)
	write(d.LateDenies)
	for _, g := range d.Groups {
		write(g.Allows)
		write(g.Shadows)
	}
}

// groups wants an allow of every block; each but the first in a scope of Go's
// own, since they declare the same names.
func (w *writer) groups(g *Group, groups []*ir.Group, names map[*ir.Rule]string) {
	for i, group := range groups {
		if i == 0 {
			w.allows(g, group, names)
		} else {
			g.BlockFunc(func(g *Group) { w.allows(g, group, names) })
		}
	}
}

// shadow counts a rule that would have changed the outcome.
func shadow(k *ir.Rule) Code { return Id("r").Dot("Shadow").Call(Lit(k.Number)) }

// shadowAllows tries the allows in shadow where the others refuse.
func (w *writer) shadowAllows(rules []*ir.Rule, names map[*ir.Rule]string) []Code {
	var out []Code
	for _, k := range rules {
		out = append(out, working(k))
		call := Id("r").Dot(names[k]).Call()
		if k.When.Fails(w.failing) {
			out = append(out, If(List(Id("ok"), Err()).Op(":=").Add(call), Id("ok").Op("&&").Err().Op("==").Lit(0)).Block(shadow(k)))
		} else {
			out = append(out, If(call).Block(shadow(k)))
		}
	}
	return out
}
