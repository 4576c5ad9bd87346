package ir

import (
	"fmt"

	"moec.dev/moec/compiler/types"
)

// Verify checks the invariants that code generation relies on. It returns the
// first violation, which is a mistake of the compiler.
func Verify(b *Bundle) error {
	v := &verifier{b: b, lets: map[string]*Let{}}
	for _, l := range b.Lets {
		v.bound = map[string]bool{}
		for _, p := range l.Params {
			v.bound[p.Name] = true
		}
		v.expr(l.Value, nil)
		v.lets[l.Name] = l
	}
	v.bound = map[string]bool{}
	for _, a := range b.Auths {
		v.auth(a)
	}
	for _, r := range b.Routes {
		v.route(r)
	}
	return v.err
}

type verifier struct {
	b       *Bundle
	lets    map[string]*Let
	bound   map[string]bool
	current *Route
	err     error
}

func (v *verifier) fail(format string, args ...any) {
	if v.err == nil {
		v.err = fmt.Errorf("ir: bundle %s: "+format, append([]any{v.b.Name}, args...)...)
	}
}

func (v *verifier) auth(a *Auth) {
	slots := map[string]int{"header": len(v.b.Headers), "query": len(v.b.Queries), "cookie": len(v.b.Cookies)}
	if n, ok := slots[a.Place]; !ok || a.Slot < 0 || a.Slot >= n {
		v.fail("auth %s: slot %d of %q", a.Name, a.Slot, a.Place)
	}
	for i, k := range a.Keys {
		if len(k.Claims) != len(v.b.Claims) {
			v.fail("auth %s: key %d has %d claims, want %d", a.Name, i, len(k.Claims), len(v.b.Claims))
		}
	}
}

func (v *verifier) route(r *Route) {
	v.current = r
	if len(r.Patterns) == 0 {
		v.fail("route %s has no pattern", r.Name)
	}
	if (r.Cluster == "") == (r.Respond == nil) {
		v.fail("route %s needs exactly one ending", r.Name)
	}
	if r.Public != (len(r.Auths) == 0) {
		v.fail("route %s: public and its auths disagree", r.Name)
	}
	for _, i := range r.Auths {
		if i < 0 || i >= len(v.b.Auths) {
			v.fail("route %s: auth %d", r.Name, i)
		}
	}
	for _, p := range r.Patterns {
		for _, c := range p.Captures {
			if c < 0 || c >= len(r.Captures) {
				v.fail("route %s: capture slot %d", r.Name, c)
			}
		}
	}
	v.expr(r.When, types.BoolType)
	for _, k := range append(append(append([]*Rule{}, r.EarlyDenies...), r.LateDenies...), r.Allows...) {
		v.expr(k.When, types.BoolType)
	}
	for _, h := range append(append([]*HeaderRule{}, r.Request...), r.Response...) {
		v.expr(h.When, types.BoolType)
		if (h.Value == nil) != (h.Op == Remove || h.Op == RemoveAll) {
			v.fail("rule %s: %s and its value disagree", h.Name, h.Op)
		}
		v.expr(h.Value, types.StringType)
	}
	v.current = nil
}

// expr checks one expression; want is its type, or nil for any.
func (v *verifier) expr(e *Expr, want *types.Type) {
	if e == nil || v.err != nil {
		return
	}
	sig, ok := operations[e.Op]
	switch {
	case !ok:
		v.fail("unknown operation %q", e.Op)
	case sig.args >= 0 && len(e.Args) != sig.args:
		v.fail("%s takes %d arguments, has %d", e.Op, sig.args, len(e.Args))
	case e.Type == nil:
		v.fail("%s has no type", e)
	case want != nil && !e.Type.Equal(want):
		v.fail("%s is %s, want %s", e, e.Type, want)
	}
	slots := map[Op]int{
		"header": len(v.b.Headers), "header-has": len(v.b.Headers), "header-at": len(v.b.Headers),
		"header-optional": len(v.b.Headers), "header-values": len(v.b.Headers),
		"query": len(v.b.Queries), "cookie": len(v.b.Cookies),
		"attribute": len(v.b.Attributes), "attribute-ip": len(v.b.Attributes), "attribute-net": len(v.b.Attributes),
		"attribute-int": len(v.b.Attributes), "attribute-bool": len(v.b.Attributes),
	}
	if n, ok := slots[e.Op]; ok && (e.Index < 0 || e.Index >= n) {
		v.fail("%s: slot %d of %d", e.Op, e.Index, n)
	}
	switch e.Op {
	case "capture":
		if v.current == nil || e.Index >= len(v.current.Captures) {
			v.fail("capture %d outside a route", e.Index)
		}
	case "let":
		l, ok := v.lets[e.Name]
		if !ok || len(e.Args) != len(l.Params) {
			v.fail("let %s is not defined before its use", e.Name)
		}
	case "var":
		if !v.bound[e.Name] {
			v.fail("variable %s is not bound", e.Name)
		}
	case "and", "or":
		v.expr(e.Args[0], types.BoolType)
		v.expr(e.Args[1], types.BoolType)
	case "if":
		v.expr(e.Args[0], types.BoolType)
		v.expr(e.Args[1], e.Type)
		v.expr(e.Args[2], e.Type)
	case "all", "exists", "exists-one", "filter", "map":
		v.expr(e.Args[0], nil)
		before := v.bound[e.Name]
		v.bound[e.Name] = true
		v.expr(e.Args[1], nil)
		v.bound[e.Name] = before
		return
	}
	for _, a := range e.Args {
		v.expr(a, nil)
	}
}
