package check

import (
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
)

// maxLoops is how many loops over lists that a client sizes may stand inside
// each other. Such a list has some hundreds of elements at most, so that a
// third loop would let one request keep a worker busy for seconds.
const maxLoops = 2

// loops refuses expressions whose work grows too fast with the request.
func (c *checker) loops(e *celfront.Expr) {
	if n := c.loopDepth(e); n > maxLoops {
		c.diags.Add(diag.TooComplex, e.Span, "%d loops inside each other over lists that the client sizes; at most %d are supported", n, maxLoops).
			Helpf("compare with a constant list, or split the condition into two rules")
	}
}

// loopDepth is the number of loops over client-sized lists that stand inside
// each other. The value of a let is kept, a call of one is not.
func (c *checker) loopDepth(e *celfront.Expr) int {
	depth := 0
	for i, a := range e.Args {
		n := c.loopDepth(a)
		if e.Op == celfront.Macro && i > 0 && c.clientSized(e.Args[0]) {
			n++
		}
		depth = max(depth, n)
	}
	if e.Op == celfront.Call && strings.HasPrefix(e.Overload, "let_") {
		if l, ok := c.lets[e.Name]; ok && c.Exprs[l.Decl.Value] != nil {
			depth += c.loopDepth(c.Exprs[l.Decl.Value].Root)
		}
	}
	return depth
}

// clientSized reports whether the length of a list is the client's choice.
func (c *checker) clientSized(e *celfront.Expr) bool {
	if e.Op == celfront.List || e.Op == celfront.Map {
		return false
	}
	switch e.Type.Kind {
	case types.List, types.Map, types.Dyn:
	default:
		return false
	}
	return len(c.read(e).Client) > 0 || e.Op == celfront.Macro && c.clientSized(e.Args[0])
}
