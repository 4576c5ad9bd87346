package eval

import (
	"math"
	"math/bits"
)

// AddInt is a + b.
func AddInt(a, b int64) (int64, Err) {
	c := a + b
	// Overflow has the sign that neither operand has.
	if (a^c)&(b^c) < 0 {
		return 0, Overflow
	}
	return c, None
}

// SubInt is a - b.
func SubInt(a, b int64) (int64, Err) {
	c := a - b
	if (a^b)&(a^c) < 0 {
		return 0, Overflow
	}
	return c, None
}

// MulInt is a * b.
func MulInt(a, b int64) (int64, Err) {
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	if (a < 0) != (b < 0) {
		if hi != 0 || lo > 1<<63 {
			return 0, Overflow
		}
		return int64(-lo), None
	}
	if hi != 0 || lo > math.MaxInt64 {
		return 0, Overflow
	}
	return int64(lo), None
}

func magnitude(a int64) uint64 {
	if a < 0 {
		return -uint64(a)
	}
	return uint64(a)
}

// DivInt is a / b, rounded towards zero.
func DivInt(a, b int64) (int64, Err) {
	switch {
	case b == 0:
		return 0, DivisionByZero
	case a == math.MinInt64 && b == -1:
		return 0, Overflow
	}
	return a / b, None
}

// ModInt is a % b, with the sign of a.
func ModInt(a, b int64) (int64, Err) {
	switch {
	case b == 0:
		return 0, DivisionByZero
	case a == math.MinInt64 && b == -1:
		return 0, Overflow
	}
	return a % b, None
}

// NegInt is -a.
func NegInt(a int64) (int64, Err) {
	if a == math.MinInt64 {
		return 0, Overflow
	}
	return -a, None
}

// AddUint is a + b.
func AddUint(a, b uint64) (uint64, Err) {
	c, carry := bits.Add64(a, b, 0)
	if carry != 0 {
		return 0, Overflow
	}
	return c, None
}

// SubUint is a - b.
func SubUint(a, b uint64) (uint64, Err) {
	if b > a {
		return 0, Overflow
	}
	return a - b, None
}

// MulUint is a * b.
func MulUint(a, b uint64) (uint64, Err) {
	hi, lo := bits.Mul64(a, b)
	if hi != 0 {
		return 0, Overflow
	}
	return lo, None
}

// DivUint is a / b.
func DivUint(a, b uint64) (uint64, Err) {
	if b == 0 {
		return 0, DivisionByZero
	}
	return a / b, None
}

// ModUint is a % b.
func ModUint(a, b uint64) (uint64, Err) {
	if b == 0 {
		return 0, DivisionByZero
	}
	return a % b, None
}

// CompareIntUint is -1, 0 or 1.
func CompareIntUint(a int64, b uint64) int {
	switch {
	case a < 0 || uint64(a) < b:
		return -1
	case uint64(a) > b:
		return 1
	}
	return 0
}

// CompareIntDouble is -1, 0 or 1, as doubles; ordered is false for NaN, of
// which every comparison but != is false.
func CompareIntDouble(a int64, b float64) (cmp int, ordered bool) {
	return CompareDouble(float64(a), b)
}

// CompareUintDouble is CompareIntDouble for an unsigned number.
func CompareUintDouble(a uint64, b float64) (cmp int, ordered bool) {
	return CompareDouble(float64(a), b)
}

// CompareDouble is -1, 0 or 1; ordered is false when one of them is NaN.
func CompareDouble(a, b float64) (cmp int, ordered bool) {
	switch {
	case a < b:
		return -1, true
	case a > b:
		return 1, true
	}
	return 0, a == b
}

// Double is a double that Go does not take for one of its constants.
func Double(d float64) float64 { return d }
