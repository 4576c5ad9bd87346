package eval

import (
	"time"

	"moec.dev/moec/runtime/core"
)

// arithmetic is an operator's functions for the kinds of numbers; one that is
// missing is no overload.
type arithmetic struct {
	ints    func(a, b int64) (int64, Err)
	uints   func(a, b uint64) (uint64, Err)
	doubles func(a, b float64) float64
}

// numbers applies an operator to two numbers of one kind: arithmetic does not
// mix kinds, even where comparisons do.
func (o *arithmetic) numbers(a, b Value) (Value, Err) {
	if a.kind != b.kind {
		return Value{}, NoOverload
	}
	switch a.kind {
	case IntKind:
		i, err := o.ints(a.int(), b.int())
		return IntValue(i), err
	case UintKind:
		u, err := o.uints(a.high, b.high)
		return UintValue(u), err
	case DoubleKind:
		if o.doubles != nil {
			return DoubleValue(o.doubles(a.double(), b.double())), None
		}
	}
	return Value{}, NoOverload
}

var (
	adding      = arithmetic{AddInt, AddUint, func(a, b float64) float64 { return a + b }}
	subtracting = arithmetic{SubInt, SubUint, func(a, b float64) float64 { return a - b }}
	multiplying = arithmetic{MulInt, MulUint, func(a, b float64) float64 { return a * b }}
	dividing    = arithmetic{DivInt, DivUint, func(a, b float64) float64 { return a / b }}
	remaining   = arithmetic{ModInt, ModUint, nil}
)

// AddValues is a + b: of numbers of one kind, text, lists, durations and times.
// New text is on the Go heap: the frame's memory is not known here.
func AddValues(a, b Value) (Value, Err) {
	if a.kind == TimestampKind && b.kind == DurationKind {
		return boxTime(AddTime(a.time(), time.Duration(b.high)))
	}
	if a.kind == DurationKind && b.kind == TimestampKind {
		return boxTime(AddTime(b.time(), time.Duration(a.high)))
	}
	if a.kind != b.kind {
		return Value{}, NoOverload
	}
	switch a.kind {
	case StringKind, BytesKind:
		return Value{kind: a.kind, text: a.text + b.text}, None
	case DurationKind:
		return boxDuration(AddDuration(time.Duration(a.high), time.Duration(b.high)))
	case ListKind:
		return ListValue(AddLists(a.composite.list, b.composite.list)), None
	}
	return adding.numbers(a, b)
}

// AddValuesIn is AddValues with new text in the frame's memory.
func AddValuesIn(s *core.Scratch, a, b Value) (Value, Err) {
	if a.kind == b.kind && (a.kind == StringKind || a.kind == BytesKind) {
		return Value{kind: a.kind, text: s.Concat2(a.text, b.text)}, None
	}
	return AddValues(a, b)
}

func boxTime(t time.Time, err Err) (Value, Err) { return TimestampValue(t), err }

func boxDuration(d time.Duration, err Err) (Value, Err) { return DurationValue(d), err }

// SubValues is a - b: of numbers of one kind, durations and times.
func SubValues(a, b Value) (Value, Err) {
	switch {
	case a.kind == TimestampKind && b.kind == DurationKind:
		return boxTime(SubTime(a.time(), time.Duration(b.high)))
	case a.kind == TimestampKind && b.kind == TimestampKind:
		return boxDuration(SubTimes(a.time(), b.time()))
	case a.kind == DurationKind && b.kind == DurationKind:
		return boxDuration(SubDuration(time.Duration(a.high), time.Duration(b.high)))
	}
	return subtracting.numbers(a, b)
}

// MulValues is a * b: of numbers of one kind.
func MulValues(a, b Value) (Value, Err) { return multiplying.numbers(a, b) }

// DivValues is a / b: of numbers of one kind.
func DivValues(a, b Value) (Value, Err) { return dividing.numbers(a, b) }

// ModValues is a % b: of ints, or of uints.
func ModValues(a, b Value) (Value, Err) { return remaining.numbers(a, b) }

// NegValue is -a: of an int, a double, and, as in cel-go, a duration.
func NegValue(a Value) (Value, Err) {
	switch a.kind {
	case IntKind:
		i, err := NegInt(a.int())
		return IntValue(i), err
	case DoubleKind:
		return DoubleValue(-a.double()), None
	case DurationKind:
		i, err := NegInt(a.int())
		return DurationValue(time.Duration(i)), err
	}
	return Value{}, NoOverload
}

// SizeOf is size(v): of text, bytes, a list or a map.
func SizeOf(v Value) (int64, Err) {
	switch v.kind {
	case StringKind:
		return Size(v.text), None
	case BytesKind:
		return int64(len(v.text)), None
	case ListKind:
		return int64(len(v.composite.list)), None
	case MapKind:
		return v.composite.entries.Len(), None
	}
	return 0, NoOverload
}

// InValue is x in container: an element of a list, or a key of a map.
func InValue(x, container Value) (bool, Err) {
	switch container.kind {
	case ListKind:
		return Contains(container.composite.list, x, EqualValues), None
	case MapKind:
		return HasDyn(*container.composite.entries, x), None
	}
	return false, NoOverload
}

// hollow is whether a macro over v has nothing to do, although v is neither list
// nor map: cel-go asks for the size before it asks for anything else.
func hollow(v Value) bool {
	switch v.kind {
	case StringKind, BytesKind:
		return v.text == ""
	case CIDRKind:
		return v.length == 0
	}
	return false
}

// Elements are what a macro with one variable goes over: a list's elements, or
// a map's keys.
func Elements(v Value) ([]Value, Err) {
	switch v.kind {
	case ListKind:
		return v.composite.list, None
	case MapKind:
		return v.composite.entries.Keys, None
	}
	if hollow(v) {
		return nil, None
	}
	return nil, NoOverload
}

// Entries are what a macro with two variables goes over: a map's entries, or a
// list's elements with their indices as keys.
func Entries(v Value) (Map[Value, Value], Err) {
	switch v.kind {
	case ListKind:
		l := v.composite.list
		keys := make([]Value, len(l))
		for i := range keys {
			keys[i] = IntValue(int64(i))
		}
		// Nobody looks for a key while going over all of them: no index.
		return Map[Value, Value]{Keys: keys, Values: l}, None
	case MapKind:
		return *v.composite.entries, None
	}
	if hollow(v) {
		return Map[Value, Value]{}, None
	}
	return Map[Value, Value]{}, NoOverload
}
