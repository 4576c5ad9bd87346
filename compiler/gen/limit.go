package gen

import (
	"slices"
	"strconv"
	"time"

	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// limits writes limit.go: the bundle's limiters, which are made before its
// first request.
func (w *writer) limits(f *File) {
	f.Comment("limiters are the buckets of the bundle's limits. They belong to the process.")
	f.Var().Id("limiters").Index(Lit(len(w.b.Limits))).Op("*").Qual(limitPkg, "Limiter")
	f.Func().Id("load").Params().Error().Block(
		Return(Qual(limitPkg, "Load").Call(Lit(w.b.Name), Id("limiters").Index(Op(":")), Index().Qual(limitPkg, "Named").ValuesFunc(func(g *Group) {
			for _, l := range w.b.Limits {
				g.Line().Values(Dict{Id("Name"): Lit(l.Name), Id("Params"): Qual(limitPkg, "Params").Values(params(l))})
			}
			g.Line()
		}))),
	)
}

func params(l *ir.Limit) Dict {
	d := Dict{}
	for name, n := range map[string]int64{"Count": l.Count, "AtMost": l.AtMost, "Burst": l.Burst, "Concurrency": l.Concurrency, "Keys": int64(l.Keys)} {
		if n != 0 {
			d[Id(name)] = Lit(int(n))
		}
	}
	if l.Period != 0 {
		d[Id("Period")] = Lit(int(l.Period/time.Second)).Op("*").Qual("time", "Second")
	}
	return d
}

// limitStep is the step of a block's limits: how it is named, and its rules.
type limitStep struct {
	prefix string
	of     func(d *ir.Decisions) []*ir.LimitRule
}

// The steps: before authentication and behind the allows.
var (
	earlyLimits = limitStep{"earlyLimits", func(d *ir.Decisions) []*ir.LimitRule { return d.EarlyLimits }}
	lateLimits  = limitStep{"lateLimits", func(d *ir.Decisions) []*ir.LimitRule { return d.LateLimits }}
)

func (s limitStep) scopeFunc(scope *ir.Scope, shadow bool) string {
	if shadow {
		return s.prefix + "ShadowScope" + camel(scope.Name)
	}
	return s.prefix + "Scope" + camel(scope.Name)
}

// rules are the limits of a step that are in shadow, or those that are not.
func (s limitStep) rules(d *ir.Decisions, shadow bool) []*ir.LimitRule {
	return slices.DeleteFunc(slices.Clone(s.of(d)), func(k *ir.LimitRule) bool { return k.Shadow != shadow })
}

// take asks the limits of a step together: the block's own, then those of its
// scopes. Those in shadow come behind, each by itself.
func (w *writer) take(g *Group, s limitStep, own *ir.Decisions, scopes []int) {
	for _, shadow := range []bool{false, true} {
		rules, n := s.rules(own, shadow), 0
		for _, i := range scopes {
			n += len(s.rules(&w.b.Scopes[i].Decisions, shadow))
		}
		if n += len(rules); n == 0 {
			continue
		}
		g.BlockFunc(func(g *Group) {
			g.Var().Id("step").Index(Lit(n)).Qual(limitPkg, "Request")
			g.Id("n").Op(":=").Lit(0)
			w.ask(g, rules)
			for _, i := range scopes {
				scope := w.b.Scopes[i]
				if len(s.rules(&scope.Decisions, shadow)) == 0 {
					continue
				}
				asked := Id("n").Op("+=").Id("r").Dot(s.scopeFunc(scope, shadow)).Call(Id("step").Index(Id("n").Op(":")))
				if scope.Template() {
					g.If(Id("r").Dot(insideField(scope))).Block(asked)
				} else {
					g.Add(asked)
				}
			}
			args := []Code{Op("&").Id("r").Dot("Request"), Id("step").Index(Op(":").Id("n"))}
			if shadow {
				g.Qual(limitPkg, "Watch").Call(args...)
			} else {
				g.If(Op("!").Qual(limitPkg, "Enforce").Call(args...)).Block(w.leave())
			}
		})
	}
}

// ask writes the asking of some rules into step, of which n are taken.
func (w *writer) ask(g *Group, rules []*ir.LimitRule) {
	for _, k := range rules {
		g.Add(working(&k.Rule))
		call := Id("r").Dot(w.limitNames[k]).Call(Op("&").Id("step").Index(Id("n")))
		if k.When == nil {
			g.Add(call)
			g.Id("n").Op("++")
		} else {
			g.If(call).Block(Id("n").Op("++"))
		}
	}
}

// scopeLimits writes what the limits of a scope ask for.
func (w *writer) scopeLimits(f *File, scope *ir.Scope) {
	for _, s := range []limitStep{earlyLimits, lateLimits} {
		for _, shadow := range []bool{false, true} {
			rules := s.rules(&scope.Decisions, shadow)
			if len(rules) == 0 {
				continue
			}
			name := s.scopeFunc(scope, shadow)
			f.Comment(name + " asks the limits of scope " + scope.FullName + " and returns how many were asked.")
			f.Func().Params(Id("r").Op("*").Id("request")).Id(name).Params(Id("step").Index().Qual(limitPkg, "Request")).Int().BlockFunc(func(g *Group) {
				g.Id("n").Op(":=").Lit(0)
				w.ask(g, rules)
				g.Return(Id("n"))
			})
		}
	}
	w.limitFunctions(f, &scope.Decisions)
}

// nameLimits names the functions of a block's limits.
func (w *writer) nameLimits(block string, d *ir.Decisions) {
	if w.limitNames == nil {
		w.limitNames = map[*ir.LimitRule]string{}
	}
	for _, k := range d.Limits() {
		w.limitNames[k] = w.names.unique("limit", block, last(k.Name))
	}
}

// limitFunctions writes, for each limit of a block, its constants, what it asks
// for, and its expressions.
func (w *writer) limitFunctions(f *File, d *ir.Decisions) {
	for _, k := range d.Limits() {
		name := w.limitNames[k]
		w.limitRule(f, name+"Rule", k)
		exprs := map[*ir.Expr]string{}
		for i, e := range append(k.Exprs(), k.When) {
			if e != nil && e.Op != "const" {
				exprs[e] = w.names.unique(name, strconv.Itoa(i+1))
			}
		}
		w.limitFunction(f, name, k, exprs)
		for _, e := range append(k.Exprs(), k.When) {
			if id := exprs[e]; id != "" {
				w.function(f, id, e, k.Span, k.Comment)
			}
		}
	}
}

func (w *writer) limitRule(f *File, id string, k *ir.LimitRule) {
	v := Dict{Id("Number"): Lit(k.Number), Id("Details"): details(k.Name), Id("Status"): Lit(k.Answer.Status)}
	if k.Answer.HasBody {
		v[Id("Exact")], v[Id("Body")] = True(), Lit(k.Answer.Body)
		if k.Answer.JSON {
			v[Id("JSON")] = True()
		}
	}
	if w.b.Announced(k) {
		v[Id("Announce")] = True()
	}
	f.Var().Id(id).Op("=").Qual(limitPkg, "Rule").Values(v)
}

// limitFunction writes what a request asks of a limit. The key is what comes
// last: whatever fails before leaves none, and the request is refused.
func (w *writer) limitFunction(f *File, name string, k *ir.LimitRule, exprs map[*ir.Expr]string) {
	done := func() Code {
		if k.When == nil {
			return Return()
		}
		return Return(True())
	}
	temps := 0
	value := func(g *Group, e *ir.Expr) *Statement {
		id := exprs[e]
		if id == "" {
			return w.value(e)
		}
		call := Id("r").Dot(id).Call()
		if !e.Fails(w.failing) {
			return call
		}
		temps++
		v := Id("v" + strconv.Itoa(temps))
		g.List(v.Clone(), Err()).Op(":=").Add(call)
		g.If(Err().Op("!=").Lit(0)).Block(done())
		return v
	}
	f.Comment(name + " is what a request asks of limit " + k.Name + ".")
	decl := f.Func().Params(Id("r").Op("*").Id("request")).Id(name).Params(Id("q").Op("*").Qual(limitPkg, "Request"))
	if k.When != nil {
		decl.Bool()
	}
	decl.BlockFunc(func(g *Group) {
		of := Id("q").Dot("Of").Call(Id("limiters").Index(Lit(k.Limit)), Op("&").Id(name+"Rule"))
		switch {
		case k.When == nil:
			g.Add(of)
		case !k.When.Fails(w.failing):
			g.If(Op("!").Add(value(g, k.When))).Block(Return(False()))
			g.Add(of)
		default:
			g.List(Id("holds"), Err()).Op(":=").Id("r").Dot(exprs[k.When]).Call()
			g.If(Err().Op("==").Lit(0).Op("&&").Op("!").Id("holds")).Block(Return(False()))
			g.Add(of)
			g.If(Err().Op("!=").Lit(0)).Block(done())
		}
		for _, part := range []struct {
			field string
			e     *ir.Expr
		}{{"Cost", k.Cost}, {"Count", k.Rate}} {
			if part.e != nil {
				v := value(g, part.e)
				g.Id("q").Dot(part.field).Op("=").Add(v)
			}
		}
		if l := w.b.Limits[k.Limit]; k.Burst != nil {
			v := value(g, k.Burst)
			g.Id("q").Dot("OwnBurst").Call(v)
		} else if l.AtMost != 0 && l.Burst != 0 {
			g.Id("q").Dot("Burst").Op("=").Lit(int(l.Burst))
		}
		g.Id("key").Op(":=").Qual(limitPkg, "NewTuple").Call()
		for _, e := range k.Key {
			v := value(g, e)
			w.keyPart(g, e.Type, v)
		}
		g.Id("q").Dot("Key").Op("=").Id("key").Dot("Key").Call()
		if k.When != nil {
			g.Return(True())
		}
	})
}

// keyPart adds a value to key.
func (w *writer) keyPart(g *Group, t *types.Type, v *Statement) {
	if t.Kind == types.Optional {
		g.If(Id("o").Op(":=").Add(v), Id("o").Dot("OK")).BlockFunc(func(g *Group) { w.keyPart(g, t.Elem, Id("o").Dot("Value")) }).
			Else().Block(Id("key").Op("=").Id("key").Dot("Nothing").Call())
		return
	}
	add := func(method string, args ...Code) { g.Id("key").Op("=").Id("key").Dot(method).Call(args...) }
	switch t.Kind {
	case types.String:
		add("String", v)
	case types.Bytes:
		add("Bytes", String().Call(v))
	case types.Int:
		add("Int", v)
	case types.Uint:
		add("Uint", v)
	case types.Double:
		add("Double", v)
	case types.Bool:
		add("Bool", v)
	case types.Duration:
		add("Duration", Int64().Call(v))
	case types.Timestamp:
		g.BlockFunc(func(g *Group) {
			g.Id("t").Op(":=").Add(v)
			add := Id("key").Dot("Time").Call(Id("t").Dot("Unix").Call(), Id("t").Dot("Nanosecond").Call())
			g.Id("key").Op("=").Add(add)
		})
	}
}
