package check

import (
	"regexp"
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
)

// place is where an expression stands that may fail.
type place int

// The places. A help in a deny or an allow must not let anybody in whom the
// failure keeps out: there a guard makes a failure deny, and changes nothing
// else. The when of a route has no such side: what does not match one route may
// match another.
const (
	inHeader place = iota // of a header rule: its when, or its value
	inDeny
	inAllow
	inRoute
	// inScope is the when of a scope: closed is that the scope holds.
	inScope
	inLimit // its key, or another value of it
)

func (p place) decides() bool { return p == inDeny || p == inAllow }

// last is the help where no text is.
func (p place) last() string {
	switch p {
	case inRoute:
		return lastOfRoutes
	case inScope:
		return lastOfScopes
	}
	return lastOfRules
}

// position is where a node stands in a condition: the smallest condition around
// it that fails if, and as far as is known only if, the node does. closed is
// the value that this condition must have then.
type position struct {
	slot    *celfront.Expr
	closed  bool
	logical bool // the node is a condition itself, whose value goes up as it is
}

// find looks for a node below e. The result has no slot where something between
// the two may make good what fails, or needs the value itself.
func (p position) find(e, at *celfront.Expr) (position, bool) {
	if e == at {
		return p, true
	}
	for i, a := range e.Args {
		if found, ok := p.below(e, i).find(a, at); ok {
			return found, true
		}
	}
	return position{}, false
}

// below is the position of an argument of e, which stands at p.
//
// INVARIANT: a condition and a slot in it are of one value if the slot takes the
// value closed for failing: && and ||, all and exists, and a branch of ? : treat
// a failure in the one way in which they treat that value, or else ignore both.
func (p position) below(e *celfront.Expr, i int) position {
	operand := position{slot: e.Args[i], closed: p.closed, logical: true}
	none := position{}
	strict := position{slot: p.slot, closed: p.closed}
	switch {
	case e.Op == celfront.Macro:
		switch {
		case e.Name == "cel.bind" && i == 0:
			return none // evaluated where it is read
		case i == 0:
			return strict
		case p.logical && (e.Name == "cel.bind" || e.Name == "all" || e.Name == "exists"):
			return operand
		}
		return none
	case e.Op != celfront.Call:
		return strict
	}
	switch e.Name {
	case "_&&_", "_||_":
		if p.logical {
			return operand
		}
		return none
	case "!_":
		if p.logical {
			operand.closed = !p.closed
			return operand
		}
	case "_?_:_":
		switch {
		case i == 0:
			return strict
		case p.logical:
			return operand
		}
		return none
	case "or", "orValue":
		if i > 0 {
			return none
		}
	}
	return strict
}

// strictly reports whether an expression fails whenever a node in it does.
func strictly(e, at *celfront.Expr) bool {
	p, ok := position{slot: e}.find(e, at)
	return ok && p.slot != nil
}

// close decides how each failure in a decision is mended: by its guard, where
// that says exactly when there is no failure.
func (m *mending) close(fs []failure) bool {
	for _, f := range fs {
		p, ok := position{slot: m.root, closed: m.place == inDeny, logical: true}.find(m.root, f.at)
		if !ok || p.slot == nil || !f.exact || f.guard == nil || f.guard.constant() {
			return false
		}
		m.logical[p.slot] = true
		m.closed[p.slot] = p.closed
		m.guard(p.slot, f.guard)
	}
	return true
}

var comparison = regexp.MustCompile(` (==|!=|<=|>=|<|>) `)

var opposite = map[string]string{"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}

// negated is the text of a guard that does not hold.
func (t phrase) negated(node func(*celfront.Expr) string) string {
	signs, ordered := 0, true
	out := phrase{}
	for _, part := range t {
		switch p := part.(type) {
		case string:
			part = comparison.ReplaceAllStringFunc(p, func(s string) string {
				signs++
				return " " + opposite[strings.TrimSpace(s)] + " "
			})
		case *celfront.Expr:
			// Of a number that is none neither comparison holds.
			ordered = ordered && p.Type.Kind != types.Double && p.Type.Kind != types.Dyn
		}
		out = append(out, part)
	}
	text := t.render(node)
	last := word(t[len(t)-1])
	switch {
	case signs == 1 && (ordered || strings.Contains(text, "type(")):
		return out.render(node)
	case signs == 0 && strings.HasPrefix(word(t[0]), "!") && strings.HasSuffix(last, ")"):
		return text[1:]
	case signs == 0 && strings.HasSuffix(last, ")"):
		return "!" + text
	}
	return "!(" + text + ")"
}
