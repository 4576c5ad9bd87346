package check

import (
	"math/big"
	"strconv"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
)

var listRules = map[string]func(f flow, e *celfront.Expr) []failure{
	"slice": flow.slice, "flatten": flow.flattening, "lists.range": flow.counting, "sort": flow.sorting,
}

func (f flow) slice(e *celfront.Expr) []failure {
	l, from, to := e.Args[0], e.Args[1], e.Args[2]
	var guard phrase
	if !f.atMost(zero, 0, f.sum(from)) {
		guard = conjoin(guard, from, " >= 0")
	}
	if !f.atMost(f.sum(from), 0, f.sum(to)) {
		guard = conjoin(guard, from, " <= ", to)
	}
	if !f.atMost(f.sum(to), 0, f.sizeOf(l)) {
		guard = conjoin(guard, to, " <= size(", l, ")")
	}
	return outside(e, guard, "this fails when the list is too short")
}

func (f flow) flattening(e *celfront.Expr) []failure {
	if len(e.Args) < 2 || f.bounds(e.Args[1]).atLeast(0) {
		return nil
	}
	return []failure{{at: e, why: "this fails when the depth is below 0", guard: phrase{e.Args[1], " >= 0"}, exact: true}}
}

// maxRange is how many numbers lists.range gives at most.
const maxRange = 1 << 16

func (f flow) counting(e *celfront.Expr) []failure {
	n := f.bounds(e.Args[0])
	var guard phrase
	if !n.atLeast(0) {
		guard = conjoin(guard, e.Args[0], " >= 0")
	}
	if n.hi.Cmp(big.NewInt(maxRange)) > 0 {
		guard = conjoin(guard, e.Args[0], " <= "+strconv.Itoa(maxRange))
	}
	return outside(e, guard, "this fails for a number below 0 or above "+strconv.Itoa(maxRange))
}

func (f flow) sorting(e *celfront.Expr) []failure {
	if t := f.typeOf(e.Args[0]); t.Kind == types.List && sorted(t.Elem.Kind) {
		return nil
	}
	return []failure{{at: e, why: "this fails when the elements cannot be compared with each other"}}
}
