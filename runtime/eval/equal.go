package eval

import "time"

// EqualValues is a == b for values of any kind: numbers by their amount, lists
// element by element, maps by key. Values of different kinds are unequal, and
// so is NaN to itself.
func EqualValues(a, b Value) bool {
	if a.kind != b.kind {
		return equalNumbers(a, b)
	}
	switch a.kind {
	case NullKind:
		return true
	case DoubleKind:
		return a.double() == b.double()
	case StringKind, BytesKind, TypeKind:
		return a.text == b.text
	case ListKind, OptionalKind:
		return EqualLists(a.composite.list, b.composite.list, EqualValues)
	case MapKind:
		return EqualMapsDyn(*a.composite.entries, *b.composite.entries, EqualValues)
	}
	return a.high == b.high && a.low == b.low && a.bits == b.bits && a.length == b.length
}

// equalNumbers compares numbers of different kinds.
func equalNumbers(a, b Value) bool {
	cmp, ordered, ok := compareNumbers(a, b)
	return ok && ordered && cmp == 0
}

// EqualLists is a == b, where equal compares their elements.
func EqualLists[T any](a, b []T, equal func(a, b T) bool) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

// EqualOptionals is a == b, where equal compares their values.
func EqualOptionals[T any](a, b Optional[T], equal func(a, b T) bool) bool {
	if !a.OK || !b.OK {
		return a.OK == b.OK
	}
	return equal(a.Value, b.Value)
}

// Same is a == b for types of which Go's equality is CEL's.
func Same[T comparable](a, b T) bool { return a == b }

// EqualTimes is a == b.
func EqualTimes(a, b time.Time) bool { return a.Equal(b) }
