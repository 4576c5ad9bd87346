package eval

import "moec.dev/moec/runtime/core"

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
