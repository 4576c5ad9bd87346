package check

import (
	"math"
	"math/big"
	"strconv"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
)

// reals bounds a number as a double.
func (f flow) reals(e *celfront.Expr) reals {
	if f.exhausted() {
		return allReals
	}
	if t := f.typeOf(e); t.Kind == types.Int || t.Kind == types.Uint {
		r := f.bounds(e)
		return reals{float(r.lo), float(r.hi), false}
	} else if t.Kind != types.Double {
		return allReals
	}
	out := f.exactReals(e)
	key := ""
	for k := f.facts; k != nil; k = k.outer {
		if len(k.numbers) == 0 {
			continue
		}
		if key == "" {
			key = f.key(e)
		}
		if r, ok := k.numbers[key]; ok {
			out = out.meet(r)
		}
	}
	return out
}

func float(n *big.Int) float64 {
	v, _ := new(big.Float).SetInt(n).Float64()
	return v
}

func (f flow) exactReals(e *celfront.Expr) reals {
	if e.Op == celfront.Const {
		if v, ok := e.Value.(float64); ok {
			if math.IsNaN(v) {
				return allReals
			}
			return reals{v, v, false}
		}
	}
	if x, g := f.through(e); x != e && x.Type.Equal(e.Type) {
		return g.reals(x)
	}
	if e.Op != celfront.Call {
		return allReals
	}
	switch n := len(e.Args); {
	case e.Name == "double" && n == 1:
		a := e.Args[0]
		if k := f.typeOf(a).Kind; k == types.Int || k == types.Uint || k == types.Double {
			return f.reals(a)
		}
		if s, ok := f.text(a); ok {
			if v, err := strconv.ParseFloat(s, 64); err == nil && !math.IsNaN(v) {
				return reals{v, v, false}
			}
		}
	case e.Name == "_?_:_" && n == 3:
		yes, no := f.inner(), f.inner()
		yes.assume(e.Args[0], true)
		no.assume(e.Args[0], false)
		return yes.reals(e.Args[1]).join(no.reals(e.Args[2]))
	case e.Name == "-_" && n == 1:
		r := f.reals(e.Args[0])
		return reals{-r.hi, -r.lo, r.nan}
	case n == 2 && (e.Name == "_+_" || e.Name == "_-_" || e.Name == "_*_"):
		a, b := f.reals(e.Args[0]), f.reals(e.Args[1])
		if !a.finite() || !b.finite() {
			return allReals
		}
		if e.Name == "_*_" {
			out := reals{math.Inf(1), math.Inf(-1), false}
			for _, p := range []float64{a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi} {
				out = out.join(reals{p, p, false})
			}
			return out
		}
		if e.Name == "_-_" {
			b = reals{-b.hi, -b.lo, false}
		}
		return reals{a.lo + b.lo, a.hi + b.hi, false}
	case n == 2 && e.Name == "_/_":
		a, b := f.reals(e.Args[0]), f.reals(e.Args[1])
		if a.finite() && b.finite() && (b.lo > 0 || b.hi < 0) {
			out := reals{math.Inf(1), math.Inf(-1), false}
			for _, p := range []float64{a.lo / b.lo, a.lo / b.hi, a.hi / b.lo, a.hi / b.hi} {
				out = out.join(reals{p, p, false})
			}
			return out
		}
	case n == 1 && (e.Name == "math.ceil" || e.Name == "math.floor" || e.Name == "math.round" || e.Name == "math.trunc"):
		r := f.reals(e.Args[0])
		return reals{math.Floor(r.lo), math.Ceil(r.hi), r.nan}
	case n == 1 && e.Name == "math.abs":
		if r := f.reals(e.Args[0]); !r.nan {
			return reals{0, math.Max(math.Abs(r.lo), math.Abs(r.hi)), false}
		}
	case n == 1 && e.Name == "math.sqrt":
		if r := f.reals(e.Args[0]); !r.nan && r.lo >= 0 {
			return reals{0, math.Sqrt(r.hi) + 1, false}
		}
	}
	return allReals
}
