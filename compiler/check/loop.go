package check

import (
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
)

// maxLoops is how far loops over lists that a client sizes may stand inside each
// other. A list of some hundreds counts once: headers, values of a header or of a
// query parameter. One that is as long as a header has bytes, such as the parts
// of a text, counts twice. Beyond, one request could keep a worker busy for
// seconds.
const maxLoops = 2

// fewParts is the longest list that counts once.
const fewParts = 512

// maxCalls is how often evaluating one expression may call lets with parameters.
const maxCalls = 4096

// loops refuses expressions whose work grows too fast with the request.
func (c *checker) loops(e *celfront.Expr) {
	if n := c.calls(e); n > maxCalls {
		c.diags.Add(diag.TooComplex, e.Span, "lets with parameters are called more than %d times here", maxCalls).
			Helpf("make a let without parameters of what is computed several times: it is evaluated once")
		return
	}
	if n := c.loopDepth(e, nest{}); n > maxLoops {
		c.diags.Add(diag.TooComplex, e.Span, "loops inside each other over lists that the client sizes: %d levels, where parts of a text count twice; at most %d are supported", n, maxLoops).
			Helpf("bound a split, as in split(\",\", 64), compare with a constant list, or split the condition into two rules")
	}
}

// calls is how many calls of lets with parameters evaluating e takes at most,
// loops aside.
func (c *checker) calls(e *celfront.Expr) int {
	n := 0
	for _, a := range e.Args {
		n += c.calls(a)
	}
	if l := c.called(e); l != nil {
		inner, known := c.callCounts[l.Name]
		if !known {
			inner = c.calls(c.Exprs[l.Decl.Value].Root)
			c.callCounts[l.Name] = inner
		}
		n += 1 + inner
	}
	return min(n, maxCalls+1)
}

// called is the let with parameters that a node calls, or nil.
func (c *checker) called(e *celfront.Expr) *Let {
	if e.Op == celfront.Call && strings.HasPrefix(e.Overload, "let_") {
		if l, ok := c.lets[e.Name]; ok && c.Exprs[l.Decl.Value] != nil {
			return l
		}
	}
	return nil
}

// nest is what stands around an expression.
type nest struct {
	// vars are names for what a client sized: elements of a list, parameters.
	vars map[string]bool
	// inside says that a loop around goes over a part of such an element
	// already: all parts together are no longer than the whole, parts of parts
	// taken twice are.
	inside bool
}

func (n nest) with(names []string) nest {
	out := nest{vars: map[string]bool{}, inside: n.inside}
	for v := range n.vars {
		out.vars[v] = true
	}
	for _, v := range names {
		out.vars[v] = true
	}
	return out
}

// loopDepth is the number of loops over client-sized lists that stand inside
// each other. The value of a let is kept, a call of one is not.
func (c *checker) loopDepth(e *celfront.Expr, n nest) int {
	depth := 0
	if e.Op == celfront.Macro && len(e.Args) > 0 {
		weight, part := c.weight(e.Args[0], n)
		inner := n
		if len(e.Vars) > 0 && (weight > 0 || part) {
			inner = n.with(e.Vars)
			inner.inside = n.inside || part
		}
		if e.Name == "transformMapEntry" {
			weight *= 2 // every entry is added to all that are there
		}
		depth = max(c.loopDepth(e.Args[0], n), weight)
		for _, a := range e.Args[1:] {
			depth = max(depth, weight+c.loopDepth(a, inner))
		}
		return depth
	}
	for _, a := range e.Args {
		depth = max(depth, c.loopDepth(a, n))
	}
	if l := c.called(e); l != nil {
		return depth + c.letDepth(l)
	}
	return max(depth, c.hidden(e, n))
}

// letDepth is the depth of a let with parameters, which may be of any size.
func (c *checker) letDepth(l *Let) int {
	depth, known := c.loopDepths[l.Name]
	if !known {
		var names []string
		for _, p := range l.Params {
			names = append(names, p.Name)
		}
		n := nest{inside: true}.with(names)
		depth = c.loopDepth(c.Exprs[l.Decl.Value].Root, n)
		c.loopDepths[l.Name] = depth
	}
	return depth
}

// hidden is the depth of the loops inside of a function.
func (c *checker) hidden(e *celfront.Expr, n nest) int {
	if e.Op != celfront.Call {
		return 0
	}
	depth := 0
	switch e.Name {
	case "@in":
		if e.Args[1].Type.Kind == types.List || e.Args[1].Type.Kind == types.Dyn {
			depth, _ = c.weight(e.Args[1], n)
		}
	case "distinct":
		depth, _ = c.weight(e.Args[0], n)
		switch e.Type.Elem.Kind {
		case types.String, types.Int, types.Uint, types.Bytes: // by their hash
		default: // each is compared with all
			depth *= 2
		}
	case "sets.contains", "sets.equivalent", "sets.intersects", "hasAll", "hasAny", "hasExactly", "hasOnly":
		for _, a := range e.Args {
			w, _ := c.weight(a, n)
			depth += w
		}
	}
	return depth
}

// weight is how many levels going over a list or map counts: 0 where the policy
// sizes it. part says that it is made of a part of what a loop around goes over.
func (c *checker) weight(e *celfront.Expr, n nest) (levels int, part bool) {
	switch e.Type.Kind {
	case types.List, types.Map, types.Dyn, types.Optional:
	default:
		return 0, false
	}
	if e.Op == celfront.Var {
		if l, ok := c.lets[e.Name]; ok && c.Exprs[l.Decl.Value] != nil && !n.vars[e.Name] {
			return c.weight(c.Exprs[l.Decl.Value].Root, nest{})
		}
		if e.Name == "request.headers" || e.Name == "response.headers" {
			return 1, false
		}
	}
	if e.Op == celfront.List || e.Op == celfront.Map || e.Op == celfront.Const {
		return 0, false
	}
	if e.Op == celfront.Macro && len(e.Args) > 0 && e.Type.Kind != types.Optional {
		return c.weight(e.Args[0], n)
	}
	if e.Op == celfront.Call {
		switch e.Name {
		case "header_values", "query_values":
			return 1, false
		case "sort", "reverse", "slice", "distinct", "lists.range", "_+_", "_?_:_", "orValue":
			for _, a := range e.Args {
				l, p := c.weight(a, n)
				levels, part = max(levels, l), part || p
			}
			return levels, part
		case "split":
			if k, ok := e.Args[len(e.Args)-1].Value.(int64); ok && len(e.Args) == 3 && k >= 0 && k <= fewParts {
				if len(c.read(e).Client) > 0 || readsAny(e, n.vars) {
					return 1, false
				}
				return 0, false
			}
		}
	}
	client := len(c.read(e).Client) > 0
	if readsAny(e, n.vars) {
		if !n.inside && !client {
			return 0, true
		}
		return 2, true
	}
	if client {
		return 2, false
	}
	return 0, false
}

// readsAny reports whether an expression reads one of some names.
func readsAny(e *celfront.Expr, names map[string]bool) bool {
	found := false
	e.Walk(func(x *celfront.Expr) bool {
		found = found || x.Op == celfront.Var && names[x.Name]
		return !found
	})
	return found
}
