package resolve

import (
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// block begins the rules that go into o under a full name; title is how
// messages call them.
func (r *resolver) block(o *Route, title, full string) *block {
	return &block{resolver: r, route: o, title: title, full: full, loud: r.diags, counts: map[string]int{}, names: map[string]source.Span{}}
}

func (b *block) rules(rules []ast.Rule) {
	for _, rule := range rules {
		b.count(rule)
	}
	for _, rule := range rules {
		b.rule(rule)
	}
}

// own returns the expression of a rule. Each use of a policy has a copy, since
// it is checked, and means something else, at each.
func (b *block) own(e *ast.Expr) *ast.Expr {
	if b.use == nil || e == nil {
		return e
	}
	c := *e
	return &c
}

// EachRule calls f for the denies, allows, limits and header rules of a block;
// exprs are those beside the condition.
func (r *Route) EachRule(f func(rule *Rule, exprs ...*ast.Expr)) {
	for _, d := range r.Denies {
		f(&d.Rule)
	}
	for _, a := range r.Allows {
		f(&a.Rule)
	}
	for _, l := range r.Limits {
		f(&l.Rule, l.Exprs()...)
	}
	for _, h := range r.Headers {
		if h.Value == nil {
			f(&h.Rule)
			continue
		}
		f(&h.Rule, h.Value)
	}
}

// Place is where messages point for a rule: the use that it comes from, or
// itself.
func (r *Rule) Place() source.Span {
	if r.Use != nil {
		return r.Use.Outermost().Span
	}
	return r.Span
}

// Group is the allows of one block: one of them must hold.
type Group struct {
	// Refusal is the full name under which a request is refused when none
	// holds: the allow's own name when there is one, BLOCK.allow otherwise.
	Refusal string
	Allows  []*Allow
	Shadows []*Allow // in shadow: tried where none of Allows holds
}

// Groups puts allows into their blocks, in the order of the blocks' first.
func Groups(allows []*Allow) []*Group {
	var groups []*Group
	blocks := map[string]*Group{}
	for _, a := range allows {
		g := blocks[a.Block]
		if g == nil {
			g = &Group{}
			blocks[a.Block] = g
			groups = append(groups, g)
		}
		if a.Shadow {
			g.Shadows = append(g.Shadows, a)
			continue
		}
		g.Allows = append(g.Allows, a)
		g.Refusal = a.Name
		if len(g.Allows) > 1 {
			g.Refusal = a.Block + ".allow"
		}
	}
	return groups
}

// shadowOnly refuses a block all of whose allows are in shadow: it would let
// everybody in, and look as if it did not.
func (b *block) shadowOnly() {
	for _, g := range Groups(b.route.Allows) {
		if len(g.Allows) == 0 {
			first := g.Shadows[0]
			b.diags.Add(diag.ShadowOnly, first.Place(), "every allow of %s is in shadow: it would refuse nobody", first.Block).
				Helpf("leave shadow out of one of them, or write shadow deny NAME when !(...)")
		}
	}
}
