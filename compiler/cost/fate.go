package cost

import (
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/dsl/ast"
)

// fates are the rules of a route that say where requests go.
func fates(r *resolve.Route) []*Rule {
	var rules []*Rule
	if f := r.Forward; f != nil {
		forward := &Rule{Name: f.Name}
		for _, k := range f.Cases {
			forward.exprs = append(forward.exprs, k.When)
		}
		rules = append(rules, forward)
		forward.exprs = append(forward.exprs, f.Choice, f.Sticky)
	}
	if r.Redirect != nil {
		rules = append(rules, &Rule{Name: r.Redirect.Name, exprs: []*ast.Expr{r.Redirect.Expr}})
	}
	for _, w := range []*resolve.Rewrite{r.RewritePath, r.RewriteHost} {
		if w != nil {
			rules = append(rules, &Rule{Name: w.Name, exprs: []*ast.Expr{w.Expr}})
		}
	}
	return rules
}
