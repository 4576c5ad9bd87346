package eval

// Memo keeps the value of a let, or its failure, for the rest of the request.
type Memo[T any] struct {
	Value T
	Err   Err
	Done  bool
}

// Present is v, or NoSuchKey where there is none: m[k] of a map of headers.
func Present[T any](v T, ok bool) (T, Err) {
	if !ok {
		return v, NoSuchKey
	}
	return v, None
}

// Rank orders booleans: false before true.
func Rank(b bool) int {
	if b {
		return 1
	}
	return 0
}
