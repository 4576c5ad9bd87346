package plan

import (
	"slices"
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/outline"
)

// titles are the steps of a request; the language lays down their order.
var titles = [...]string{
	1: "the request is canonical; owned and control headers are removed",
	2: "the route",
	3: "denials that need no identity",
	4: "limits that need no identity",
	5: "authentication",
	6: "denials that need the identity, then allows",
	7: "limits that need the identity",
	8: "request headers, and where the request goes",
	9: "response headers",
}

// stepOf is the step in which an item is carried out; 0 for the route itself.
func (p *planner) stepOf(i *outline.Item) int {
	switch i.Kind {
	case "route":
		return 0
	case "when":
		return 2
	case "deny":
		if p.identity(i) {
			return 6
		}
		return 3
	case "limit":
		if p.identity(i) {
			return 7
		}
		return 4
	case "allow":
		return 6
	}
	if strings.Contains(i.Name, "."+i.Kind+".response.") {
		return 9
	}
	return 8
}

// inOrder sorts items into the order in which their steps carry them out: denials
// before allows; removes, sets, sets if absent, adds.
func inOrder(items []*outline.Item) []*outline.Item {
	rank := func(i *outline.Item) int {
		n := slices.Index([]string{"when", "deny", "limit", "allow", "remove", "set", "", "add"}, i.Kind)
		if i.Absent {
			n++
		}
		if n < 0 {
			n = 100
		}
		return n
	}
	out := slices.Clone(items)
	slices.SortStableFunc(out, func(a, b *outline.Item) int { return rank(a) - rank(b) })
	return out
}

// identity reports whether an item reads who the client is, itself or through
// lets; a use of a declared limit reads what its key reads.
func (p *planner) identity(i *outline.Item) bool {
	for _, e := range p.exprs(i) {
		if p.needs(p.trees(e.Expr)) {
			return true
		}
	}
	return false
}

// exprs are the expressions of an item; those of a declared limit are used where
// the limit is.
func (p *planner) exprs(i *outline.Item) []outline.Expr {
	if declared := p.limits[i.Name[strings.LastIndexByte(i.Name, '.')+1:]]; i.Shared && declared != nil {
		return append(slices.Clone(i.Exprs), declared.Exprs...)
	}
	return i.Exprs
}

func (p *planner) needs(trees []*celfront.Checked) bool {
	found := false
	for _, x := range trees {
		x.Root.Walk(func(n *celfront.Expr) bool {
			switch {
			case n.Op == celfront.Var && strings.HasPrefix(n.Name, "identity"):
				found = true
			case n.Op == celfront.Var || n.Op == celfront.Call:
				if l := p.letOf(n); l != nil && p.needs(p.trees(l.Decl.Value)) {
					found = true
				}
			}
			return !found
		})
	}
	return found
}
