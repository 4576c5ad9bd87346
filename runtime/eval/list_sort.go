package eval

import "slices"

// Sort is l.sort(): a new list.
func Sort[T any](l []T, order func(a, b T) int) []T {
	// By places, as SortBy does: what is equal without being the same (0.0 and
	// -0.0) has to come out in the same order.
	return SortBy(l, l, order)
}

// SortBy is l.sortBy(e, key): the elements in the order of their keys. Equal
// keys leave lists of up to 12 elements as they were and longer ones in an order that is
// fixed but not to be relied on, the one of cel-go.
//
// INVARIANT: there are as many keys as elements; the macro makes them so.
func SortBy[T, K any](l []T, keys []K, order func(a, b K) int) []T {
	places := make([]int32, len(l))
	for i := range places {
		places[i] = int32(i)
	}
	slices.SortFunc(places, func(a, b int32) int { return order(keys[a], keys[b]) })
	out := make([]T, len(l))
	for i, at := range places {
		out[i] = l[at]
	}
	return out
}

// SortValues is l.sort() for elements of a kind known only now, which must be
// one that has an order, and the same for all.
func SortValues(l []Value) ([]Value, Err) { return SortByValues(l, l) }

// SortByValues is SortBy for such keys.
func SortByValues[T any](l []T, keys []Value) ([]T, Err) {
	for i := range keys {
		if keys[i].kind != keys[0].kind || !ranked(keys[i].kind) {
			return nil, NoOverload
		}
	}
	return SortBy(l, keys, orderValues), None
}

// orderValues orders values of one kind that has an order.
func orderValues(a, b Value) int {
	cmp, _, _ := CompareValues(a, b)
	return cmp
}
