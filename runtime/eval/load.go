package eval

import "time"

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
