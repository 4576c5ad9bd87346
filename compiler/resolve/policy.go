package resolve

import (
	"strings"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// Policy is a set of rules that blocks can use.
type Policy struct {
	Name   string // as it is used: strict, or security.headers
	Module string // the name under which its module is imported, or ""
	Decl   *ast.Policy
	path   string // of the module, as it is imported
	used   bool
	// closed policies cannot be used: they use themselves, or too much.
	closed bool
	trial  *block
}

// Use is one use of a policy. Its rules stand among those of the block that
// uses it, under the names BLOCK.USE.RULE.
type Use struct {
	Name   string // full: shop.orders.strict
	Policy *Policy
	// Args has a value for each parameter, the default where none was given.
	Args map[string]*ast.Expr
	Span source.Span // of the use
	// Outer is the use of the policy in which this one is written, or nil.
	Outer *Use
}

// policy enters a policy, and says what is wrong with it wherever it is used.
func (r *resolver) policy(d *ast.Policy, module, path string) {
	p := &Policy{Name: d.Name.Text, Module: module, Decl: d, path: path}
	if module != "" {
		p.Name = module + "." + p.Name
	}
	r.policies[p.Name] = p
	seen := map[string]source.Span{}
	for _, f := range d.Params {
		if first, ok := seen[f.Name.Text]; ok {
			r.diags.Add(diag.DuplicateName, f.Name.Span(), "parameter %s is declared twice", f.Name.Text).Note(first, "first here")
		}
		seen[f.Name.Text] = f.Name.Span()
		r.writtenType(f.Type)
	}
	trial := r.block(&Route{Name: p.Name, FullName: p.Name}, "policy "+d.Name.Text, p.Name)
	trial.home, trial.trial = module, true
	var own []ast.Rule
	for _, rule := range d.Rules {
		if _, use := rule.(*ast.Use); !use {
			own = append(own, rule)
		}
	}
	trial.rules(own)
	trial.shadowOnly()
	p.trial = trial
}

// parameters refuses parameters that would hide what the rules could mean
// otherwise.
func (r *resolver) parameters() {
	for _, p := range r.policies {
		for _, f := range p.Decl.Params {
			if at, ok := r.names[f.Name.Text]; ok && p.Module == "" {
				r.diags.Add(diag.DuplicateName, f.Name.Span(), "parameter %s of policy %s has the name of something else", f.Name.Text, p.Name).
					Note(at, "declared here, as %s", r.asKind[f.Name.Text])
			}
		}
	}
}

// useRule puts the rules of a policy into the block.
func (b *block) useRule(n *ast.Use) {
	p := b.findPolicy(n.Policy)
	if p == nil {
		return
	}
	p.used = true
	if p.closed {
		return // said already
	}
	name := n.As
	if name.Text == "" {
		name = ast.Name{At: n.Policy.At, Text: p.Decl.Name.Text}
	}
	if first, ok := b.names[name.Text]; ok {
		b.diags.Add(diag.DuplicateName, n.Span(), "%s has two rules named %s", b.title, name.Text).Note(first, "the first").
			Helpf("use %s( ... ) as another_name", n.Policy.Text)
		return
	}
	b.names[name.Text] = n.Span()
	u := &Use{Name: b.full + "." + name.Text, Policy: p, Args: b.args(n, p), Span: n.Span(), Outer: b.use}
	// What is wrong with the rules themselves was said at the policy.
	quiet := *b.resolver
	quiet.diags = &diag.List{}
	inner := quiet.block(b.route, "policy "+p.Name, u.Name)
	inner.use, inner.loud, inner.home, inner.trial = u, b.loud, p.Module, b.trial
	inner.rules(p.Decl.Rules)
	if p.sharing() {
		b.cors(u)
	}
}

func (b *block) findPolicy(n ast.Name) *Policy {
	if p := b.policyNamed(n.Text, b.module()); p != nil {
		return p
	}
	if at, other := b.resolver.names[n.Text]; other {
		b.diags.Add(diag.WrongKind, n.Span(), "%s is not a policy but a %s", n.Text, b.asKind[n.Text]).Note(at, "declared here")
		return nil
	}
	d := b.diags.Add(diag.UnknownName, n.Span(), "no policy is named %s", n.Text)
	if i := dot(n.Text); i > 0 {
		d.Helpf("import \"std/%s\"", n.Text[:i])
	} else {
		d.Helpf("policy %s { deny when ... }", n.Text)
	}
	return nil
}

func dot(s string) int {
	for i := range s {
		if s[i] == '.' {
			return i
		}
	}
	return -1
}

// args matches the arguments of a use with the parameters of its policy.
func (b *block) args(n *ast.Use, p *Policy) map[string]*ast.Expr {
	given := map[string]ast.UseArg{}
	params := map[string]bool{}
	for _, f := range p.Decl.Params {
		params[f.Name.Text] = true
	}
	for _, a := range n.Args {
		if first, ok := given[a.Name.Text]; ok {
			b.diags.Add(diag.DuplicateSetting, a.Name.Span(), "%s is given twice", a.Name.Text).Note(first.Name.Span(), "first here")
			continue
		}
		if !params[a.Name.Text] {
			b.diags.Add(diag.BadArgument, a.Name.Span(), "policy %s has no parameter %s", p.Name, a.Name.Text).
				Note(p.Decl.Name.Span(), "the policy")
			continue
		}
		given[a.Name.Text] = a
	}
	args := map[string]*ast.Expr{}
	for _, f := range p.Decl.Params {
		switch a, ok := given[f.Name.Text]; {
		case ok:
			args[f.Name.Text] = b.own(a.Value)
		case f.Default != nil:
			c := *f.Default
			args[f.Name.Text] = &c
		default:
			b.diags.Add(diag.BadArgument, n.Span(), "policy %s needs %s", p.Name, f.Name.Text).
				Note(f.Name.Span(), "a parameter without a default").Helpf("use %s(%s: ...)", p.Name, f.Name.Text)
		}
	}
	return args
}

// unusedPolicies warns about policies of the bundle that nothing uses.
func (r *resolver) unusedPolicies() {
	for _, f := range r.Source.Files {
		for _, d := range f.Decls {
			if d, ok := d.(*ast.Policy); ok {
				if p := r.policies[d.Name.Text]; p != nil && p.Decl == d && !p.used && !p.closed {
					r.diags.Add(diag.UnusedName, d.Name.Span(), "no block uses policy %s: its expressions are not checked", d.Name.Text).
						Helpf("use %s(%s)", d.Name.Text, needed(d))
				}
			}
		}
	}
}

// needed writes the arguments that a use of a policy has to have.
func needed(d *ast.Policy) string {
	var args []string
	for _, f := range d.Params {
		if f.Default == nil {
			args = append(args, f.Name.Text+": ...")
		}
	}
	return strings.Join(args, ", ")
}
