package eval

import "moec.dev/moec/runtime/core"

// Contains is v in l.
func Contains[T any](l []T, v T, equal func(a, b T) bool) bool {
	for i := range l {
		if equal(v, l[i]) {
			return true
		}
	}
	return false
}

// MapList is l with f applied to every element.
func MapList[T, U any](l []T, f func(T) U) []U {
	out := make([]U, len(l))
	for i := range l {
		out[i] = f(l[i])
	}
	return out
}

// TryList is MapList with a function that can fail.
func TryList[T, U any](l []T, f func(T) (U, Err)) ([]U, Err) {
	out := make([]U, len(l))
	for i := range l {
		var err Err
		if out[i], err = f(l[i]); err != None {
			return nil, err
		}
	}
	return out, None
}

// AddLists is a + b.
func AddLists[T any](a, b []T) []T {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	out := make([]T, len(a)+len(b))
	copy(out[copy(out, a):], b)
	return out
}

// First is l.first().
func First[T any](l []T) Optional[T] { return OptionalIndex(l, 0) }

// Last is l.last().
func Last[T any](l []T) Optional[T] { return OptionalIndex(l, int64(len(l))-1) }

// Slice is l.slice(start, end), and shares l's memory.
func Slice[T any](l []T, start, end int64) ([]T, Err) {
	if start < 0 || start > end || end > int64(len(l)) {
		return nil, OutOfRange
	}
	return l[start:end:end], None
}

// ReverseList is l.reverse().
func ReverseList[T any](l []T) []T {
	if len(l) < 2 {
		return l
	}
	out := make([]T, len(l))
	for i := range l {
		out[len(l)-1-i] = l[i]
	}
	return out
}

// Distinct is l.distinct(): each element once, where it stands first. Its time
// grows with the square of the length.
func Distinct[T any](l []T, equal func(a, b T) bool) []T {
	if len(l) < 2 {
		return l
	}
	out := make([]T, 0, len(l))
	for i := range l {
		if !Contains(out, l[i], equal) {
			out = append(out, l[i])
		}
	}
	return out
}

// DistinctScalars is Distinct for elements that are equal where they are ==, by
// the index of a map whose keys they are: in time in proportion to the list.
func DistinctScalars[T comparable](l []T) []T {
	return MakeMap(l, make([]struct{}, len(l))).Keys
}

// Flatten is l.flatten() for a list of lists.
func Flatten[T any](s *core.Scratch, l [][]T) []T {
	n := 0
	for i := range l {
		n += len(l[i])
	}
	if !s.Elements(n) {
		return nil
	}
	out := make([]T, 0, n)
	for i := range l {
		out = append(out, l[i]...)
	}
	return out
}

// FlattenValues is l.flatten(depth): lists within l are replaced by their
// elements, depth levels deep. It recurses as deep as values are nested, which
// the policy's text and ParseJSON bound.
func FlattenValues(s *core.Scratch, l []Value, depth int64) ([]Value, Err) {
	if depth < 0 {
		return nil, OutOfRange
	}
	out := flattenInto(make([]Value, 0, len(l)), l, depth)
	if !s.Elements(len(out)) {
		return nil, None
	}
	return out, None
}

func flattenInto(out, l []Value, depth int64) []Value {
	for i := range l {
		if len(out) > core.MaxElements { // which its caller finds
			return out
		}
		if depth > 0 && l[i].kind == ListKind {
			out = flattenInto(out, l[i].composite.list, depth-1)
			continue
		}
		out = append(out, l[i])
	}
	return out
}

// maxRange is how many numbers Range makes at most.
const maxRange = 1 << 16

// Range is lists.range(n): 0 to n-1, for n up to 65,536.
func Range(n int64) ([]int64, Err) {
	switch {
	case n < 0:
		return nil, OutOfRange
	case n > maxRange:
		return nil, TooLarge
	}
	out := make([]int64, n)
	for i := range out {
		out[i] = int64(i)
	}
	return out, None
}
