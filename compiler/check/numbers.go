package check

import (
	"math"
	"math/big"
	"strconv"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
)

var numberRules = map[string]func(f flow, e *celfront.Expr) []failure{
	"_+_": flow.arithmetic, "_-_": flow.arithmetic, "_*_": flow.arithmetic, "-_": flow.arithmetic, "_/_": flow.division, "_%_": flow.division,
	"math.abs": flow.absolute, "math.bitShiftLeft": flow.shift, "math.bitShiftRight": flow.shift,
	"math.greatest": flow.extreme, "math.least": flow.extreme, "math.@max": flow.extreme, "math.@min": flow.extreme,
}

// arithmetic fails when the result does not fit its type.
func (f flow) arithmetic(e *celfront.Expr) []failure {
	for _, a := range e.Args {
		if f.typeOf(a).Kind == types.Dyn {
			return []failure{f.unlike(a, types.IntType)}
		}
	}
	t := f.result(e)
	all, counts := whole(t)
	if !counts {
		return nil // texts, lists and doubles have a sum of any two
	}
	args := make([]interval, len(e.Args))
	for i, a := range e.Args {
		args[i] = f.bounds(a)
	}
	value := f.exact(e)
	if f.exact(e).within(f.margin(e, all)) {
		return nil
	}
	if len(e.Args) == 2 && e.Name == "_-_" && f.counted(e.Args[0], e.Args[1]) {
		// The difference of two that are ordered fits.
		if t.Kind == types.Uint && f.atMost(f.sum(e.Args[1]), 0, f.sum(e.Args[0])) {
			return nil
		}
		if t.Kind == types.Int && (args[1].atLeast(0) && f.atMost(f.sum(e.Args[1]), 0, f.sum(e.Args[0]))) {
			return nil
		}
	}
	if len(e.Args) == 2 && e.Name == "_+_" && t.Kind == types.Int && f.fitsBeside(e) {
		return nil
	}
	out := failure{at: e, why: map[types.Kind]string{
		types.Int: "this fails when the result does not fit an int", types.Uint: "this fails when the result does not fit a uint",
		types.Duration: "this fails when the result is out of the range of times", types.Timestamp: "this fails when the result is out of the range of times",
	}[t.Kind]}
	if out.guard = f.limits(e, t, all); out.guard != nil {
		out.exact = true
	} else {
		out.guard = f.room(e, t, args, value)
		out.exact = t.Kind == types.Uint && e.Name == "_-_"
	}
	return []failure{out}
}

// result is the type that arithmetic has as the types of its operands are known.
func (f flow) result(e *celfront.Expr) *types.Type {
	if e.Type.Kind != types.Dyn {
		return e.Type
	}
	return f.typeOf(e.Args[0])
}

// margin: the difference of two times is made of seconds first, and the
// smallest duration has no opposite.
func (f flow) margin(e *celfront.Expr, all interval) interval {
	switch {
	case e.Type.Kind == types.Duration && f.typeOf(e.Args[0]).Kind == types.Timestamp:
		return interval{plus(all.lo, big.NewInt(1e9)), plus(all.hi, big.NewInt(-1e9))}
	case e.Type.Kind == types.Timestamp && e.Name == "_-_" && f.bounds(e.Args[1]).has(math.MinInt64):
		return interval{big.NewInt(1), new(big.Int)}
	}
	return all
}

// fitsBeside: x + n fits where x + n is at most something that fits.
func (f flow) fitsBeside(e *celfront.Expr) bool {
	sum := f.sum(e.Args[0])
	other := f.sum(e.Args[1])
	high := linear{map[string]term{}, big.NewInt(math.MaxInt64)}
	low := linear{map[string]term{}, big.NewInt(math.MinInt64)}
	return f.atMost(sum, 0, high.minus(other)) && f.atMost(low.minus(other), 0, sum)
}

// limits is the condition under which the result of arithmetic with one operand
// that is not constant fits its type.
func (f flow) limits(e *celfront.Expr, t *types.Type, all interval) phrase {
	if t.Kind != types.Int && t.Kind != types.Uint {
		return nil
	}
	var of *celfront.Expr
	constant, first := new(big.Int), false
	for i, a := range e.Args {
		switch r := f.bounds(a); {
		case a.Op == celfront.Const:
			constant = r.lo
		case of != nil:
			return nil
		default:
			of, first = a, i == 0
		}
	}
	if of == nil {
		return nil
	}
	fits := interval{new(big.Int).Set(all.lo), new(big.Int).Set(all.hi)}
	negative := new(big.Int).Neg(constant)
	switch {
	case e.Name == "-_":
		fits = fits.neg()
	case e.Name == "_+_":
		fits = fits.add(only(negative))
	case e.Name == "_-_" && first:
		fits = fits.add(only(constant))
	case e.Name == "_-_":
		fits = fits.neg().add(only(constant))
	case e.Name == "_*_" && constant.Sign() > 0:
		fits = interval{new(big.Int).Quo(fits.lo, constant), new(big.Int).Quo(fits.hi, constant)}
	default:
		return nil
	}
	suffix := map[types.Kind]string{types.Uint: "u"}[t.Kind]
	var out phrase
	have := f.bounds(of)
	if have.lo.Cmp(fits.lo) < 0 {
		out = conjoin(out, of, " >= "+fits.lo.String()+suffix)
	}
	if have.hi.Cmp(fits.hi) > 0 {
		out = conjoin(out, of, " <= "+fits.hi.String()+suffix)
	}
	return out
}

// room is a condition under which the operands of arithmetic leave room for the
// result: limits of those that may have any value.
func (f flow) room(e *celfront.Expr, t *types.Type, args []interval, value interval) phrase {
	if t.Kind == types.Uint && e.Name == "_-_" {
		return phrase{e.Args[1], " <= ", e.Args[0]}
	}
	var limit string
	most := big.NewInt(1_000_000_000)
	switch t.Kind {
	case types.Int:
		limit = "1000000000"
	case types.Uint:
		limit = "1000000000u"
	case types.Duration, types.Timestamp:
		return f.timeRoom(e)
	}
	var out phrase
	under, over := value.lo.Cmp(allInts.lo) < 0, value.hi.Cmp(allInts.hi) > 0
	for i, a := range e.Args {
		if a.Op == celfront.Const {
			continue
		}
		low := t.Kind == types.Uint || args[i].lo.Cmp(new(big.Int).Neg(most)) >= 0
		high := args[i].hi.Cmp(most) <= 0
		switch {
		case t.Kind == types.Uint:
		case e.Name == "_+_", e.Name == "_-_" && i == 0:
			low, high = low || !under, high || !over
		case e.Name == "_-_":
			low, high = low || !over, high || !under
		}
		if !low {
			out = conjoin(out, a, " > -"+limit)
		}
		if !high {
			out = conjoin(out, a, " < "+limit)
		}
	}
	return out
}

func conjoin(to phrase, parts ...any) phrase {
	if len(to) > 0 {
		to = append(to, " && ")
	}
	return append(to, parts...)
}

func (f flow) division(e *celfront.Expr) []failure {
	for _, a := range e.Args {
		if f.typeOf(a).Kind == types.Dyn {
			return []failure{f.unlike(a, types.IntType)}
		}
	}
	t := f.result(e)
	if t.Kind != types.Int && t.Kind != types.Uint {
		return nil
	}
	a, b := f.bounds(e.Args[0]), f.bounds(e.Args[1])
	divisor := f.key(e.Args[1])
	reverses := t.Kind == types.Int && b.has(-1) && a.has(math.MinInt64) && !f.known("not -1 "+divisor)
	if b.has(0) && !f.known("not 0 "+divisor) {
		zero := "0"
		if t.Kind == types.Uint {
			zero = "0u"
		}
		guard := phrase{e.Args[1], " != " + zero}
		if reverses {
			guard = conjoin(guard, e.Args[1], " != -1")
		}
		return []failure{{at: e, why: "this fails when the divisor is 0", guard: guard, exact: !reverses}}
	}
	if reverses {
		return []failure{{at: e, why: "this fails when the result does not fit an int", guard: phrase{e.Args[1], " != -1"}, exact: e.Args[0].Op == celfront.Const}}
	}
	return nil
}

func (f flow) absolute(e *celfront.Expr) []failure {
	if f.typeOf(e.Args[0]).Kind == types.Int && f.bounds(e.Args[0]).has(math.MinInt64) {
		return []failure{{at: e, why: "this fails for the smallest int, whose absolute value does not fit", guard: phrase{e.Args[0], " > " + strconv.Itoa(math.MinInt64)}, exact: true}}
	}
	return nil
}

func (f flow) shift(e *celfront.Expr) []failure {
	if !f.bounds(e.Args[1]).atLeast(0) {
		return []failure{{at: e, why: "this fails when the number of bits is below 0", guard: phrase{e.Args[1], " >= 0"}, exact: true}}
	}
	return nil
}

// extreme fails for an empty list, and where one of several doubles is no number.
func (f flow) extreme(e *celfront.Expr) []failure {
	args := e.Args
	if len(args) == 1 && f.typeOf(args[0]).Kind == types.List {
		l := args[0]
		if !f.sizes(l).atLeast(1) {
			return []failure{{at: e, why: "this fails when the list is empty", guard: phrase{"size(", l, ") > 0"}, exact: true}}
		}
		if l.Op != celfront.List {
			if f.typeOf(l).Elem.Kind == types.Double {
				return []failure{{at: e, why: "this fails when a value is not a number"}}
			}
			return nil
		}
		args = l.Args
	}
	if len(args) < 2 {
		return nil
	}
	var fs []failure
	for _, a := range args {
		if f.typeOf(a).Kind == types.Double && f.reals(a).nan {
			fs = append(fs, failure{at: e, why: "this fails when a value is not a number", guard: phrase{"!math.isNaN(", a, ")"}, exact: true})
		}
	}
	return fs
}
