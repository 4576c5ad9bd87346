package plan

import (
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/outline"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/source"
)

// used are the rules that each use of a policy puts in its place.
func used(b *check.Bundle) map[source.Span][]*outline.Item {
	out := map[source.Span][]*outline.Item{}
	block := func(r *resolve.Route) {
		r.EachRule(func(rule *resolve.Rule, exprs ...*ast.Expr) {
			if rule.Use == nil {
				return
			}
			if i := outline.Used(rule.Use.Policy.Decl, rule.Span, r.Name, rule.Name, append(exprs, rule.When)...); i != nil {
				at := rule.Place()
				out[at] = append(out[at], i)
			}
		})
	}
	for _, r := range b.Routes {
		block(r)
	}
	for _, s := range b.Scopes {
		block(&s.Route)
	}
	return out
}

// expanded has the rules of policies in place of their uses.
func (p *planner) expanded(items []*outline.Item) []*outline.Item {
	var out []*outline.Item
	for _, i := range items {
		if i.Kind == "use" {
			out = append(out, p.used[i.Span]...)
		} else {
			out = append(out, i)
		}
	}
	return out
}

// over are the items of the scopes over a block, if it is a route, in order.
func (p *planner) over(k *outline.Block) []*outline.Item {
	var out []*outline.Item
	for _, r := range p.b.Routes {
		if k.Kind != "route" || r.Name != k.Name {
			continue
		}
		for _, s := range r.Scopes {
			for _, block := range p.blocks {
				if block.Kind == "scope" && block.Name == s.Name {
					out = append(out, p.expanded(block.Items)...)
				}
			}
		}
	}
	return out
}
