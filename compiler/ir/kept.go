package ir

import (
	"fmt"

	"moec.dev/moec/compiler/types"
)

// Kept is a value of a request that its response rules read: "kept" and
// "kept-fallible" are its reading, by its place in the list of its route. It is
// evaluated when the request is decided.
type Kept struct {
	Expr *Expr
	Rule string // full name of the first rule that reads it
	// Scope is the scope by template whose captures are meant, an index into
	// Bundle.Scopes, or -1.
	Scope int
	// Request and Identity say that it is known only for a request that was
	// canonical, and whose sender is known.
	Request, Identity bool
}

// Keepable reports whether values of a type can be kept for an answer.
func Keepable(t *types.Type) bool {
	switch t.Kind {
	case types.Bool, types.Int, types.Uint, types.Double, types.String, types.Bytes, types.Duration, types.Timestamp:
		return true
	}
	return false
}

// ReadsResponse reports whether an expression reads the answer, or the name of
// one that is worked out.
func (e *Expr) ReadsResponse() bool {
	found := false
	e.Walk(func(n *Expr) {
		switch n.Op {
		case "response-code", "response-at", "response-has", "response-optional", "response-all":
			found = true
		}
	})
	return found
}

// Settled reports whether the response rules of a forwarded request read no
// answer, so that what they do to it is known when the request is decided.
func (r *Route) Settled() bool {
	for _, h := range r.Response {
		if h.Op == RemoveAll || h.When.ReadsResponse() || h.Value.ReadsResponse() {
			return false
		}
	}
	return len(r.Response) > 0 && !r.Answers() && !r.FixedResponse()
}

// Outlives reports whether a request of the bundle leaves the host something for
// its answer.
func (b *Bundle) Outlives() bool {
	if b.StrayAnnounces() {
		return true
	}
	for _, r := range b.Routes {
		if b.Announces(r) || r.Settled() || r.AsksResponse() && len(r.Kept) > 0 {
			return true
		}
	}
	return false
}

// keeps checks what a route, or what is done to requests that no route takes,
// keeps for its response rules.
func (v *verifier) keeps(kept []*Kept) {
	route := v.current
	for _, k := range kept {
		v.current = route
		if k.Scope >= len(v.b.Scopes) {
			v.fail("rule %s keeps a value of scope %d", k.Rule, k.Scope)
			return
		}
		if k.Scope >= 0 {
			v.current = &Route{Captures: v.b.Scopes[k.Scope].Captures}
		}
		v.expr(k.Expr, nil)
		// INVARIANT: a value is kept before there is an answer.
		if v.err == nil && (k.Expr.ReadsResponse() || !Keepable(k.Expr.Type)) {
			v.fail("rule %s keeps %s", k.Rule, k.Expr)
		}
	}
	v.current = route
}

// kept checks the reading of a kept value.
func (v *verifier) kept(e *Expr) {
	if v.current == nil || e.Index < 0 || e.Index >= len(v.current.Kept) {
		v.fail("nothing is kept as %d", e.Index)
		return
	}
	if k := v.current.Kept[e.Index].Expr; !k.Type.Equal(e.Type) || e.Op == "kept" && k.Fails(v.b.FailingLets()) {
		v.fail("%s is read as %s", k, e)
	}
}

func (d *dumper) kept(kept []*Kept) {
	for i, k := range kept {
		line := fmt.Sprintf("  keep %d for %s = %s", i, k.Rule, k.Expr)
		if k.Scope >= 0 {
			line += fmt.Sprintf(" in scope %d", k.Scope)
		}
		d.line("%s", line)
	}
}
