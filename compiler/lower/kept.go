package lower

import (
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
)

// maxKept is the limit of the runtime's fixed array (runtime/core Kept).
const maxKept = 32

// answer makes a rule one that can be carried out when the request is gone: the
// largest parts of its expressions that read the request and no answer become
// values that are kept.
func (x *expression) answer(k *ir.HeaderRule, h *resolve.HeaderRule) {
	request, identity := x.knows(h.When)
	r, i := x.knows(h.Value)
	k.NeedsRequest, k.NeedsIdentity = request || r, identity || i
	s := &keeper{expression: x, rule: k.Name, scope: k.Scope}
	if k.When != nil {
		k.When = s.rest(k.When, nil)
	}
	if k.Value != nil {
		k.Value = s.rest(k.Value, nil)
	}
	k.Inside = -1
	if k.Scope >= 0 {
		inside := &ir.Expr{Op: "inside", Type: types.BoolType, Index: k.Scope, Span: k.Span}
		s.scope = -1
		k.Inside = s.keep(inside).Index
	}
}

// knows says what a written expression needs to know, lets seen through: the
// request, and who sent it.
func (x *expression) knows(e *ast.Expr) (request, identity bool) {
	if e == nil {
		return false, false
	}
	return x.knowsOf(x.check.Exprs[e].Root)
}

func (x *expression) knowsOf(root *celfront.Expr) (request, identity bool) {
	root.Walk(func(n *celfront.Expr) bool {
		switch n.Op {
		case celfront.Var:
			if strings.HasPrefix(n.Name, "identity.") {
				identity = true
			} else if a := types.Find(n.Name); a != nil {
				request = request || a.Phase != types.Response && n.Name != "route.name" && n.Name != "now"
			} else if strings.HasPrefix(n.Name, "path.") || strings.HasPrefix(n.Name, "hostname.") {
				request = true
			}
		case celfront.Call:
			switch n.Overload {
			case "header", "header_values", "query", "query_values", "cookie":
				request = true
			}
		}
		for _, l := range x.check.Lets {
			if l.Name == n.Name && (n.Op == celfront.Var || n.Overload == "let_"+n.Name) {
				r, i := x.knowsOf(x.check.Exprs[l.Decl.Value].Root)
				request, identity = request || r, identity || i
			}
		}
		return true
	})
	return request, identity
}

// keeper takes an expression of a response rule apart.
type keeper struct {
	*expression
	rule  string
	scope int
}

// rest is what is left of an expression for the time when the answer is there;
// bound are the names that are bound around it.
func (s *keeper) rest(e *ir.Expr, bound []string) *ir.Expr {
	if !s.ofRequest(e) {
		return e
	}
	if ir.Keepable(e.Type) && !e.ReadsResponse() && !readsAny(e, bound) {
		return s.keep(e)
	}
	if e.Op == "let" && len(e.Args) > 0 {
		if inlined := s.inline(e); inlined != nil {
			return s.rest(inlined, bound)
		}
	}
	if len(e.Args) == 0 || e.Op == "let" {
		s.refuse(e)
		return e
	}
	out := *e
	out.Args = nil
	inner := append(bound[:len(bound):len(bound)], e.Vars...)
	for i, a := range e.Args {
		if i == 0 && len(e.Vars) > 0 {
			out.Args = append(out.Args, s.rest(a, bound)) // what a loop goes over, what is bound
		} else {
			out.Args = append(out.Args, s.rest(a, inner))
		}
	}
	return &out
}

// ofRequest reports whether an expression reads what only the request's hook has.
func (s *keeper) ofRequest(e *ir.Expr) bool {
	found := false
	e.Walk(func(n *ir.Expr) {
		switch n.Op {
		case "path", "url-path", "query-string", "host", "scheme", "method", "route-name",
			"attribute", "attribute-ip", "attribute-net", "attribute-int", "attribute-bool",
			"header", "header-has", "header-at", "header-optional", "header-values",
			"headers-has", "headers-at", "headers-optional", "headers-all",
			"query", "query-values", "cookie", "capture", "identity", "claim", "let", "inside":
			found = true
		case "table": // another one may be there when the answer comes
			found = found || s.Bundle.Tables[n.Index].Reload
		}
	})
	return found
}

func readsAny(e *ir.Expr, names []string) bool {
	for _, n := range names {
		if e.Reads(n) {
			return true
		}
	}
	return false
}

// keep gives an expression its place among the kept values of the route.
func (s *keeper) keep(e *ir.Expr) *ir.Expr {
	out := &ir.Expr{Op: "kept", Type: e.Type, Span: e.Span}
	if e.Fails(s.Bundle.FailingLets()) {
		out.Op = "kept-fallible"
	}
	for i, k := range s.route.Kept {
		if k.Scope == s.scope && k.Expr.Type.Equal(e.Type) && k.Expr.String() == e.String() {
			out.Index = i
			return out
		}
	}
	out.Index = len(s.route.Kept)
	if out.Index == maxKept {
		s.diags.Add(diag.TooComplex, e.Span, "the response rules of this block read %d values of the request; at most %d are supported", maxKept+1, maxKept)
		out.Index = 0
		return out
	}
	k := &ir.Kept{Expr: e, Rule: s.rule, Scope: s.scope, Identity: s.needsIdentity(e)}
	e.Walk(func(n *ir.Expr) { k.Request = k.Request || n.Op != "table" && s.ofRequest(&ir.Expr{Op: n.Op}) })
	s.route.Kept = append(s.route.Kept, k)
	return out
}

// refuse says of a value of the request that it cannot be kept.
func (s *keeper) refuse(e *ir.Expr) {
	s.diags.Add(diag.NotYetExpr, e.Span, "a %s of the request beside the answer is not supported yet", e.Type).
		Helpf("a response rule can keep a bool, a number, a text or a time of the request: let the part that reads the request be one by itself")
}

// inline is the value of a let with its arguments in place; nil where that could
// change what fails.
func (s *keeper) inline(e *ir.Expr) *ir.Expr {
	fails := s.Bundle.FailingLets()
	for _, l := range s.Bundle.Lets {
		if l.Name != e.Name {
			continue
		}
		names := map[string]string{}
		out := s.renamed(l.Value, names, l.Params)
		for i := len(l.Params) - 1; i >= 0; i-- {
			if e.Args[i].Fails(fails) {
				return nil
			}
			out = &ir.Expr{Op: "bind", Type: out.Type, Vars: []string{names[l.Params[i].Name]}, Args: []*ir.Expr{e.Args[i], out}, Span: e.Span}
		}
		return out
	}
	return nil
}

// renamed is the value of a let with names that nothing else in the expression
// at hand has.
func (s *keeper) renamed(e *ir.Expr, names map[string]string, params []ir.Param) *ir.Expr {
	for _, p := range params {
		names[p.Name] = s.fresh(p.Name)
	}
	out := *e
	out.Args, out.Vars = nil, nil
	for _, v := range e.Vars {
		names[v] = s.fresh(v)
		out.Vars = append(out.Vars, names[v])
	}
	if to, ok := names[e.Name]; ok && (e.Op == "var" || e.Op == "var-lazy") {
		out.Name = to
	}
	for _, a := range e.Args {
		out.Args = append(out.Args, s.renamed(a, names, nil))
	}
	return &out
}
