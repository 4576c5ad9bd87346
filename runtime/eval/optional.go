package eval

// Optional is CEL's optional value.
type Optional[T any] struct {
	Value T
	OK    bool
}

// Some is an optional with a value; the zero Optional is the one without.
func Some[T any](v T) Optional[T] { return Optional[T]{Value: v, OK: true} }

// Is is true of every value.
func Is[T any](T) bool { return true }

// OrValue is the value, or d where there is none.
func (o Optional[T]) OrValue(d T) T {
	if o.OK {
		return o.Value
	}
	return d
}

// Or is o where it has a value, and p otherwise.
func (o Optional[T]) Or(p Optional[T]) Optional[T] {
	if o.OK {
		return o
	}
	return p
}

// Get is the value, or an error where there is none.
func (o Optional[T]) Get() (T, Err) {
	if o.OK {
		return o.Value, None
	}
	return o.Value, NoValue
}

// OptionalIndex is l[?i].
func OptionalIndex[T any](l []T, i int64) Optional[T] {
	v, err := Index(l, i)
	return Optional[T]{Value: v, OK: err == None}
}

// OptionalOf makes an optional of a value and whether there is one.
func OptionalOf[T any](v T, ok bool) Optional[T] { return Optional[T]{Value: v, OK: ok} }

// HasValue is o.hasValue(v).
func HasValue[T any](o Optional[T], v T, equal func(a, b T) bool) bool {
	return o.OK && equal(o.Value, v)
}

// Unwrap is optional.unwrap(l): the values of those that have one.
func Unwrap[T any](l []Optional[T]) []T {
	var out []T
	for i := range l {
		if l[i].OK {
			out = append(out, l[i].Value)
		}
	}
	return out
}

// MapOptional is o with f applied to its value.
func MapOptional[T, U any](o Optional[T], f func(T) U) Optional[U] {
	if !o.OK {
		return Optional[U]{}
	}
	return Some(f(o.Value))
}

// TryOptional is MapOptional with a function that can fail.
func TryOptional[T, U any](o Optional[T], f func(T) (U, Err)) (Optional[U], Err) {
	if !o.OK {
		return Optional[U]{}, None
	}
	v, err := f(o.Value)
	if err != None {
		return Optional[U]{}, err
	}
	return Some(v), None
}
