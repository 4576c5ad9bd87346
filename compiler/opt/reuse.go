package opt

import (
	"strconv"

	"moec.dev/moec/compiler/ir"
)

// maxRepeated bounds how many values one expression keeps.
const maxRepeated = 8

// reuse evaluates once what stands several times in one expression and costs
// something. A value that can fail, or that may not be needed, is evaluated
// where it is read first.
func reuse(e *ir.Expr) *ir.Expr {
	for n := 1; n <= maxRepeated; n++ {
		found := repeated(e)
		if found == nil {
			break
		}
		name := unused(e, "again", n)
		lazy := found.Fails(nil) || callsLet(found) || !certain(e, found.String())
		out := &ir.Expr{Op: "bind", Type: e.Type, Vars: []string{name}, Span: e.Span}
		read := &ir.Expr{Op: "var", Type: found.Type, Name: name, Span: found.Span}
		if lazy {
			out.Op, read.Op = "bind-lazy", "var-lazy"
		}
		key := found.String()
		out.Args = []*ir.Expr{found, rewrite(e, func(n *ir.Expr) *ir.Expr {
			if n.Type.Equal(found.Type) && n.String() == key {
				r := *read
				return &r
			}
			return n
		})}
		e = out
	}
	return e
}

// repeated returns the largest subexpression that stands twice, costs something
// and reads no name that is bound inside of e; nil if there is none.
func repeated(e *ir.Expr) *ir.Expr {
	bound := map[string]bool{}
	e.Walk(func(n *ir.Expr) {
		for _, v := range n.Vars {
			bound[v] = true
		}
	})
	count, size := map[string]int{}, map[string]int{}
	var best *ir.Expr
	e.Walk(func(n *ir.Expr) {
		if n == e || !costly(n, bound) {
			return
		}
		key := n.Type.String() + " " + n.String()
		if count[key]++; count[key] == 1 {
			n.Walk(func(*ir.Expr) { size[key]++ })
		}
		if count[key] > 1 && (best == nil || size[key] > size[best.Type.String()+" "+best.String()]) {
			best = n
		}
	})
	return best
}

// costly reports whether an expression costs more than the keeping of its value,
// and reads nothing that is bound.
func costly(e *ir.Expr, bound map[string]bool) bool {
	if e.Op == "cast" {
		return false
	}
	costs, free := false, true
	e.Walk(func(n *ir.Expr) {
		switch n.Op {
		case "var", "var-lazy":
			free = free && !bound[n.Name]
		case "matches", "match-sequence", "in-cidr", "in-cidr-list", "concat", "to-int", "to-duration", "to-timestamp", "to-double", "call", "int-or", "now",
			"header-values", "headers-all", "headers-at", "headers-has", "headers-optional", "get", "lookup":
			costs = true
		}
		free = free && len(n.Vars) == 0
	})
	return free && costs
}

// callsLet reports whether an expression reads a let, which may fail.
func callsLet(e *ir.Expr) bool {
	found := false
	e.Walk(func(n *ir.Expr) { found = found || n.Op == "let" })
	return found
}

// certain reports whether evaluating e evaluates the subexpression in any case.
func certain(e *ir.Expr, key string) bool {
	if e.String() == key {
		return true
	}
	args := e.Args
	switch e.Op {
	case "and", "or", "if", "or-value", "or-optional", "all", "exists", "exists-one", "filter", "map", "transform-map", "transform-entry":
		args = args[:1]
	case "bind", "bind-lazy":
		args = args[1:]
	}
	for _, a := range args {
		if certain(a, key) {
			return true
		}
	}
	return false
}

// unused makes a name that nothing in the expression has.
func unused(e *ir.Expr, prefix string, n int) string {
	name := prefix + strconv.Itoa(n)
	taken := false
	e.Walk(func(x *ir.Expr) {
		taken = taken || x.Name == name
		for _, v := range x.Vars {
			taken = taken || v == name
		}
	})
	if taken {
		return unused(e, prefix+"_", n)
	}
	return name
}
