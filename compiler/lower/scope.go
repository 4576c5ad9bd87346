package lower

import (
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/resolve"
)

// scopes lowers what scopes decide. It is shared by their routes; header rules
// go into each route, since their order mixes with that of the route's own.
func (l *lowerer) scopes() {
	l.over = map[*resolve.Scope]int{}
	for i, s := range l.check.Scopes {
		l.over[s] = i
		x := &expression{lowerer: l}
		l.Bundle.Scopes = append(l.Bundle.Scopes, &ir.Scope{Name: s.Name, FullName: s.FullName, Span: s.Source.Span(), Decisions: x.decisions(&s.Route)})
	}
}

// decisions lowers the denies and allows of a block.
func (x *expression) decisions(r *resolve.Route) ir.Decisions {
	var o ir.Decisions
	for _, d := range r.Denies {
		k := &ir.Rule{Name: d.Name, When: x.of(d.When), Span: d.Span, Comment: comment(d.Span), Shadow: d.Shadow,
			Answer: ir.Answer{Status: d.Status, Body: d.Body.Text, JSON: d.Body.JSON, HasBody: d.Body.Set}}
		if x.needsIdentity(k.When) {
			o.LateDenies = append(o.LateDenies, k)
		} else {
			o.EarlyDenies = append(o.EarlyDenies, k)
		}
	}
	allows := func(rules []*resolve.Allow) []*ir.Rule {
		var out []*ir.Rule
		for _, a := range rules {
			out = append(out, &ir.Rule{Name: a.Name, When: x.of(a.When), OnSkip: a.OnError == "skip", Span: a.Span, Comment: comment(a.Span), Shadow: a.Shadow})
		}
		return out
	}
	for _, g := range resolve.Groups(r.Allows) {
		o.Groups = append(o.Groups, &ir.Group{Refusal: g.Refusal, Allows: allows(g.Allows), Shadows: allows(g.Shadows)})
	}
	return o
}

// stray lowers what holds where no route does.
func (l *lowerer) stray() {
	over := &resolve.Route{}
	var scopes []int
	for i, s := range l.check.Scopes {
		if s.All {
			over.Scopes = append(over.Scopes, s)
			scopes = append(scopes, i)
		}
	}
	if scopes == nil {
		return
	}
	o := &ir.Route{} // of no name: route.name is "" there
	before := append([]string{}, l.Removed...)
	l.headers(&expression{lowerer: l, route: o}, over, o)
	l.Removed = before // nothing is forwarded
	l.Stray = &ir.Stray{Scopes: scopes, Response: o.Response}
}
