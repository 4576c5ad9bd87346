package check

import (
	"math"
	"math/big"
	"time"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
)

// attributeBounds are the values of attributes that are known to have few.
var attributeBounds = map[string]interval{
	"source.port": between(0, 65535), "destination.port": between(0, 65535), "response.code": between(100, 999),
	"now": clockTimes, "request.time": clockTimes,
}

// bounds estimates the values of an expression of whole numbers, where it has
// one: an operation that fails has none.
func (f flow) bounds(e *celfront.Expr) interval {
	t := f.typeOf(e)
	all, ok := whole(t)
	if !ok {
		return allInts.join(allUints)
	}
	if f.exhausted() {
		return all
	}
	out := all.meet(f.exact(e))
	if e.Op == celfront.Const || !f.ranged() {
		return out
	}
	key := f.key(e)
	for k := f.facts; k != nil; k = k.outer {
		if r, ok := k.ranges[key]; ok {
			out = out.meet(r)
		}
	}
	if out.lo.Sign() == 0 && f.known("not 0 "+key) {
		out = out.without(new(big.Int))
	}
	if out.hi.Sign() == 0 && f.known("not 0 "+key) {
		out = out.without(new(big.Int))
	}
	return out
}

// exact is what the operation makes of the bounds of its operands, whether that
// fits the type or not.
func (f flow) exact(e *celfront.Expr) interval {
	all, ok := whole(f.typeOf(e))
	if !ok {
		all = allInts
	}
	switch e.Op {
	case celfront.Const:
		switch v := e.Value.(type) {
		case int64:
			return between(v, v)
		case uint64:
			return only(new(big.Int).SetUint64(v))
		case time.Duration:
			return between(int64(v), int64(v))
		case time.Time:
			return only(seconds(v.Unix(), int64(v.Nanosecond())))
		}
	case celfront.Var:
		if s := f.named(e.Name); s != nil && s.values != nil {
			return *s.values
		}
		if x, g := f.through(e); x != e && x.Type.Equal(e.Type) {
			return g.bounds(x)
		}
		if f.named(e.Name) == nil {
			if r, ok := attributeBounds[e.Name]; ok {
				return r
			}
		}
	case celfront.Macro:
		if e.Name == "cel.bind" && len(e.Args) == 2 {
			return f.bind(scopes{name: e.Vars[0], value: e.Args[0], in: f.scope}).bounds(e.Args[1])
		}
	case celfront.Call:
		if r, ok := f.callBounds(e); ok {
			return r
		}
	}
	return all
}

func (f flow) callBounds(e *celfront.Expr) (interval, bool) {
	for _, a := range e.Args {
		if e.Type.Kind != types.Dyn && f.typeOf(a).Kind == types.Dyn {
			return interval{}, false // another operation than the static types say
		}
	}
	arg := func(i int) interval { return f.bounds(e.Args[i]) }
	switch n := len(e.Args); {
	case e.Name == "_?_:_" && n == 3:
		yes, no := f.inner(), f.inner()
		yes.assume(e.Args[0], true)
		no.assume(e.Args[0], false)
		return yes.bounds(e.Args[1]).join(no.bounds(e.Args[2])), true
	case e.Name == "orValue" && n == 2 && e.Args[0].Op == celfront.Call && e.Args[0].Name == "optional.of":
		return f.bounds(e.Args[0].Args[0]), true
	case e.Type.Kind == types.Double || e.Type.Kind == types.String || e.Type.Kind == types.List:
		return interval{}, false
	case n == 2 && e.Name == "_+_":
		return arg(0).add(arg(1)), true
	case n == 2 && e.Name == "_-_":
		return arg(0).sub(arg(1)), true
	case n == 1 && e.Name == "-_":
		return arg(0).neg(), true
	case n == 2 && e.Name == "_*_":
		return arg(0).times(arg(1)), true
	case n == 2 && e.Name == "_/_":
		return quotient(arg(0), arg(1))
	case n == 2 && e.Name == "_%_":
		return remainder(arg(0), arg(1)), true
	case e.Name == "size" && n == 1:
		return f.sizes(e.Args[0]), true
	}
	return f.functionBounds(e)
}

// quotient truncates towards zero, as CEL does.
func quotient(a, b interval) (interval, bool) {
	if b.has(0) || b.lo.Cmp(b.hi) > 0 {
		return interval{}, false
	}
	var out interval
	for i, p := range []*big.Int{a.lo, a.hi} {
		for j, q := range []*big.Int{b.lo, b.hi} {
			v := only(new(big.Int).Quo(p, q))
			if i+j == 0 {
				out = v
			}
			out = out.join(v)
		}
	}
	if a.has(0) {
		out = out.join(between(0, 0))
	}
	return out, true
}

// remainder has the sign of the dividend.
func remainder(a, b interval) interval {
	m := plus(higher(new(big.Int).Abs(b.lo), new(big.Int).Abs(b.hi)), big.NewInt(-1))
	out := interval{new(big.Int).Neg(m), m}
	if a.lo.Sign() >= 0 {
		out.lo, out.hi = new(big.Int), lower(m, a.hi)
	}
	if a.hi.Sign() <= 0 {
		out.lo, out.hi = higher(out.lo, a.lo), new(big.Int)
	}
	return out
}

// functionBounds are the results of functions.
func (f flow) functionBounds(e *celfront.Expr) (interval, bool) {
	arg := func(i int) interval { return f.bounds(e.Args[i]) }
	switch n := len(e.Args); e.Name {
	case "getFullYear":
		return between(0, 10000), true // a zone may lead into the years before 1 and after 9999
	case "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear":
		return between(0, 366), true
	case "getHours", "getMinutes", "getSeconds", "getMilliseconds":
		if f.typeOf(e.Args[0]).Kind == types.Timestamp {
			return between(0, 1000), true
		}
		unit := map[string]int64{"getHours": 3600e9, "getMinutes": 60e9, "getSeconds": 1e9, "getMilliseconds": 1e6}[e.Name]
		out, ok := quotient(arg(0), between(unit, unit))
		return out.add(between(-1, 1)), ok // the quotient is a rounded double
	case "family":
		return between(4, 6), true
	case "prefixLength":
		return between(0, 128), true
	case "indexOf", "lastIndexOf":
		out := between(-1, 1<<32)
		if f.known("found " + call(e.Name, f.key(e.Args[0]), f.key(e.Args[1]))) {
			out = between(0, 1<<32)
		}
		return out, true
	case "int":
		switch f.typeOf(e.Args[0]).Kind {
		case types.Int, types.Uint, types.Duration:
			return arg(0), true
		case types.Timestamp:
			t := arg(0)
			nano := big.NewInt(1e9)
			return interval{new(big.Int).Div(t.lo, nano), new(big.Int).Div(t.hi, nano)}, true
		case types.Double:
			if r := f.reals(e.Args[0]); !r.nan && r.lo > -9e18 && r.hi < 9e18 {
				return between(int64(math.Floor(r.lo)), int64(math.Ceil(r.hi))), true
			}
		case types.String:
			if s, ok := f.text(e.Args[0]); ok {
				if v, ok := new(big.Int).SetString(s, 10); ok {
					return only(v), true
				}
			}
		}
	case "uint":
		switch f.typeOf(e.Args[0]).Kind {
		case types.Int, types.Uint:
			return arg(0), true
		}
	case "duration", "timestamp":
		return f.timeBounds(e)
	case "math.abs":
		a := arg(0)
		if a.lo.Sign() >= 0 {
			return a, true
		}
		m := higher(new(big.Int).Abs(a.lo), new(big.Int).Abs(a.hi))
		return interval{new(big.Int), m}, true
	case "math.sign":
		return between(-1, 1), true
	case "math.bitAnd":
		for i := range n {
			if a := arg(i); a.lo.Sign() >= 0 {
				return interval{new(big.Int), a.hi}, true
			}
		}
	case "math.least", "math.greatest", "math.@min", "math.@max":
		return f.extremes(e)
	}
	return interval{}, false
}

// extremes are the values of math.least and math.greatest.
func (f flow) extremes(e *celfront.Expr) (out interval, ok bool) {
	args := e.Args
	if len(args) == 1 && args[0].Op == celfront.List {
		args = args[0].Args
		for _, o := range e.Args[0].Optional {
			if o {
				return interval{}, false
			}
		}
	}
	for i, a := range args {
		if _, counts := whole(f.typeOf(a)); !counts {
			return interval{}, false
		}
		b := f.bounds(a)
		switch {
		case i == 0:
			out = b
		case e.Name == "math.least" || e.Name == "math.@min":
			out = interval{lower(out.lo, b.lo), lower(out.hi, b.hi)}
		default:
			out = interval{higher(out.lo, b.lo), higher(out.hi, b.hi)}
		}
	}
	return out, len(args) > 0
}

// timeBounds are conversions to times.
func (f flow) timeBounds(e *celfront.Expr) (interval, bool) {
	a := e.Args[0]
	switch f.typeOf(a).Kind {
	case types.Duration, types.Timestamp:
		return f.bounds(a), true
	case types.Int:
		return f.bounds(a).scaled(big.NewInt(1e9)), true
	case types.String:
		s, ok := f.text(a)
		if !ok {
			break
		}
		if d, err := time.ParseDuration(s); err == nil && e.Name == "duration" {
			return between(int64(d), int64(d)), true
		}
		if t, err := time.Parse(time.RFC3339, s); err == nil && e.Name == "timestamp" {
			return only(seconds(t.Unix(), int64(t.Nanosecond()))), true
		}
	}
	return interval{}, false
}

// text is the value of a constant text.
func (f flow) text(e *celfront.Expr) (string, bool) {
	x, _ := f.through(e)
	s, ok := x.Value.(string)
	return s, ok && x.Op == celfront.Const
}
