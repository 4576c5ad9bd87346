package ir

import (
	"fmt"
	"slices"
	"time"

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
	v.scopes()
	v.cors()
	v.numbers()
	return v.err
}

// numbers checks that every rule's number is its place in Rules().
func (v *verifier) numbers() {
	names := v.b.Rules()
	for _, r := range v.b.Routes {
		for _, k := range r.rules() {
			if k.Number <= 0 || k.Number >= len(names) || names[k.Number] != k.Name {
				v.fail("rule %s has number %d", k.Name, k.Number)
			}
		}
	}
	for _, k := range v.b.shared() {
		if k.Number <= 0 || k.Number >= len(names) || names[k.Number] != k.Name {
			v.fail("rule %s has number %d", k.Name, k.Number)
		}
	}
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
	v.fate(r)
	if r.MaxBody < -1 || r.MaxBody >= 0 && r.Answers() {
		v.fail("route %s bounds a body by %d", r.Name, r.MaxBody)
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
	for _, p := range r.Patterns {
		if p.Template == "" || p.HostCapture < -1 || p.HostCapture >= len(r.Captures) {
			v.fail("route %s: template %q, host capture %d", r.Name, p.Template, p.HostCapture)
		}
	}
	v.expr(r.When, types.BoolType)
	v.decisions(&r.Decisions)
	v.covering(r.Scopes, r.Name)
	v.holds(&r.Decisions, r.Scopes, r.Name)
	v.keeps(r.Kept)
	v.sharing(r.Sharing, r.Name)
	v.headers(append(append([]*HeaderRule{}, r.Request...), r.Response...))
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
	if v.err != nil {
		return
	}
	switch e.Op {
	case "const", "matches", "match-sequence", "in-cidr":
		v.value(e)
	case "identity", "claim", "get":
		v.name(e)
	case "capture":
		if v.current == nil || e.Index < 0 || e.Index >= len(v.current.Captures) {
			v.fail("capture %d outside a route", e.Index)
		}
	case "kept", "kept-fallible":
		v.kept(e)
	case "inside":
		if e.Index < 0 || e.Index >= len(v.b.Scopes) || !v.b.Scopes[e.Index].Template() {
			v.fail("%s of %d scopes", e, len(v.b.Scopes))
		}
	case "let":
		l, ok := v.lets[e.Name]
		if !ok || len(e.Args) != len(l.Params) {
			v.fail("let %s is not defined before its use", e.Name)
		}
	case "table":
		v.table(e)
	case "field", "field-set":
		v.field(e)
		return
	case "var", "var-lazy":
		if !v.bound[e.Name] {
			v.fail("variable %s is not bound", e.Name)
		}
	case "call":
		if _, ok := Functions[e.Name]; !ok {
			v.fail("there is no function %q", e.Name)
		}
	case "is":
		if e.Of == nil || e.Args[0].Type.Kind != types.Dyn {
			v.fail("%s needs a type and a dyn", e)
		}
	case "and", "or":
		v.expr(e.Args[0], types.BoolType)
		v.expr(e.Args[1], types.BoolType)
		return
	case "if":
		v.expr(e.Args[0], types.BoolType)
		v.expr(e.Args[1], e.Type)
		v.expr(e.Args[2], e.Type)
		return
	case "all", "exists", "exists-one", "filter", "map", "transform-map", "transform-entry":
		v.loop(e)
		return
	case "bind", "bind-lazy":
		v.binder(e)
		return
	}
	for _, a := range e.Args {
		v.expr(a, nil)
	}
}

// loop checks a loop: what it goes over, how many names it binds, and that its
// condition is one.
func (v *verifier) loop(e *Expr) {
	conditions := 0
	switch {
	case e.Op == "all" || e.Op == "exists" || e.Op == "exists-one" || e.Op == "filter" || len(e.Args) == 3:
		conditions = 1
	}
	if len(e.Args) < 2 || len(e.Args) > 3 || len(e.Vars) < 1 || len(e.Vars) > 2 {
		v.fail("%s has %d arguments and %d names", e.Op, len(e.Args), len(e.Vars))
		return
	}
	if v.expr(e.Args[0], nil); v.err != nil {
		return
	}
	if k := e.Args[0].Type.Kind; k != types.List && k != types.Map {
		v.fail("%s goes over a %s", e.Op, e.Args[0].Type)
	}
	v.with(e.Vars, func() {
		for i, a := range e.Args[1:] {
			if i < conditions {
				v.expr(a, types.BoolType)
			} else {
				v.expr(a, nil)
			}
		}
	})
}

func (v *verifier) binder(e *Expr) {
	if len(e.Vars) != 1 {
		v.fail("%s binds %d names", e.Op, len(e.Vars))
		return
	}
	v.expr(e.Args[0], nil)
	v.with(e.Vars, func() { v.expr(e.Args[1], e.Type) })
}

// with checks what stands where names are bound.
//
// INVARIANT: no name is bound twice in one expression.
func (v *verifier) with(names []string, check func()) {
	for _, n := range names {
		if v.bound[n] {
			v.fail("variable %s is bound twice", n)
		}
		v.bound[n] = true
	}
	check()
	for _, n := range names {
		v.bound[n] = false
	}
}

// value checks that a node carries the value that its operation needs.
func (v *verifier) value(e *Expr) {
	ok := false
	switch value := e.Value.(type) {
	case Sequence:
		ok = e.Op == "match-sequence" && value.sound()
	case string:
		k := e.Type.Kind
		ok = e.Op == "matches" || e.Op == "const" && (k == types.String || k == types.Bytes || k == types.TypeOf)
	case nil:
		ok = e.Op == "const" && e.Type.Kind == types.Null
	case []string:
		ok = e.Op == "in-cidr"
	case bool:
		ok = e.Op == "const" && e.Type.Kind == types.Bool
	case int64:
		ok = e.Op == "const" && e.Type.Kind == types.Int
	case uint64:
		ok = e.Op == "const" && e.Type.Kind == types.Uint
	case float64:
		ok = e.Op == "const" && e.Type.Kind == types.Double
	case time.Duration:
		ok = e.Op == "const" && e.Type.Kind == types.Duration
	case time.Time:
		ok = e.Op == "const" && e.Type.Kind == types.Timestamp
	}
	if !ok {
		v.fail("%s of type %s has the value %v", e.Op, e.Type, e.Value)
	}
}

// getters are the parts of a time.
var getters = map[string]bool{"getFullYear": true, "getMonth": true, "getDate": true, "getDayOfMonth": true, "getDayOfWeek": true,
	"getDayOfYear": true, "getHours": true, "getMinutes": true, "getSeconds": true, "getMilliseconds": true}

// name checks that what a node names is there.
func (v *verifier) name(e *Expr) {
	ok := e.Op == "get" && getters[e.Name] || e.Op == "identity" && slices.ContainsFunc(types.IdentityFields, func(a types.Attribute) bool { return a.Name == "identity."+e.Name }) ||
		e.Op == "claim" && slices.ContainsFunc(v.b.Claims, func(c Claim) bool { return c.Name == e.Name })
	if !ok {
		v.fail("%s has no %q", e.Op, e.Name)
	}
}
