package outline

import (
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/source"
)

// Used is the rule of a policy that stands at a place, as one block uses it:
// under a full name and with copies of its expressions, which mean something
// else in each block. It is nil where the policy has no such rule.
func Used(p *ast.Policy, at source.Span, block, name string, own ...*ast.Expr) *Item {
	for _, r := range p.Rules {
		if r.Span() != at {
			continue
		}
		i := rule(r)
		if i == nil {
			return nil
		}
		i.Block, i.Name, i.Span = block, name, at
		for _, e := range own {
			if e == nil {
				continue
			}
			if i.When != nil && i.When.Span() == e.Span() {
				i.When = e
			}
			found := false
			for k := range i.Exprs {
				if i.Exprs[k].Span() == e.Span() {
					i.Exprs[k].Expr, found = e, true
				}
			}
			if i.Shared && !found {
				i.Exprs = append(i.Exprs, Expr{e, "limit"})
			}
		}
		return i
	}
	return nil
}
