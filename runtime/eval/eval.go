// Package eval is the value semantics of CEL for generated code: arithmetic
// that notices overflow, conversions and comparisons across types, logic that
// absorbs errors. Where CEL's text leaves room it does as cel-go v0.33.2 does,
// and its tests hold it to that.
//
// It must not know requests or policies, and must not import cel-go.
package eval

// Err is why an expression has no value; 0 means that it has one.
type Err uint8

// The errors.
const (
	None Err = iota
	Overflow
	DivisionByZero
	NoSuchKey
	OutOfRange
	BadConversion
	BadAddress
	NoValue
)

// String explains an error in a few words.
func (e Err) String() string {
	switch e {
	case None:
		return "no error"
	case Overflow:
		return "number or time out of range"
	case DivisionByZero:
		return "division by zero"
	case NoSuchKey:
		return "no such key"
	case OutOfRange:
		return "index out of range"
	case BadConversion:
		return "text or number cannot be converted"
	case BadAddress:
		return "not an IP address or CIDR block"
	case NoValue:
		return "optional without a value"
	}
	return "unknown error"
}

// And is CEL's &&: false on either side decides, whatever the other side is. A
// nil closure is not allowed.
func And(l, r func() (bool, Err)) (bool, Err) {
	left, lerr := l()
	if lerr == None && !left {
		return false, None
	}
	right, rerr := r()
	if rerr == None && !right {
		return false, None
	}
	if lerr != None {
		return false, lerr
	}
	return rerr == None, rerr
}

// Or is CEL's ||: true on either side decides, whatever the other side is.
func Or(l, r func() (bool, Err)) (bool, Err) {
	left, lerr := l()
	if lerr == None && left {
		return true, None
	}
	right, rerr := r()
	if rerr == None && right {
		return true, None
	}
	if lerr != None {
		return false, lerr
	}
	return false, rerr
}

// Index is l[i].
func Index[T any](l []T, i int64) (T, Err) {
	if i < 0 || i >= int64(len(l)) {
		var zero T
		return zero, OutOfRange
	}
	return l[i], None
}

// Lookup is m[k].
func Lookup[K comparable, V any](m map[K]V, k K) (V, Err) {
	v, ok := m[k]
	if !ok {
		return v, NoSuchKey
	}
	return v, None
}

// In is v in l.
func In[T comparable](l []T, v T) bool {
	for i := range l {
		if l[i] == v {
			return true
		}
	}
	return false
}

// Optional is CEL's optional value.
type Optional[T any] struct {
	Value T
	OK    bool
}

// Some is an optional with a value; the zero Optional is the one without.
func Some[T any](v T) Optional[T] { return Optional[T]{Value: v, OK: true} }

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

// OptionalLookup is m[?k].
func OptionalLookup[K comparable, V any](m map[K]V, k K) Optional[V] {
	v, ok := m[k]
	return Optional[V]{Value: v, OK: ok}
}
