package resolve

import (
	"sort"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
)

// maxUsed bounds the rules that one use of a policy can come to: policies that
// use others twice double at each step.
const maxUsed = 1000

// Outermost is the use that stands in a route or a scope.
func (u *Use) Outermost() *Use {
	for u.Outer != nil {
		u = u.Outer
	}
	return u
}

// module is the module whose policies may be used without its name.
func (b *block) module() string {
	if b.use == nil {
		return ""
	}
	return b.use.Policy.Module
}

// policyNamed finds a policy as a text of a module calls it.
func (r *resolver) policyNamed(name, module string) *Policy {
	if module != "" {
		if p := r.policies[module+"."+name]; p != nil {
			return p
		}
	}
	return r.policies[name]
}

// nestedUses looks at the policies that policies use, when all are known.
func (r *resolver) nestedUses() {
	var names []string
	for n := range r.policies {
		names = append(names, n)
	}
	sort.Strings(names)
	sizes := map[*Policy]int{}
	for _, n := range names {
		r.usedRules(r.policies[n], nil, sizes)
	}
	for _, n := range names {
		p := r.policies[n]
		if p.closed {
			continue
		}
		b := *p.trial
		b.use = &Use{Name: p.Name, Policy: p, Span: p.Decl.Name.Span()}
		b.loud = &diag.List{} // it is said at each use in a block
		for _, rule := range p.Decl.Rules {
			if u, ok := rule.(*ast.Use); ok {
				b.useRule(u)
			}
		}
	}
}

// usedRules is how many rules a use of p comes to. It closes policies that use
// themselves or come to too many; path is how it got there.
func (r *resolver) usedRules(p *Policy, path []*Policy, sizes map[*Policy]int) int {
	if n, known := sizes[p]; known {
		return n
	}
	path = append(path, p)
	n := 0
	for _, rule := range p.Decl.Rules {
		u, ok := rule.(*ast.Use)
		if !ok {
			n++
			continue
		}
		q := r.policyNamed(u.Policy.Text, p.Module)
		if q == nil {
			continue
		}
		if r.closes(q, path, u) {
			continue
		}
		n += r.usedRules(q, path, sizes)
		p.closed = p.closed || q.closed
		if n > maxUsed && !p.closed {
			r.diags.Add(diag.PolicySize, u.Span(), "with this, policy %s comes to more than %d rules", p.Name, maxUsed).
				Helpf("use policy %s where it is needed, and not through others", q.Name)
			p.closed = true
		}
	}
	sizes[p] = min(n, maxUsed+1)
	return sizes[p]
}

// closes reports whether a use leads back to a policy on the way to it.
func (r *resolver) closes(q *Policy, path []*Policy, u *ast.Use) bool {
	for i, p := range path {
		if p != q {
			continue
		}
		d := r.diags.Add(diag.PolicyCycle, u.Span(), "policy %s uses itself", q.Name)
		for _, through := range path[i+1:] {
			d.Note(through.Decl.Name.Span(), "through policy %s", through.Name)
		}
		for _, on := range path[i:] {
			on.closed = true
		}
		return true
	}
	return false
}
