package resolve

import "moec.dev/moec/dsl/diag"

// CORS is one use of std/cors's allow: which sites may read the answers of a
// block. What it says, its arguments, is for compiler/check.
type CORS struct {
	Use *Use
}

// sharing reports whether a policy is the one of std/cors whose rules the
// compiler has.
func (p *Policy) sharing() bool { return p.path == "std/cors" && p.Decl.Name.Text == "allow" }

// cors notes a use of cors.allow in the block.
func (b *block) cors(u *Use) {
	if first := b.route.CORS; first != nil {
		b.loud.Add(diag.TwoSharings, u.Span, "%s says twice which sites may read its answers", b.title).
			Note(first.Use.Span, "the first").Helpf("put all origins into one cors.allow")
		return
	}
	b.route.CORS = &CORS{Use: u}
}

// oneSharing refuses two uses of cors.allow that one request may meet.
func (r *resolver) oneSharing() {
	two := func(a, b *Route, what string) {
		r.diags.Add(diag.TwoSharings, b.CORS.Use.Span, "%s may meet two cors.allow", what).
			Note(a.CORS.Use.Span, "the other").Helpf("put all origins into one of them, or leave the route out of the scope")
	}
	for _, o := range r.Routes {
		for _, s := range o.Scopes {
			if o.CORS != nil && s.CORS != nil {
				two(o, &s.Route, "route "+o.Name)
			}
		}
	}
	for i, a := range r.Scopes {
		for _, b := range r.Scopes[:i] {
			if a.CORS == nil || b.CORS == nil || a.Template && b.Template && !overlaps(&a.Route, &b.Route) {
				continue
			}
			if o := shared(a, b); o != nil {
				two(&b.Route, &a.Route, "route "+o.Name)
			} else if (a.All || a.Template) && (b.All || b.Template) {
				two(&b.Route, &a.Route, "a request that no route takes")
			}
		}
	}
}

// shared is a route that two scopes cover, or nil.
func shared(a, b *Scope) *Route {
	for _, o := range a.On {
		for _, p := range b.On {
			if o == p {
				return o
			}
		}
	}
	return nil
}

// Sharing are the blocks with a cors.allow that requests of a route may meet;
// nil stands for requests that no route takes.
func (b *Bundle) Sharing(o *Route) []*Route {
	var out []*Route
	add := func(r *Route) {
		if r.CORS != nil {
			out = append(out, r)
		}
	}
	if o != nil {
		add(o)
		for _, s := range o.Scopes {
			add(&s.Route)
		}
		return out
	}
	for _, s := range b.Scopes {
		if s.All || s.Template {
			add(&s.Route)
		}
	}
	return out
}

// Shares reports whether any block has a cors.allow.
func (b *Bundle) Shares() bool {
	for _, r := range b.Routes {
		if r.CORS != nil {
			return true
		}
	}
	for _, s := range b.Scopes {
		if s.CORS != nil {
			return true
		}
	}
	return false
}
