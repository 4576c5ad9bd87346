package route

import (
	"slices"
	"strings"
)

// node is a place in the tree of templates: the templates that agree up to it
// share it. Its children are tried in order of specificity, each at most once,
// so a walk needs no stack: where it stands says where it goes on.
type node struct {
	kind           kind
	text           string // of kindLiteral
	prefix, suffix string // of kindParts

	parent, sibling int32 // the next less specific child of the parent, or none
	literals        []int32
	index           map[string]int32 // the literals by their text
	firstOther      int32            // the first child that is no literal
	children        []int32          // in the order of building
	end             *group           // templates that end here
	rest            *group           // templates that go on with **
}

type kind uint8

const (
	kindLiteral kind = iota
	kindParts
	kindPlain
)

// group is the entries of one template on one host, captures' names apart.
type group struct{ entries []entry }

type entry struct {
	Entry
	mask     uint64
	host     bool // captures the host
	segments []binding
	rest     int8 // slot of the rest, or -1
}

// binding is what one segment of a template captures: all but its fixed parts.
type binding struct {
	slot           int8 // -1: nothing
	prefix, suffix int
}

func (t *Table) newNode(n node) int32 {
	n.firstOther = none
	t.nodes = append(t.nodes, n)
	return int32(len(t.nodes) - 1)
}

// insert adds a pattern to a tree.
func (t *Table) insert(tree int32, p *Pattern) {
	at := t.roots[tree]
	e := entry{Entry: p.Entry, mask: t.mask(p.Entry.Methods), host: p.HostCapture, rest: -1}
	captures := p.Entry.Captures
	slot := func() int8 {
		if len(captures) == 0 || captures[0] >= MaxCaptures {
			panic("route: template " + p.Template + " has captures without a slot")
		}
		s := captures[0]
		captures = captures[1:]
		return int8(s)
	}
	segments := strings.Split(strings.TrimPrefix(p.Template, "/"), "/")
	if segments[len(segments)-1] == "" {
		segments = segments[:len(segments)-1]
	}
	isRest := false
	for i, text := range segments {
		s := parseSegment(text)
		taken := int8(-1)
		if s.named {
			taken = slot()
		}
		if s.rest {
			if i != len(segments)-1 {
				panic("route: template " + p.Template + " goes on after its rest")
			}
			isRest, e.rest = true, taken
			break
		}
		e.segments = append(e.segments, binding{taken, len(s.prefix), len(s.suffix)})
		at = t.child(at, s)
	}
	if len(captures) != 0 {
		panic("route: template " + p.Template + " has fewer captures than slots")
	}
	g := &t.nodes[at].end
	if isRest {
		g = &t.nodes[at].rest
	}
	if *g == nil {
		*g = &group{}
	}
	(*g).entries = append((*g).entries, e)
}

// child returns the child of a node for a segment, a new one if need be.
func (t *Table) child(parent int32, s segment) int32 {
	for _, c := range t.nodes[parent].children {
		n := &t.nodes[c]
		if n.kind == s.kind && n.text == s.literal && n.prefix == s.prefix && n.suffix == s.suffix {
			return c
		}
	}
	c := t.newNode(node{kind: s.kind, text: s.literal, prefix: s.prefix, suffix: s.suffix, parent: parent, sibling: none})
	t.nodes[parent].children = append(t.nodes[parent].children, c)
	return c
}

// arrange links children in order of specificity and entries in the order in
// which they are tried.
func (t *Table) arrange() {
	for i := range t.nodes {
		n := &t.nodes[i]
		var others []int32
		for _, c := range n.children {
			if child := &t.nodes[c]; child.kind == kindLiteral {
				n.literals = append(n.literals, c)
			} else {
				others = append(others, c)
			}
		}
		slices.SortStableFunc(others, func(a, b int32) int {
			x, y := &t.nodes[a], &t.nodes[b]
			if x.kind != y.kind {
				return int(x.kind) - int(y.kind)
			}
			if d := len(y.prefix) - len(x.prefix); d != 0 {
				return d
			}
			return len(y.suffix) - len(x.suffix)
		})
		for j := len(others) - 1; j >= 0; j-- {
			t.nodes[others[j]].sibling = n.firstOther
			n.firstOther = others[j]
		}
		n.index = make(map[string]int32, len(n.literals))
		for _, c := range n.literals {
			n.index[t.nodes[c].text] = c
			t.nodes[c].sibling = n.firstOther
		}
		for _, g := range []*group{n.end, n.rest} {
			if g != nil {
				slices.SortStableFunc(g.entries, func(a, b entry) int { return conditional(b) - conditional(a) })
				t.prepareAllows(g)
			}
		}
	}
}

func conditional(e entry) int {
	if e.When {
		return 1
	}
	return 0
}

// segment is one parsed segment of a template.
type segment struct {
	kind           kind
	literal        string
	prefix, suffix string
	named, rest    bool
}

// parseSegment reads a segment as it is written in a template.
func parseSegment(text string) segment {
	if text == "**" {
		return segment{rest: true}
	}
	open, end := strings.IndexByte(text, '{'), strings.IndexByte(text, '}')
	named := open >= 0 && end > open
	if named && strings.HasSuffix(text[open+1:end], "=**") {
		return segment{rest: true, named: true}
	}
	if !named {
		open = strings.IndexByte(text, '*')
		end = open
	}
	if open < 0 {
		return segment{kind: kindLiteral, literal: unescape(text)}
	}
	s := segment{kind: kindParts, prefix: unescape(text[:open]), suffix: unescape(text[end+1:]), named: named}
	if s.prefix == "" && s.suffix == "" {
		s.kind = kindPlain
	}
	return s
}

// unescape decodes %XX in the fixed text of a template.
func unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	const hex = "0123456789abcdef"
	var out []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			hi := strings.IndexByte(hex, s[i+1]|0x20)
			lo := strings.IndexByte(hex, s[i+2]|0x20)
			if hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		out = append(out, s[i])
	}
	return string(out)
}
