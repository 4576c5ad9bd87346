package eval

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestDoubleMathAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.OneOf(doubles, rapid.Float64Range(-4, 4), rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 0.5, -0.5, 2.5})).Draw(t, "a")
		b := rapid.OneOf(doubles, rapid.Just(a), rapid.Just(-a)).Draw(t, "b")
		in := vars{"d1": a, "d2": b}
		for expr, got := range map[string]float64{
			"math.ceil(d1)": Ceil(a), "math.floor(d1)": Floor(a), "math.round(d1)": Round(a), "math.trunc(d1)": Trunc(a),
			"math.abs(d1)": AbsDouble(a), "math.sign(d1)": SignDouble(a), "math.sqrt(d1)": SqrtDouble(a), "math.least(d1)": Itself(a), "math.greatest(d1)": Itself(a),
		} {
			same(t, expr, in, got, None)
			same(t, "string("+expr+")", in, text(got), None) // the sign of zero
		}
		for expr, got := range map[string]bool{"math.isInf(d1)": IsInf(a), "math.isNaN(d1)": IsNaN(a), "math.isFinite(d1)": IsFinite(a)} {
			same(t, expr, in, got, None)
		}
		v, err := MinDouble(a, b)
		same(t, "math.least(d1, d2)", in, v, err)
		if err == None {
			same(t, "string(math.least(d1, d2))", in, text(v), err)
		}
		v, err = MaxDouble(a, b)
		same(t, "math.greatest(d1, d2)", in, v, err)
		if err == None {
			same(t, "string(math.greatest(d1, d2))", in, text(v), err)
		}
	})
}

func text(d float64) string { return memory().FormatDouble(d) }

func TestIntMathAgrees(t *testing.T) {
	shifts := rapid.OneOf(rapid.Int64Range(-2, 70), ints)
	rapid.Check(t, func(t *rapid.T) {
		a, b, by := ints.Draw(t, "a"), ints.Draw(t, "b"), shifts.Draw(t, "by")
		in := vars{"i1": a, "i2": b, "i3": by}
		for expr, got := range map[string]int64{
			"math.least(i1)": Itself(a), "math.least(i1, i2)": MinInt(a, b), "math.greatest(i1, i2)": MaxInt(a, b), "math.sign(i1)": SignInt(a),
			"math.bitAnd(i1, i2)": AndInt(a, b), "math.bitOr(i1, i2)": OrInt(a, b), "math.bitXor(i1, i2)": XorInt(a, b), "math.bitNot(i1)": NotInt(a),
		} {
			same(t, expr, in, got, None)
		}
		same(t, "math.sqrt(i1)", in, SqrtInt(a), None)
		v, err := AbsInt(a)
		same(t, "math.abs(i1)", in, v, err)
		v, err = ShiftLeftInt(a, by)
		same(t, "math.bitShiftLeft(i1, i3)", in, v, err)
		v, err = ShiftRightInt(a, by)
		same(t, "math.bitShiftRight(i1, i3)", in, v, err)
	})
}

func TestUintMathAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, by := uints.Draw(t, "a"), uints.Draw(t, "b"), rapid.OneOf(rapid.Int64Range(-2, 70), ints).Draw(t, "by")
		in := vars{"u1": a, "u2": b, "i3": by}
		for expr, got := range map[string]uint64{
			"math.greatest(u1)": Itself(a), "math.least(u1, u2)": MinUint(a, b), "math.greatest(u1, u2)": MaxUint(a, b), "math.sign(u1)": SignUint(a), "math.abs(u1)": Itself(a),
			"math.bitAnd(u1, u2)": AndUint(a, b), "math.bitOr(u1, u2)": OrUint(a, b), "math.bitXor(u1, u2)": XorUint(a, b), "math.bitNot(u1)": NotUint(a),
		} {
			same(t, expr, in, got, None)
		}
		same(t, "math.sqrt(u1)", in, SqrtUint(a), None)
		v, err := ShiftLeftUint(a, by)
		same(t, "math.bitShiftLeft(u1, i3)", in, v, err)
		v, err = ShiftRightUint(a, by)
		same(t, "math.bitShiftRight(u1, i3)", in, v, err)
	})
}
