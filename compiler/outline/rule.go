package outline

import (
	"strings"

	"moec.dev/moec/dsl/ast"
)

// rule returns the item of a rule, named without its block, or nil for what
// neither decides nor computes.
func rule(r ast.Rule) *Item {
	switch r := r.(type) {
	case *ast.When:
		return &Item{Kind: "when", Name: "when", When: r.Cond, Exprs: exprs("when", r.Cond)}
	case *ast.Allow:
		return &Item{Kind: "allow", Name: named(r.Name, "allow"), Shadow: r.Shadow, When: r.When, Exprs: exprs("when", r.When)}
	case *ast.Deny:
		return &Item{Kind: "deny", Name: named(r.Name, "deny"), Shadow: r.Shadow, When: r.When, Exprs: exprs("when", r.When)}
	case *ast.LimitRule:
		i := &Item{Kind: "limit", Name: named(r.Name, "limit"), Shadow: r.Shadow, When: r.When, Exprs: limit(r.Spec)}
		i.Exprs = append(i.Exprs, exprs("when", r.When)...)
		i.Shared = r.Spec == nil
		return i
	case *ast.HeaderRule:
		return header(r)
	case *ast.Forward:
		i := &Item{Kind: "forward", Name: "forward", When: r.When, Exprs: exprs("value", r.Choice)}
		if r.Cluster != nil {
			i.Name = "forward." + r.Cluster.Value
		}
		i.Exprs = append(i.Exprs, exprs("sticky", r.Sticky)...)
		i.Exprs = append(i.Exprs, exprs("when", r.When)...)
		return i
	case *ast.Redirect:
		return &Item{Kind: "redirect", Name: "redirect", Exprs: exprs("value", r.Expr)}
	case *ast.Respond:
		return &Item{Kind: "respond", Name: "respond"}
	case *ast.Rewrite:
		return &Item{Kind: "rewrite", Name: "rewrite." + r.Part, Exprs: exprs("value", r.Expr)}
	case *ast.Use:
		i := &Item{Kind: "use", Name: named(r.As, r.Policy.Text)}
		for _, a := range r.Args {
			i.Exprs = append(i.Exprs, exprs(a.Name.Text, a.Value)...)
		}
		return i
	}
	return nil
}

// header names a rule as package resolve does: by what it does to which header.
func header(r *ast.HeaderRule) *Item {
	op := [...]string{"remove", "set", "set", "add"}[r.Op]
	side := "request"
	if r.Response {
		side = "response"
	}
	i := &Item{Kind: op, Name: op + "." + side + "." + strings.ToLower(r.Name.Value), When: r.When, Absent: r.Op == ast.SetIfAbsent}
	i.Exprs = append(exprs("value", r.Value), exprs("when", r.When)...)
	return i
}

func limit(s *ast.LimitSpec) []Expr {
	if s == nil {
		return nil
	}
	out := append(exprs("rate", s.RateExpr), exprs("burst", s.BurstExpr)...)
	for _, k := range s.Key {
		out = append(out, exprs("key", k)...)
	}
	return append(out, exprs("cost", s.Cost)...)
}

func named(n ast.Name, kind string) string {
	if n.Text == "" {
		return kind
	}
	return n.Text
}

// exprs is the expression with its role, or nothing where there is none.
func exprs(role string, e *ast.Expr) []Expr {
	if e == nil {
		return nil
	}
	return []Expr{{e, role}}
}
