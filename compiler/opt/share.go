package opt

import (
	"strconv"

	"moec.dev/moec/compiler/ir"
)

// maxShared bounds how many values a request keeps for reuse.
const maxShared = 32

// share gives subexpressions that stand in several places and cost something a
// let of their own, which is evaluated once a request and only if it is needed.
func share(b ir.Bundle) ir.Bundle {
	for n := 1; n <= maxShared; n++ {
		key := mostRepeated(&b)
		if key == "" {
			break
		}
		b = extract(b, key, "shared_"+strconv.Itoa(n))
	}
	return b
}

// mostRepeated returns the text of the largest expression that is worth sharing
// and stands in two places, or "".
func mostRepeated(b *ir.Bundle) string {
	count := map[string]int{}
	size := map[string]int{}
	var first []string
	for _, e := range shareable(b) {
		e.Walk(func(n *ir.Expr) {
			if !worthSharing(n) {
				return
			}
			key := n.Type.String() + " " + n.String()
			if count[key]++; count[key] == 1 {
				first = append(first, key)
				n.Walk(func(*ir.Expr) { size[key]++ })
			}
		})
	}
	best := ""
	for _, key := range first {
		if count[key] > 1 && (best == "" || size[key] > size[best]) {
			best = key
		}
	}
	return best
}

// shareable are the expressions that can read a let: those of the request.
func shareable(b *ir.Bundle) []*ir.Expr {
	var out []*ir.Expr
	for _, l := range b.Lets {
		out = append(out, l.Value)
	}
	add := func(e *ir.Expr) {
		if e != nil {
			out = append(out, e)
		}
	}
	for _, s := range b.Scopes {
		decided(&s.Decisions, add)
	}
	for _, r := range b.Routes {
		add(r.When)
		decided(&r.Decisions, add)
		for _, h := range r.Request {
			add(h.When)
			add(h.Value)
		}
		r.FateExprs(add)
		for _, k := range r.Kept {
			add(k.Expr)
		}
	}
	return out
}

// worthSharing reports whether an expression costs more than the reading of a
// kept value, and means the same wherever it stands.
func worthSharing(e *ir.Expr) bool {
	costs, free := false, true
	e.Walk(func(n *ir.Expr) {
		switch n.Op {
		case "var", "var-lazy", "bind", "bind-lazy", "capture", "route-name", "kept", "kept-fallible",
			"response-code", "response-at", "response-has", "response-optional", "response-all":
			free = false
		case "matches", "in-cidr", "in-cidr-list", "concat", "to-duration", "to-timestamp", "to-double", "call",
			"header-values", "headers-all", "all", "exists", "exists-one", "filter", "map", "transform-map", "transform-entry",
			"headers-at", "headers-has", "headers-optional":
			costs = true
		}
		if len(n.Vars) > 0 {
			free = false // names that are unique only where they stand
		}
	})
	return free && costs && e.Op != "cast"
}

// extract makes a let of every place where an expression stands.
func extract(b ir.Bundle, key, name string) ir.Bundle {
	var found *ir.Expr
	f := func(e *ir.Expr) *ir.Expr {
		if !worthSharing(e) || e.Type.String()+" "+e.String() != key {
			return e
		}
		if found == nil {
			found = e
		}
		return &ir.Expr{Op: "let", Type: e.Type, Name: name, Span: e.Span}
	}
	// The let stands before the first that reads it, and so behind all that it
	// reads itself.
	at := len(b.Lets)
	var lets []*ir.Let
	for i, l := range b.Lets {
		c := *l
		c.Value = rewrite(l.Value, f)
		if found != nil && at == len(b.Lets) {
			at = i
		}
		lets = append(lets, &c)
	}
	b.Lets = nil
	before, stray := b.Routes, b.Stray
	b = apply(b, everywhere(f))
	b.Stray = stray
	for i, r := range b.Routes { // the response phase has no lets
		r.Response = before[i].Response
	}
	shared := &ir.Let{Name: name, Value: found, Span: found.Span}
	b.Lets = append(append(append([]*ir.Let{}, lets[:at]...), shared), lets[at:]...)
	return b
}
