// Package route chooses the route of a request by host, path and method. It
// knows patterns and numbers; what a route does is the business of generated
// code.
package route

import "strings"

// MaxCaptures is the number of captures that one route can have.
const MaxCaptures = 16

// Entry is one way into a route.
type Entry struct {
	Route   int32
	Methods []string // nil: any. GET takes HEAD.
	When    bool     // the route has a condition
	// Captures says for each named capture of the template, from left to right,
	// which slot of Match.Captures it fills.
	Captures []uint8
}

// Pattern is one template on one host.
type Pattern struct {
	// Host is "" for any host, "h" for exactly that one, "*.suffix" for the
	// hosts with one or more labels before the suffix.
	Host string
	// HostCapture asks for those labels in Match.Host.
	HostCapture bool
	Template    string // as written: /a/{x}/{id}.html/{y=**}
	Entry       Entry
}

// Outcome is what Find came to.
type Outcome uint8

// The outcomes.
const (
	None     Outcome = iota // no route
	Found                   // Match.Route
	NoMethod                // routes, but none with the method; Match.Allow
	Failed                  // the condition of Match.FailedRoute failed
)

// Match is what Find finds. Its strings are parts of Find's arguments or of
// the table.
type Match struct {
	Route       int32
	Outcome     Outcome
	FailedRoute int32
	Captures    [MaxCaptures]string
	Host        string // what a host pattern captured
	Allow       string // the methods that the path has
}

// Table is the routes of a bundle. It is immutable after it is made.
type Table struct {
	exact     map[string]int32 // host -> tree
	wildcards []wildcard       // longer suffixes first
	anyHost   int32            // tree, or none
	roots     []int32          // tree -> node
	nodes     []node
	methods   []string          // sorted; an entry's are bits of a mask
	allows    map[uint64]string // the allow header by mask
}

type wildcard struct {
	suffix string // with its dot
	tree   int32
}

const none int32 = -1

// New builds the table; the patterns are in source order. It panics on a
// template or host that the compiler would not have let pass.
func New(patterns []Pattern) *Table {
	t := &Table{exact: map[string]int32{}, anyHost: none, allows: map[uint64]string{}}
	t.collectMethods(patterns)
	for i := range patterns {
		p := &patterns[i]
		t.insert(t.tree(p.Host), p)
	}
	t.arrange()
	return t
}

// tree returns the tree of a host pattern, a new one if need be.
func (t *Table) tree(host string) int32 {
	add := func() int32 {
		t.roots = append(t.roots, t.newNode(node{parent: none, sibling: none}))
		return int32(len(t.roots) - 1)
	}
	switch {
	case host == "":
		if t.anyHost == none {
			t.anyHost = add()
		}
		return t.anyHost
	case strings.HasPrefix(host, "*."):
		suffix := host[1:]
		at := 0
		for ; at < len(t.wildcards) && len(t.wildcards[at].suffix) >= len(suffix); at++ {
			if t.wildcards[at].suffix == suffix {
				return t.wildcards[at].tree
			}
		}
		t.wildcards = append(t.wildcards, wildcard{})
		copy(t.wildcards[at+1:], t.wildcards[at:])
		t.wildcards[at] = wildcard{suffix, add()}
		return t.wildcards[at].tree
	}
	tree, ok := t.exact[host]
	if !ok {
		tree = add()
		t.exact[host] = tree
	}
	return tree
}

// Find chooses the route of a request. The host is canonical, the path is
// decoded and without query. when tells whether the condition of a route
// holds; it may read m, is called in order and only as far as needed, and may
// be nil if no route has a condition.
//
// Find does not allocate. It looks at each node of the tree at most once.
func (t *Table) Find(m *Match, host, path, method string, when func(route int32) (ok, failed bool)) {
	m.Outcome = None
	if path == "" || path[0] != '/' {
		return
	}
	q := query{t: t, path: path, method: t.methodBit(method)}
	q.end = len(path)
	if q.end > 1 && path[q.end-1] == '/' {
		q.end--
	}
	if len(t.exact) == 0 {
		// Spares hashing the host.
	} else if tree, ok := t.exact[host]; ok && q.walk(m, t.roots[tree], when) {
		return
	}
	for i := range t.wildcards {
		w := &t.wildcards[i]
		if len(host) > len(w.suffix) && strings.HasSuffix(host, w.suffix) {
			q.host = host[:len(host)-len(w.suffix)]
			if q.walk(m, t.roots[w.tree], when) {
				return
			}
		}
	}
	q.host = ""
	if t.anyHost != none {
		q.walk(m, t.roots[t.anyHost], when)
	}
}
