package eval

import (
	"time"

	"moec.dev/moec/runtime/core"
)

// Zone is a time zone that the compiler has found to be one. Where it cannot be
// had after all it is nil, and every use of it ends its request.
func Zone(name string) *time.Location {
	zone, err := ParseZone(name)
	if err != None {
		return nil
	}
	return zone
}

// Made keeps a value of constants, or why there is none, for as long as the
// library is loaded.
func Made[T any](v T, err Err) Memo[T] { return Memo[T]{Value: v, Err: err, Done: true} }

// Within is a list that is about to be gone over to build another of its length
// at most; an empty one when the hook has built too much.
func Within[T any](s *core.Scratch, l []T) []T {
	if !s.Elements(len(l)) {
		return nil
	}
	return l
}

// WithinMap is Within for a map.
func WithinMap[K comparable, V any](s *core.Scratch, m Map[K, V]) Map[K, V] {
	if !s.Elements(len(m.Keys)) {
		return Map[K, V]{}
	}
	return m
}

// DistinctScalars is Distinct for elements that are equal where they are ==. It
// takes time in proportion to the list.
func DistinctScalars[T comparable](l []T) []T {
	const few = 16
	out := make([]T, 0, len(l))
	if len(l) <= few {
		for _, v := range l {
			if !In(out, v) {
				out = append(out, v)
			}
		}
		return out
	}
	seen := make(map[T]struct{}, len(l))
	for _, v := range l {
		if _, twice := seen[v]; !twice {
			seen[v] = struct{}{}
			out = append(out, v)
		}
	}
	return out
}
