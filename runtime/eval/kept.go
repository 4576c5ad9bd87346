package eval

// Kept is a value that was worked out earlier, or its failure, of that code.
func Kept[T any](v T, code uint32) (T, Err) {
	if code != 0 {
		var zero T
		return zero, Err(code)
	}
	return v, 0
}
