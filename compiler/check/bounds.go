package check

import (
	"math"

	"moec.dev/moec/compiler/celfront"
)

// interval bounds an int expression; both ends are inside it.
type interval struct{ lo, hi float64 }

var anyInt = interval{math.MinInt64, math.MaxInt64}

// small reports whether every value is an int64 for certain. The bound leaves
// room for the rounding of the bounds themselves.
func (i interval) small() bool { return i.lo > -9e18 && i.hi < 9e18 }

// bounds estimates the values of an int expression.
func bounds(e *celfront.Expr) interval {
	switch e.Op {
	case celfront.Const:
		switch v := e.Value.(type) {
		case int64:
			return interval{float64(v), float64(v)}
		case uint64:
			return interval{float64(v), float64(v)}
		}
	case celfront.Var:
		switch e.Name {
		case "source.port", "destination.port":
			return interval{0, 65535}
		case "response.code":
			return interval{100, 999}
		}
	case celfront.Call:
		return callBounds(e)
	}
	return anyInt
}

func callBounds(e *celfront.Expr) interval {
	var a, b interval
	if len(e.Args) > 0 {
		a = bounds(e.Args[0])
	}
	if len(e.Args) > 1 {
		b = bounds(e.Args[1])
	}
	switch e.Name {
	case "size":
		return interval{0, 1 << 32}
	case "getFullYear":
		return interval{-1, 10000}
	case "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getHours", "getMinutes", "getSeconds", "getMilliseconds":
		return interval{0, 1000}
	case "_+_":
		return interval{a.lo + b.lo, a.hi + b.hi}
	case "_-_":
		return interval{a.lo - b.hi, a.hi - b.lo}
	case "-_":
		return interval{-a.hi, -a.lo}
	case "_*_":
		p := []float64{a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi}
		out := interval{p[0], p[0]}
		for _, v := range p {
			out = interval{math.Min(out.lo, v), math.Max(out.hi, v)}
		}
		return out
	case "_%_":
		if m := math.Max(math.Abs(b.lo), math.Abs(b.hi)); m < 9e18 {
			return interval{-m, m}
		}
	case "_?_:_":
		c := bounds(e.Args[2])
		return interval{math.Min(b.lo, c.lo), math.Max(b.hi, c.hi)}
	}
	return anyInt
}
