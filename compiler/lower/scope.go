package lower

import (
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/dsl/diag"
)

// scopes lowers what scopes decide. It is shared by their routes; header rules
// go into each route, since their order mixes with that of the route's own.
func (l *lowerer) scopes() {
	l.over = map[*resolve.Scope]int{}
	for i, s := range l.check.Scopes {
		l.over[s] = i
		o := &ir.Scope{Name: s.Name, FullName: s.FullName, Span: s.Source.Span()}
		x := &expression{lowerer: l}
		if s.Template {
			x.scope = &ir.Route{Captures: captures(&s.Route)}
			if o.Captures = x.scope.Captures; len(o.Captures) > maxCaptures {
				l.diags.Add(diag.TooComplex, s.Source.Name.Span(), "scope %s binds %d captures; at most %d are supported", s.Name, len(o.Captures), maxCaptures)
			}
			for _, m := range s.Matches {
				o.Ways = append(o.Ways, patterns(m, &s.Route, &o.Captures))
			}
			o.When = x.of(s.When)
		}
		o.Decisions = x.decisions(&s.Route)
		l.Bundle.Scopes = append(l.Bundle.Scopes, o)
	}
}

// decisions lowers the denies, allows and limits of a block.
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
	x.takes(r, &o)
	return o
}

// stray lowers what holds where no route does.
func (l *lowerer) stray() {
	over := &resolve.Route{}
	var scopes []int
	for i, s := range l.check.Scopes {
		if s.All || s.Template {
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
	l.Stray = &ir.Stray{Scopes: scopes, Response: o.Response, Kept: o.Kept, Sharing: l.sharing(nil)}
}

// captures are the names that the matches and hosts of a block bind.
func captures(r *resolve.Route) []string {
	var names []string
	for _, m := range r.Matches {
		for _, n := range m.Path.Captures() {
			slot(&names, "path."+n)
		}
	}
	for _, h := range r.Hosts {
		if h.Capture != "" {
			slot(&names, "hostname."+h.Capture)
		}
	}
	return names
}

// patterns are a match line on each of the hosts of its block.
func patterns(m *resolve.Match, r *resolve.Route, captures *[]string) []ir.Pattern {
	hosts := r.Hosts
	if len(hosts) == 0 {
		hosts = []*resolve.Host{{}}
	}
	var out []ir.Pattern
	for _, h := range hosts {
		p := ir.Pattern{Host: h.Exact, HostCapture: -1, Template: m.Path.Text, Methods: m.Methods}
		if h.Suffix != "" {
			p.Host = "*" + h.Suffix
		}
		if h.Capture != "" {
			p.HostCapture = slot(captures, "hostname."+h.Capture)
		}
		for _, n := range m.Path.Captures() {
			p.Captures = append(p.Captures, slot(captures, "path."+n))
		}
		out = append(out, p)
	}
	return out
}

// idle reports whether a rule changes nothing on any request: an empty value
// adds nothing. Policies have such rules where an argument turns one off.
func idle(h *ir.HeaderRule) bool {
	return (h.Op == ir.SetIfAbsent || h.Op == ir.Add) && h.When == nil && h.Value.Op == "const" && h.Value.Value == ""
}
