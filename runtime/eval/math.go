package eval

import "math"

// MinDouble is math.least(a, b).
func MinDouble(a, b float64) (float64, Err) {
	if a != a || b != b {
		return 0, NotOrdered
	}
	// Not the library's min: of equal numbers, 0.0 and -0.0, it is the first.
	if a > b {
		return b, None
	}
	return a, None
}

// MaxDouble is math.greatest(a, b).
func MaxDouble(a, b float64) (float64, Err) {
	if a != a || b != b {
		return 0, NotOrdered
	}
	if a < b {
		return b, None
	}
	return a, None
}

// MinInt is math.least(a, b).
func MinInt(a, b int64) int64 { return min(a, b) }

// MaxInt is math.greatest(a, b).
func MaxInt(a, b int64) int64 { return max(a, b) }

// MinUint is math.least(a, b).
func MinUint(a, b uint64) uint64 { return min(a, b) }

// MaxUint is math.greatest(a, b).
func MaxUint(a, b uint64) uint64 { return max(a, b) }

// Itself is math.least(a) and math.greatest(a), and math.abs of a uint.
func Itself[T any](a T) T { return a }

// Ceil is math.ceil(a).
func Ceil(a float64) float64 { return math.Ceil(a) }

// Floor is math.floor(a).
func Floor(a float64) float64 { return math.Floor(a) }

// Round is math.round(a): halves away from zero.
func Round(a float64) float64 { return math.Round(a) }

// Trunc is math.trunc(a).
func Trunc(a float64) float64 { return math.Trunc(a) }

// IsInf is math.isInf(a), of either sign.
func IsInf(a float64) bool { return math.IsInf(a, 0) }

// IsNaN is math.isNaN(a).
func IsNaN(a float64) bool { return a != a }

// IsFinite is math.isFinite(a).
func IsFinite(a float64) bool { return a-a == 0 }

// AbsDouble is math.abs(a).
func AbsDouble(a float64) float64 { return math.Abs(a) }

// AbsInt is math.abs(a).
func AbsInt(a int64) (int64, Err) {
	if a < 0 {
		return NegInt(a)
	}
	return a, None
}

// SignDouble is math.sign(a); NaN has none and stays NaN.
func SignDouble(a float64) float64 {
	switch {
	case a > 0:
		return 1
	case a < 0:
		return -1
	case a == 0:
		return 0 // of -0.0 too
	}
	return a
}

// SignInt is math.sign(a).
func SignInt(a int64) int64 {
	switch {
	case a > 0:
		return 1
	case a < 0:
		return -1
	}
	return 0
}

// SignUint is math.sign(a).
func SignUint(a uint64) uint64 { return min(a, 1) }

// SqrtDouble is math.sqrt(a); NaN of a negative number.
func SqrtDouble(a float64) float64 { return math.Sqrt(a) }

// SqrtInt is math.sqrt(a).
func SqrtInt(a int64) float64 { return math.Sqrt(float64(a)) }

// SqrtUint is math.sqrt(a).
func SqrtUint(a uint64) float64 { return math.Sqrt(float64(a)) }
