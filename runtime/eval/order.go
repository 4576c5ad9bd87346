package eval

import (
	"cmp"
	"strings"
	"time"
)

// compareNumbers compares numbers of any kind; ok is false when one of them is
// none.
func compareNumbers(a, b Value) (cmp int, ordered, ok bool) {
	switch {
	case a.kind == IntKind && b.kind == IntKind:
		return OrderInt(a.int(), b.int()), true, true
	case a.kind == UintKind && b.kind == UintKind:
		return OrderUint(a.high, b.high), true, true
	case a.kind == DoubleKind && b.kind == DoubleKind:
		cmp, ordered = CompareDouble(a.double(), b.double())
	case a.kind == IntKind && b.kind == UintKind:
		return CompareIntUint(a.int(), b.high), true, true
	case a.kind == UintKind && b.kind == IntKind:
		return -CompareIntUint(b.int(), a.high), true, true
	case a.kind == IntKind && b.kind == DoubleKind:
		cmp, ordered = CompareIntDouble(a.int(), b.double())
	case a.kind == DoubleKind && b.kind == IntKind:
		cmp, ordered = CompareIntDouble(b.int(), a.double())
		cmp = -cmp
	case a.kind == UintKind && b.kind == DoubleKind:
		cmp, ordered = CompareUintDouble(a.high, b.double())
	case a.kind == DoubleKind && b.kind == UintKind:
		cmp, ordered = CompareUintDouble(b.high, a.double())
		cmp = -cmp
	default:
		return 0, false, false
	}
	return cmp, ordered, true
}

// CompareValues is -1, 0 or 1; ordered is false where one is NaN, of which
// every comparison is false. Only numbers compare across kinds.
func CompareValues(a, b Value) (cmp int, ordered bool, err Err) {
	if cmp, ordered, ok := compareNumbers(a, b); ok {
		return cmp, ordered, None
	}
	if !ranked(a.kind) {
		return 0, false, NoOverload
	}
	// NaN is looked for before the kinds are, as in cel-go: NaN < "a" is false.
	if isNaN(a) || isNaN(b) {
		return 0, false, None
	}
	if a.kind != b.kind {
		return 0, false, NoOverload
	}
	switch a.kind {
	case StringKind, BytesKind:
		return strings.Compare(a.text, b.text), true, None
	case BoolKind:
		return OrderUint(a.high, b.high), true, None
	}
	// Durations, or times: low is 0 in durations.
	if c := OrderInt(a.int(), b.int()); c != 0 {
		return c, true, None
	}
	return OrderUint(a.low, b.low), true, None
}

func isNaN(v Value) bool { return v.kind == DoubleKind && v.double() != v.double() }

// ranked is whether values of a kind have an order.
func ranked(k Kind) bool { return k >= BoolKind && k <= TimestampKind }

// LessValues is a < b.
func LessValues(a, b Value) (bool, Err) {
	cmp, ordered, err := CompareValues(a, b)
	return ordered && cmp < 0, err
}

// LessEqualValues is a <= b.
func LessEqualValues(a, b Value) (bool, Err) {
	cmp, ordered, err := CompareValues(a, b)
	return ordered && cmp <= 0, err
}

// GreaterValues is a > b.
func GreaterValues(a, b Value) (bool, Err) {
	cmp, ordered, err := CompareValues(a, b)
	return ordered && cmp > 0, err
}

// GreaterEqualValues is a >= b.
func GreaterEqualValues(a, b Value) (bool, Err) {
	cmp, ordered, err := CompareValues(a, b)
	return ordered && cmp >= 0, err
}

// OrderBool orders booleans: false before true.
func OrderBool(a, b bool) int { return Rank(a) - Rank(b) }

// OrderInt orders ints.
func OrderInt(a, b int64) int { return cmp.Compare(a, b) }

// OrderUint orders uints.
func OrderUint(a, b uint64) int { return cmp.Compare(a, b) }

// OrderDouble orders doubles; NaN is neither before nor after anything.
func OrderDouble(a, b float64) int {
	cmp, _ := CompareDouble(a, b)
	return cmp
}

// OrderString orders strings byte by byte.
func OrderString(a, b string) int { return strings.Compare(a, b) }

// OrderBytes orders bytes.
func OrderBytes(a, b Bytes) int { return strings.Compare(string(a), string(b)) }

// OrderDuration orders durations.
func OrderDuration(a, b time.Duration) int { return cmp.Compare(a, b) }

// OrderTime orders times.
func OrderTime(a, b time.Time) int { return a.Compare(b) }
