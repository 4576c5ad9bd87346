package plan

import (
	"slices"
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/source"
)

// Reads is what a route asks Envoy for, lets seen through: names, sorted.
type Reads struct {
	Headers    []string `json:"headers"` // * for all of them
	Queries    []string `json:"queries"`
	Cookies    []string `json:"cookies"`
	Attributes []string `json:"attributes"`
	Captures   []string `json:"captures"`
	Identity   []string `json:"identity"`
}

func (r *Reads) lists() []*[]string {
	return []*[]string{&r.Headers, &r.Queries, &r.Cookies, &r.Attributes, &r.Captures, &r.Identity}
}

// settle sorts the lists, each name once.
func (r *Reads) settle() {
	for _, l := range r.lists() {
		slices.Sort(*l)
		*l = append([]string{}, slices.Compact(*l)...)
	}
}

// credential notes where an auth finds what it verifies.
func (r *Reads) credential(a *resolve.Auth) {
	switch a.Place {
	case resolve.InHeader:
		r.Headers = append(r.Headers, a.Field)
	case resolve.InQuery:
		r.Queries = append(r.Queries, a.Field)
	case resolve.InCookie:
		r.Cookies = append(r.Cookies, a.Field)
	}
}

// letOf is the let that a node reads or calls, or nil.
func (p *planner) letOf(n *celfront.Expr) *check.Let {
	l := p.lets[n.Name]
	if l == nil || n.Op == celfront.Call && n.Overload != "let_"+n.Name || n.Op == celfront.Var && l.Call {
		return nil
	}
	return l
}

// reads notes what the expression at a place reads; through are the lets that
// lead there.
func (p *planner) reads(r *Reads, at source.Span, through []string) {
	for _, x := range p.checked[at] {
		x.Root.Walk(func(n *celfront.Expr) bool { return p.node(r, n, through) })
	}
}

// node notes what one node reads, and reports whether to look below it.
func (p *planner) node(r *Reads, n *celfront.Expr, through []string) bool {
	if name, all, ok := headerRead(n); ok {
		switch {
		case all:
			r.Headers = append(r.Headers, "*")
		default:
			r.Headers = append(r.Headers, name)
		}
		return false
	}
	if n.Op == celfront.Call && len(n.Args) == 1 && n.Args[0].Op == celfront.Const {
		name, _ := n.Args[0].Value.(string)
		switch n.Overload {
		case "header", "header_values":
			r.Headers = append(r.Headers, strings.ToLower(name))
		case "query", "query_values":
			r.Queries = append(r.Queries, name)
		case "cookie":
			r.Cookies = append(r.Cookies, name)
		}
	}
	if n.Op == celfront.Var || n.Op == celfront.Call {
		if l := p.letOf(n); l != nil && !slices.Contains(through, l.Name) {
			p.reads(r, l.Decl.Value.Span(), append(slices.Clone(through), l.Name))
			return true
		}
	}
	if n.Op == celfront.Var {
		switch {
		case strings.HasPrefix(n.Name, "path."), strings.HasPrefix(n.Name, "hostname."):
			r.Captures = append(r.Captures, n.Name)
		case strings.HasPrefix(n.Name, "identity."), strings.HasPrefix(n.Name, "identities."):
			r.Identity = append(r.Identity, n.Name)
		case types.Find(n.Name) != nil:
			r.Attributes = append(r.Attributes, n.Name)
		}
	}
	return true
}

// headerRead recognises a read of request.headers: of one that is named, or of
// all.
func headerRead(n *celfront.Expr) (name string, all, ok bool) {
	isMap := func(e *celfront.Expr) bool { return e.Op == celfront.Var && e.Name == "request.headers" }
	switch {
	case isMap(n):
		return "", true, true
	case (n.Op == celfront.Select || n.Op == celfront.Has) && isMap(n.Args[0]):
		return strings.ToLower(n.Name), false, true
	case n.Op != celfront.Call || len(n.Args) != 2:
		return "", false, false
	}
	key, from := n.Args[1], n.Args[0]
	if n.Name == "@in" {
		key, from = n.Args[0], n.Args[1]
	}
	text, constant := key.Value.(string)
	if !isMap(from) || key.Op != celfront.Const || !constant {
		return "", false, false
	}
	return strings.ToLower(text), false, true
}
