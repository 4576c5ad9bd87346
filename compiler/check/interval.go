package check

import (
	"math"
	"math/big"

	"moec.dev/moec/compiler/types"
)

// interval bounds whole numbers; both ends belong to it. Times and durations
// are counted in nanoseconds. Where no value is possible lo lies above hi.
type interval struct{ lo, hi *big.Int }

func between(lo, hi int64) interval { return interval{big.NewInt(lo), big.NewInt(hi)} }

func only(n *big.Int) interval { return interval{n, n} }

// The values that each type of whole numbers has.
var (
	allInts  = between(math.MinInt64, math.MaxInt64)
	allUints = interval{new(big.Int), new(big.Int).SetUint64(math.MaxUint64)}
	// Years 1 to 9999.
	allTimes = interval{seconds(-62135596800, 0), seconds(253402300799, 999999999)}
	// The clock of a machine that serves requests: 1970 to 2200.
	clockTimes = interval{seconds(0, 0), seconds(7258118400, 0)}
)

func seconds(s, ns int64) *big.Int {
	n := new(big.Int).Mul(big.NewInt(s), big.NewInt(1e9))
	return n.Add(n, big.NewInt(ns))
}

// whole returns all values of a type, ok is false for one that does not count.
func whole(t *types.Type) (all interval, ok bool) {
	switch t.Kind {
	case types.Int, types.Duration:
		return allInts, true
	case types.Uint:
		return allUints, true
	case types.Timestamp:
		return allTimes, true
	}
	return interval{}, false
}

func lower(a, b *big.Int) *big.Int {
	if a.Cmp(b) < 0 {
		return a
	}
	return b
}

func higher(a, b *big.Int) *big.Int {
	if a.Cmp(b) > 0 {
		return a
	}
	return b
}

func plus(a, b *big.Int) *big.Int { return new(big.Int).Add(a, b) }

func (i interval) within(j interval) bool { return i.lo.Cmp(j.lo) >= 0 && i.hi.Cmp(j.hi) <= 0 }
func (i interval) meet(j interval) interval {
	return interval{higher(i.lo, j.lo), lower(i.hi, j.hi)}
}
func (i interval) join(j interval) interval {
	return interval{lower(i.lo, j.lo), higher(i.hi, j.hi)}
}
func (i interval) add(j interval) interval { return interval{plus(i.lo, j.lo), plus(i.hi, j.hi)} }
func (i interval) neg() interval {
	return interval{new(big.Int).Neg(i.hi), new(big.Int).Neg(i.lo)}
}
func (i interval) sub(j interval) interval { return i.add(j.neg()) }

// times is the product; scaled is that with a number.
func (i interval) times(j interval) interval {
	out := i.scaled(j.lo)
	return out.join(i.scaled(j.hi))
}

func (i interval) scaled(n *big.Int) interval {
	a, b := new(big.Int).Mul(i.lo, n), new(big.Int).Mul(i.hi, n)
	return interval{lower(a, b), higher(a, b)}
}

// without leaves out a number that lies at one end.
func (i interval) without(n *big.Int) interval {
	switch {
	case i.lo.Cmp(n) == 0:
		return interval{plus(n, big.NewInt(1)), i.hi}
	case i.hi.Cmp(n) == 0:
		return interval{i.lo, plus(n, big.NewInt(-1))}
	}
	return i
}

func (i interval) has(n int64) bool {
	v := big.NewInt(n)
	return i.lo.Cmp(v) <= 0 && i.hi.Cmp(v) >= 0
}

func (i interval) atLeast(n int64) bool { return i.lo.Cmp(big.NewInt(n)) >= 0 }

// reals bounds a double. nan says that it may be no number at all.
type reals struct {
	lo, hi float64
	nan    bool
}

var allReals = reals{math.Inf(-1), math.Inf(1), true}

func (r reals) meet(q reals) reals {
	return reals{math.Max(r.lo, q.lo), math.Min(r.hi, q.hi), r.nan && q.nan}
}

func (r reals) join(q reals) reals {
	return reals{math.Min(r.lo, q.lo), math.Max(r.hi, q.hi), r.nan || q.nan}
}

func (r reals) finite() bool { return !r.nan && !math.IsInf(r.lo, 0) && !math.IsInf(r.hi, 0) }
