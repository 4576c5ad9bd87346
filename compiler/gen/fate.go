package gen

import (
	"strconv"

	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
)

// unmatched is what becomes of requests that no route takes.
func (w *writer) unmatched() Code {
	if w.b.Unmatched == 0 {
		return w.pass()
	}
	return Id("r").Dot("Unmatched").Call()
}

// unmatchedStatus is the answer where the host's own route does not decide.
func (w *writer) unmatchedStatus() int {
	if w.b.Unmatched == 0 {
		return 404
	}
	return w.b.Unmatched
}

// fateNames names the functions that say where requests of a route go: by the
// expression that they evaluate, and for targets of parts by the target.
type fateNames struct {
	exprs   map[*ir.Expr]string
	targets map[*ir.Target]string
	to      string // chooses the cluster
	split   string // the package variable
}

func (w *writer) fateNames(r *ir.Route) fateNames {
	n := fateNames{exprs: map[*ir.Expr]string{}, targets: map[*ir.Target]string{}}
	for _, t := range []*ir.Target{r.Redirect, r.RewritePath, r.RewriteHost} {
		switch {
		case t == nil || t.HTTPS:
		case t.Value != nil:
			n.exprs[t.Value] = w.names.unique("target", r.Name, last(t.Name))
		default:
			n.targets[t] = w.names.unique("target", r.Name, last(t.Name))
		}
	}
	if f := r.Forward; f != nil {
		n.to = w.names.unique("choose", r.Name)
		for i, k := range f.Cases {
			n.exprs[k.When] = w.names.unique("forward", r.Name, strconv.Itoa(i+1))
		}
		if f.Choice != nil {
			n.exprs[f.Choice.Value] = w.names.unique("among", r.Name)
		}
		if f.Split != nil {
			n.split = w.names.unique("split", r.Name)
			if f.Split.Sticky != nil {
				n.exprs[f.Split.Sticky] = w.names.unique("sticky", r.Name)
			}
		}
	}
	return n
}

// redirect writes the answer of a redirecting route.
func (w *writer) redirect(g *Group, r *ir.Route, n fateNames) {
	t := r.Redirect
	g.Add(working(&t.Rule))
	if t.HTTPS {
		g.Id("r").Dot("RedirectHTTPS").Call(details(t.Name), Lit(t.Status))
		return
	}
	fragment := Code(Lit(""))
	if len(t.Fragment) > 0 {
		fragment = Id("r").Dot(n.targets[t] + "Fragment").Call()
	}
	w.evaluate(g, t.Value, n.exprs[t.Value], n.targets[t], t.Name, Return(), func(v Code) Code {
		return Id("r").Dot("Redirect").Call(details(t.Name), Lit(t.Status), v, fragment)
	})
}

// onward writes how a request goes on after its headers are changed.
func (w *writer) onward(g *Group, r *ir.Route, n fateNames) {
	if t := r.RewritePath; t != nil {
		g.Add(working(&t.Rule))
		w.evaluate(g, t.Value, n.exprs[t.Value], n.targets[t], t.Name, Return(), func(v Code) Code {
			return If(Op("!").Id("r").Dot("RewritePath").Call(details(t.Name), v)).Block(Return())
		})
	}
	if t := r.RewriteHost; t != nil {
		g.Id("r").Dot("RewriteHost").Call(Id("r").Dot(n.targets[t]).Call())
	}
	if r.Forward != nil {
		g.Add(working(&r.Forward.Rule))
		g.If(Op("!").Id("r").Dot(n.to).Call()).Block(Return())
	}
	if v := r.Delivery; v != nil {
		w.delivery(g, v)
	}
	if r.Own() {
		g.Id("r").Dot("ByHost").Call()
	}
}

// delivery writes the headers that ask for timeout and retries.
func (w *writer) delivery(g *Group, v *ir.Delivery) {
	deliver := func(all []ir.Constant) (out []Code) {
		for _, c := range all {
			out = append(out, Id("r").Dot("Deliver").Call(Lit(c.Name), Lit(c.Value)))
		}
		return out
	}
	for _, c := range deliver(v.Always) {
		g.Add(c)
	}
	if len(v.Retry) == 0 {
		return
	}
	if v.Methods == nil {
		for _, c := range deliver(v.Retry) {
			g.Add(c)
		}
		return
	}
	g.Switch(Id("r").Dot("Method").Call()).Block(CaseFunc(func(g *Group) {
		seen := map[string]bool{}
		for _, m := range v.Methods {
			if !seen[m] {
				seen[m] = true
				g.Lit(m)
			}
		}
	}).Block(deliver(v.Retry)...))
}

// evaluate writes the use of a value that an expression or parts give; where the
// expression fails the request is refused by the rule and left is what follows.
func (w *writer) evaluate(g *Group, e *ir.Expr, name, parts, rule string, left Code, use func(v Code) Code) {
	switch {
	case e == nil:
		g.Add(use(Id("r").Dot(parts).Call()))
	case !e.Fails(w.failing):
		g.Add(use(Id("r").Dot(name).Call()))
	default:
		g.If(List(Id("v"), Err()).Op(":=").Id("r").Dot(name).Call(), Err().Op("!=").Lit(0)).Block(
			Id("r").Dot("Reply").Call(details(rule), Lit(500), Lit(""), False()), left,
		).Else().Block(use(Id("v")))
	}
}

// fateFunctions writes the functions that fateNames has named.
func (w *writer) fateFunctions(f *File, r *ir.Route, n fateNames) {
	for _, t := range []*ir.Target{r.Redirect, r.RewritePath, r.RewriteHost} {
		switch {
		case t == nil || t.HTTPS:
		case t.Value != nil:
			w.function(f, n.exprs[t.Value], t.Value, t.Span, t.Comment)
		default:
			w.parts(f, n.targets[t], t.Parts, t.Comment)
			if len(t.Fragment) > 0 {
				w.parts(f, n.targets[t]+"Fragment", t.Fragment, "the fragment of: "+t.Comment)
			}
		}
	}
	if r.Forward != nil {
		w.forward(f, r.Forward, n)
	}
}

// parts writes a function that puts captures into fixed text.
func (w *writer) parts(f *File, name string, parts []ir.Part, comment string) {
	f.Comment(comment)
	f.Func().Params(Id("r").Op("*").Id("request")).Id(name).Params().String().BlockFunc(func(g *Group) {
		if len(parts) == 1 && parts[0].Value == nil {
			g.Return(Lit(parts[0].Text))
			return
		}
		g.Id("b").Op(":=").Id("r").Dot("Build").Call()
		for _, p := range parts {
			if p.Value == nil {
				g.Id("b").Dot("String").Call(Lit(p.Text))
				continue
			}
			method := map[string]string{"path": "Path", "query": "Query", "host": "String"}[p.In]
			g.Id("b").Dot(method).Call(w.value(p.Value))
		}
		g.Return(Id("b").Dot("Text").Call())
	})
}

// forward writes the choice of a cluster.
func (w *writer) forward(f *File, k *ir.Forward, n fateNames) {
	to := func(cluster string) []Code {
		return []Code{Id("r").Dot("To").Call(Lit(cluster)), Return(True())}
	}
	refuse := func(status int) []Code {
		return []Code{Id("r").Dot("Reply").Call(details(k.Name), Lit(status), Lit(""), False()), Return(False())}
	}
	f.Comment(n.to + " sends the request to its cluster, or refuses it and returns false.")
	f.Func().Params(Id("r").Op("*").Id("request")).Id(n.to).Params().Bool().BlockFunc(func(g *Group) {
		for _, c := range k.Cases {
			call := Id("r").Dot(n.exprs[c.When]).Call()
			if !c.When.Fails(w.failing) {
				g.If(call).Block(to(c.Cluster)...)
				continue
			}
			g.If(List(Id("ok"), Err()).Op(":=").Add(call), Err().Op("!=").Lit(0)).Block(refuse(500)...).
				Else().If(Id("ok")).Block(to(c.Cluster)...)
		}
		switch {
		case k.Choice != nil:
			w.among(g, k.Choice, n.exprs[k.Choice.Value], to, refuse)
		case k.Split != nil:
			sticky := k.Split.Sticky
			if sticky == nil {
				g.Id("r").Dot("To").Call(Id("r").Dot("Split").Call(Id(n.split), Lit("")))
			} else if call := Id("r").Dot(n.exprs[sticky]).Call(); !sticky.Fails(w.failing) {
				g.Id("r").Dot("To").Call(Id("r").Dot("Split").Call(Id(n.split), call))
			} else {
				g.List(Id("v"), Err()).Op(":=").Add(call)
				g.If(Err().Op("!=").Lit(0)).Block(refuse(500)...)
				g.Id("r").Dot("To").Call(Id("r").Dot("Split").Call(Id(n.split), Id("v")))
			}
			g.Return(True())
		default:
			for _, c := range to(k.Cluster) {
				g.Add(c)
			}
		}
	})
	for _, c := range k.Cases {
		w.function(f, n.exprs[c.When], c.When, k.Span, "the condition of forward to "+c.Cluster)
	}
	if k.Choice != nil {
		w.function(f, n.exprs[k.Choice.Value], k.Choice.Value, k.Span, k.Comment)
	}
	if s := k.Split; s != nil {
		names, percent := []string{}, []Code{}
		for _, share := range s.Shares {
			names = append(names, share.Cluster)
			percent = append(percent, Lit(share.Percent))
		}
		f.Comment(n.split + " is how the requests are shared out: " + k.Comment)
		f.Var().Id(n.split).Op("=").Qual(corePkg, "NewSplit").Call(stringList(names), Index().Int().Values(percent...))
		if s.Sticky != nil {
			w.function(f, n.exprs[s.Sticky], s.Sticky, k.Span, "what keeps a caller at one cluster")
		}
	}
}

// among writes the choice among clusters by a computed name.
func (w *writer) among(g *Group, c *ir.Choice, name string, to func(string) []Code, refuse func(int) []Code) {
	value := Code(Id("r").Dot(name).Call())
	if c.Value.Fails(w.failing) {
		g.List(Id("v"), Err()).Op(":=").Id("r").Dot(name).Call()
		g.If(Err().Op("!=").Lit(0)).Block(refuse(500)...)
		value = Id("v")
	}
	g.Switch(value).BlockFunc(func(g *Group) {
		for _, a := range c.Among {
			g.Case(Lit(a)).Block(to(a)...)
		}
	})
	rest := refuse(503)
	if c.Else != "" {
		rest = to(c.Else)
	}
	for _, code := range rest {
		g.Add(code)
	}
}
