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
	BadZone
	BadFormat
	BadPattern
	NotOrdered
	NoValue
	NoOverload
	TooLarge
	DuplicateKey
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
	case BadZone:
		return "no such time zone"
	case BadFormat:
		return "format and arguments do not fit"
	case BadPattern:
		return "not a regular expression"
	case NotOrdered:
		return "NaN has no order"
	case NoValue:
		return "optional without a value"
	case NoOverload:
		return "no such overload"
	case TooLarge:
		return "result or input beyond its limit"
	case DuplicateKey:
		return "key inserted twice"
	}
	return "unknown error"
}

// Index is l[i].
func Index[T any](l []T, i int64) (T, Err) {
	if i < 0 || i >= int64(len(l)) {
		var zero T
		return zero, OutOfRange
	}
	return l[i], None
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
