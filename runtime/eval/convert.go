package eval

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// Size is the number of code points of s; each byte that is not UTF-8 counts
// as one.
func Size(s string) int64 { return int64(utf8.RuneCountInString(s)) }

// StringToInt is int(string): decimal digits after an optional sign.
func StringToInt(s string) (int64, Err) {
	negative := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		negative = s[0] == '-'
		s = s[1:]
	}
	n, err := StringToUint(s)
	if err != None {
		return 0, BadConversion
	}
	if negative {
		if n > 1<<63 {
			return 0, BadConversion
		}
		return int64(-n), None
	}
	if n > math.MaxInt64 {
		return 0, BadConversion
	}
	return int64(n), None
}

// StringToUint is uint(string): decimal digits.
func StringToUint(s string) (uint64, Err) {
	if s == "" {
		return 0, BadConversion
	}
	n := uint64(0)
	for i := 0; i < len(s); i++ {
		d := uint64(s[i] - '0')
		if d > 9 || n > math.MaxUint64/10 || n*10 > math.MaxUint64-d {
			return 0, BadConversion
		}
		n = n*10 + d
	}
	return n, None
}

// StringToDouble is double(string).
func StringToDouble(s string) (float64, Err) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, BadConversion
	}
	return v, None
}

// StringToBool is bool(string).
func StringToBool(s string) (bool, Err) {
	switch s {
	case "1", "t", "T", "true", "TRUE", "True":
		return true, None
	case "0", "f", "F", "false", "FALSE", "False":
		return false, None
	}
	return false, BadConversion
}

// DoubleToInt is int(double), rounded towards zero.
func DoubleToInt(v float64) (int64, Err) {
	// Both bounds are out: the largest double below 2^63 is well inside, and
	// cel-go refuses -2^63 itself too. NaN fails both comparisons.
	if v > math.MinInt64 && v < 1<<63 {
		return int64(v), None
	}
	return 0, Overflow
}

// DoubleToUint is uint(double), rounded towards zero.
func DoubleToUint(v float64) (uint64, Err) {
	if v >= 0 && v < 1<<64 {
		return uint64(v), None
	}
	return 0, Overflow
}

// IntToUint is uint(int).
func IntToUint(v int64) (uint64, Err) {
	if v < 0 {
		return 0, Overflow
	}
	return uint64(v), None
}

// UintToInt is int(uint).
func UintToInt(v uint64) (int64, Err) {
	if v > math.MaxInt64 {
		return 0, Overflow
	}
	return int64(v), None
}

// IntOr is int_or: the number that s spells, with at most a minus before it,
// or d.
func IntOr(s string, d int64) int64 {
	if s != "" && s[0] == '+' {
		return d
	}
	n, err := StringToInt(s)
	if err != None {
		return d
	}
	return n
}
