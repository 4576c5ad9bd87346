package route

import "strings"

// query is what a walk looks for. The match is no part of it: the compiler
// takes the fields of a struct for one, and a match that is filled in from its
// neighbours would have to live on the heap.
type query struct {
	t      *Table
	path   string
	end    int // of path without a slash at its end
	method uint64
	host   string // what stands before a wildcard's suffix
}

// walk goes through a tree, the more specific templates first, and stops at
// the first group that has an answer. It stands at a node with at being the
// offset of the slash before the next segment, or end when none is left.
func (q *query) walk(m *Match, root int32, when func(int32) (bool, bool)) bool {
	nodes := q.t.nodes
	at, here := 0, root
	if q.end == 1 { // the root path has no segments
		at = 1
	}
	for {
		n := &nodes[here]
		next := none
		if at < q.end {
			segment := q.segment(at)
			if next = n.literal(nodes, segment); next == none {
				next = fitting(nodes, n.firstOther, segment)
			}
			if next != none {
				at += 1 + len(segment)
				here = next
				continue
			}
		} else if n.end != nil && q.try(m, n.end, at, when) {
			return true
		}
		// Nothing below: this node's own rest, then what is less specific.
		for {
			n = &nodes[here]
			if n.rest != nil && q.try(m, n.rest, at, when) {
				return true
			}
			if here == root {
				return false
			}
			at = strings.LastIndexByte(q.path[:at], '/')
			next = fitting(nodes, n.sibling, q.segment(at))
			if next != none {
				at += 1 + len(q.segment(at))
				here = next
				break
			}
			here = n.parent
		}
	}
}

// segment is the one after the slash at an offset.
func (q *query) segment(at int) string {
	// Segments are short: a loop is faster than a call of strings.IndexByte.
	rest := q.path[at+1 : q.end]
	for i := 0; i < len(rest); i++ {
		if rest[i] == '/' {
			return rest[:i]
		}
	}
	return rest
}

// few is the number of literals up to which looking at each is faster than
// hashing the segment.
const few = 6

// literal returns the child for a segment that is fixed text.
func (n *node) literal(nodes []node, segment string) int32 {
	if len(n.literals) > few {
		if c, ok := n.index[segment]; ok {
			return c
		}
		return none
	}
	for _, c := range n.literals {
		if nodes[c].text == segment {
			return c
		}
	}
	return none
}

// fitting returns the first of a chain of siblings that takes a segment.
func fitting(nodes []node, c int32, segment string) int32 {
	for ; c != none; c = nodes[c].sibling {
		n := &nodes[c]
		if len(n.prefix)+len(n.suffix) == 0 {
			if len(segment) > 0 {
				return c
			}
			continue
		}
		if len(segment) > len(n.prefix)+len(n.suffix) &&
			strings.HasPrefix(segment, n.prefix) && strings.HasSuffix(segment, n.suffix) {
			return c
		}
	}
	return none
}

// try asks the entries of a group in order; false when none is a candidate. at
// is the offset at which the template's rest starts.
func (q *query) try(m *Match, g *group, at int, when func(int32) (bool, bool)) bool {
	allowed, candidates := uint64(0), false
	for i := range g.entries {
		e := &g.entries[i]
		takes := e.mask == anyMethod || e.mask&q.method != 0
		if takes || e.When {
			q.bind(m, e, at)
		}
		if e.When {
			if when == nil {
				m.Outcome, m.FailedRoute = Failed, e.Route
				return true
			}
			ok, failed := when(e.Route)
			if failed {
				m.Outcome, m.FailedRoute = Failed, e.Route
				return true
			}
			if !ok {
				continue
			}
		}
		if takes {
			m.Outcome, m.Route = Found, e.Route
			return true
		}
		candidates = true
		allowed |= e.mask
	}
	if candidates {
		m.Outcome, m.Allow = NoMethod, q.t.allow(allowed)
	}
	return candidates
}

// bind fills in what an entry captures.
func (q *query) bind(m *Match, e *entry, at int) {
	m.Host = ""
	if e.host {
		m.Host = q.host
	}
	from := 0
	for i := range e.segments {
		s := &e.segments[i]
		segment := q.segment(from)
		if s.slot >= 0 {
			m.Captures[s.slot] = segment[s.prefix : len(segment)-s.suffix]
		}
		from += 1 + len(segment)
	}
	if e.rest >= 0 {
		m.Captures[e.rest] = ""
		if at+1 < len(q.path) {
			m.Captures[e.rest] = q.path[at+1:]
		}
	}
}
