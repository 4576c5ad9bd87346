package check

import (
	"slices"
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// phrase is text of an expression: strings, and nodes whose text stands in their
// place, in parentheses where one of their operators would come apart.
type phrase []any

// source is the text as the nodes are written.
func (t phrase) source() string {
	return t.render(func(e *celfront.Expr) string { return e.Span.Text() })
}

func (t phrase) render(node func(*celfront.Expr) string) string {
	var b strings.Builder
	for i, part := range t {
		switch p := part.(type) {
		case string:
			b.WriteString(p)
		case *celfront.Expr:
			member := i+1 < len(t) && strings.HasPrefix(word(t[i+1]), ".") || i+1 < len(t) && strings.HasPrefix(word(t[i+1]), "[")
			enclosed := i > 0 && strings.ContainsAny(word(t[i-1]), "([") && strings.ContainsAny(word(t[i-1])[len(word(t[i-1]))-1:], "([")
			if s := node(p); binds(p) < comparing && !enclosed || binds(p) < primary && member {
				b.WriteString("(" + s + ")")
			} else {
				b.WriteString(s)
			}
		}
	}
	return b.String()
}

// word is a part that is no node.
func word(part any) string {
	s, _ := part.(string)
	return s
}

// How tightly a node's own operator binds.
const (
	comparing = iota + 1 // what may stand beside a comparison
	primary              // what may stand before a dot
)

func binds(e *celfront.Expr) int {
	if e.Op == celfront.Const && strings.HasPrefix(e.Span.Text(), "-") {
		return comparing
	}
	if e.Op != celfront.Call {
		return primary
	}
	switch e.Name {
	case "_&&_", "_||_", "_?_:_", "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in":
		return 0
	case "_+_", "_-_", "_*_", "_/_", "_%_", "-_", "!_":
		return comparing
	}
	return primary
}

// constant reports whether a phrase says the same of every request.
func (t phrase) constant() bool {
	all := false
	for _, part := range t {
		if e, ok := part.(*celfront.Expr); ok {
			constant := true
			e.Walk(func(n *celfront.Expr) bool {
				constant = constant && n.Op != celfront.Var && !requestFunction(n) && !strings.HasPrefix(n.Overload, "let_")
				return constant
			})
			if !constant {
				return false
			}
			all = true
		} else if part == any(" in request.headers") || part == any(" in response.headers") {
			return false
		}
	}
	return all
}

// apart reports whether a node comes apart as an operand of &&.
func apart(e *celfront.Expr) bool {
	return e.Op == celfront.Call && (e.Name == "_||_" || e.Name == "_?_:_")
}

// maxRepairs is how often what a mended expression says is mended again.
const maxRepairs = 4

// guarded writes an expression so that it cannot fail any more. ok is false
// where no text does: it has been checked by the compiler itself.
func (s *scope) guarded(x *celfront.Checked, fs []failure, at place) (help string, ok bool) {
	if at == inRoute {
		return "", false
	}
	for range maxRepairs {
		m := newMending(x.Root, at)
		if at.decides() && !m.close(fs) || !at.decides() && !m.plan(fs) {
			return "", false
		}
		help = m.write(x.Root)
		file := source.New("help", help)
		var diags diag.List
		at := ast.At{Place: source.Span{File: file, End: len(help)}}
		mended := s.env.Check(&ast.Expr{At: at, Text: help}, &diags)
		if mended == nil || !mended.Type.Equal(x.Type) {
			return "", false
		}
		if fs = s.failures(mended.Root); len(fs) == 0 {
			return help, true
		}
		x = mended
	}
	return "", false
}

// mending is the text of an expression with guards.
type mending struct {
	root     *celfront.Expr
	place    place
	failures map[*celfront.Expr][]failure
	// slots are the places that get guards, in order.
	slots map[*celfront.Expr][]phrase
	// parents are what the nodes stand in.
	parents map[*celfront.Expr]*celfront.Expr
	// logical are conditions, also those of type dyn.
	logical map[*celfront.Expr]bool
	// closed are the values of slots where a guard does not hold.
	closed map[*celfront.Expr]bool
}

func newMending(root *celfront.Expr, at place) *mending {
	m := &mending{
		root: root, place: at, failures: map[*celfront.Expr][]failure{}, slots: map[*celfront.Expr][]phrase{},
		parents: map[*celfront.Expr]*celfront.Expr{}, logical: map[*celfront.Expr]bool{}, closed: map[*celfront.Expr]bool{},
	}
	root.Walk(func(e *celfront.Expr) bool {
		for _, a := range e.Args {
			m.parents[a] = e
		}
		return true
	})
	return m
}

// plan decides how each failure is mended: by a guard at the nearest place
// that has a value of its own, or by another text for the node.
func (m *mending) plan(fs []failure) bool {
	slots := make([]*celfront.Expr, len(fs))
	guarded := make([]bool, len(fs))
	for i, f := range fs {
		slot := m.slot(f.at)
		if slot == nil {
			return false
		}
		boolean := slot.Type.Kind == types.Bool || m.logical[slot]
		switch {
		case f.instead != nil && (!boolean || f.guard == nil):
			m.failures[f.at] = append(m.failures[f.at], f)
		case f.guard != nil && !f.guard.constant() && (boolean || empty(slot.Type) != ""):
			slots[i], guarded[i] = slot, true
		default:
			return false
		}
	}
	// Guards are written as the expression will be: what stands in place of a
	// node, stands in its guards too.
	for i, f := range fs {
		if guarded[i] {
			m.guard(slots[i], f.guard)
		}
	}
	return true
}

// said reports whether a condition stands, or will stand, beside a slot.
func (m *mending) said(slot *celfront.Expr, guard string) bool {
	chain := map[bool]string{false: "_&&_", true: "_||_"}[m.closed[slot]]
	said := false
	m.root.Walk(func(e *celfront.Expr) bool {
		if e.Op == celfront.Call && e.Name == chain {
			operands := flatten(nil, e, e.Name)
			beside := slices.Contains(operands, slot)
			said = said || beside && slices.ContainsFunc(operands, func(o *celfront.Expr) bool {
				return o.Span.Text() == guard || m.closed[o] == m.closed[slot] && m.has(o, guard)
			})
		}
		return !said
	})
	return said
}

func (m *mending) has(slot *celfront.Expr, guard string) bool {
	return slices.ContainsFunc(m.slots[slot], func(t phrase) bool { return t.render(m.term) == guard })
}

// guard puts conditions before a slot, none of them twice.
func (m *mending) guard(slot *celfront.Expr, t phrase) {
	for len(t) > 0 {
		n := slices.Index(t, any(" && "))
		if n < 0 {
			n = len(t)
		}
		if g := t[:n].render(m.term); !m.has(slot, g) && !m.said(slot, g) {
			m.slots[slot] = append(m.slots[slot], t[:n])
		}
		t = t[min(n+1, len(t)):]
	}
}

// slot returns the smallest node around another that is a whole condition or
// value: an operand of && or ||, a branch of ? :, what a macro evaluates, or all.
func (m *mending) slot(at *celfront.Expr) *celfront.Expr {
	var found *celfront.Expr
	var visit func(e, slot *celfront.Expr) bool
	visit = func(e, slot *celfront.Expr) bool {
		if e == at {
			found = slot
			return true
		}
		for i, a := range e.Args {
			inner := slot
			switch {
			case e.Op == celfront.Call && (e.Name == "_||_" || e.Name == "_&&_"), e.Op == celfront.Call && e.Name == "_?_:_" && i > 0:
				inner = a
			case e.Op == celfront.Macro && i > 0:
				inner = a
			}
			if e.Op == celfront.Call && (e.Name == "_&&_" || e.Name == "_||_") {
				m.logical[a] = true
			}
			if visit(a, inner) {
				return true
			}
		}
		return false
	}
	visit(m.root, m.root)
	return found
}

// empty is a value of a type that stands for none.
func empty(t *types.Type) string {
	switch t.Kind {
	case types.Bool:
		return "false"
	case types.Int:
		return "0"
	case types.Uint:
		return "0u"
	case types.Double:
		return "0.0"
	case types.String:
		return `""`
	case types.Bytes:
		return `b""`
	case types.Duration:
		return `duration("0s")`
	case types.Timestamp:
		return "timestamp(0)"
	case types.Null:
		return "null"
	case types.List:
		return "[]"
	case types.Map:
		return "{}"
	case types.Optional:
		return "optional.none()"
	case types.Dyn:
		return "dyn(null)"
	case types.IP:
		return `ip("0.0.0.0")`
	case types.CIDR:
		return `cidr("0.0.0.0/32")`
	}
	return ""
}

// write is the text of a node with all that is mended in it.
func (m *mending) write(e *celfront.Expr) string {
	out := m.exchanged(e, m.write)
	if len(m.slots[e]) == 0 {
		return out
	}
	closed := m.closed[e]
	guards := make([]string, len(m.slots[e]))
	for i, g := range m.slots[e] {
		if guards[i] = g.render(m.term); closed {
			guards[i] = g.negated(m.term)
		}
	}
	boolean := e.Type.Kind == types.Bool || m.logical[e]
	sign := map[bool]string{false: "_&&_", true: "_||_"}[closed]
	if apart(e) && !(closed && e.Name == "_||_") {
		out = "(" + out + ")"
	}
	if boolean {
		text := strings.Trim(sign, "_")
		out = strings.Join(append(guards, out), " "+text+" ")
	} else {
		out = strings.Join(guards, " && ") + " ? " + out + " : " + empty(e.Type)
	}
	if m.stands(e, sign, boolean) {
		return out
	}
	return "(" + out + ")"
}

// term is the text of a node in a guard: guards stand before it already.
func (m *mending) term(e *celfront.Expr) string { return m.exchanged(e, m.term) }

// exchanged is the text of a node with what stands in place of it, or of its
// arguments.
func (m *mending) exchanged(e *celfront.Expr, node func(*celfront.Expr) string) string {
	fs := m.failures[e]
	if len(fs) == 0 {
		return inside(e, node)
	}
	out := fs[0].instead.render(node)
	if e.Type.Kind == types.Bool && e != m.root {
		out = "(" + out + ")"
	}
	return out
}

// stands reports whether a slot with its guards needs no parentheses.
func (m *mending) stands(e *celfront.Expr, sign string, boolean bool) bool {
	p := m.parents[e]
	switch {
	case p == nil, p.Op == celfront.Macro && p.Args[0] != e, m.enclosed(e):
		return true
	case p.Op == celfront.Call && (p.Name == "_&&_" || p.Name == "_||_"):
		return boolean && (p.Name == sign || p.Name == "_||_")
	}
	return false
}

// enclosed reports whether a node is written in parentheses.
func (m *mending) enclosed(e *celfront.Expr) bool {
	text := e.Span.File.Text
	before := strings.TrimRight(text[:e.Span.Start], " \t\n")
	behind := strings.TrimLeft(text[e.Span.End:], " \t\n")
	return strings.HasSuffix(before, "(") && strings.HasPrefix(behind, ")")
}

// inside is the text of a node with the texts of its arguments exchanged.
func inside(e *celfront.Expr, node func(*celfront.Expr) string) string {
	full := e.Span.Text()
	var b strings.Builder
	done := e.Span.Start
	for _, a := range e.Args {
		if a.Span.File != e.Span.File || a.Span.Start < done || a.Span.End > e.Span.End || a.Span == e.Span {
			continue
		}
		b.WriteString(full[done-e.Span.Start : a.Span.Start-e.Span.Start])
		b.WriteString(node(a))
		done = a.Span.End
	}
	return b.String() + full[done-e.Span.Start:]
}
