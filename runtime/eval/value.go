package eval

import "math"

// Kind says which of CEL's types a Value has.
type Kind uint8

// The kinds.
const (
	NullKind Kind = iota
	BoolKind
	IntKind
	UintKind
	DoubleKind
	StringKind
	BytesKind
	DurationKind
	TimestampKind
	ListKind
	MapKind
	TypeKind
	OptionalKind
	IPKind
	CIDRKind
)

// Null is CEL's null.
type Null struct{}

// Type is the name of a CEL type: "int", "google.protobuf.Timestamp", "list",
// "optional_type", "net.IP".
type Type string

// Value is a value of which the compiler knows no type (CEL's dyn). The zero
// Value is null. Making one of a scalar, text, time or address allocates
// nothing; of a list, map or optional it allocates a small header. A Value of
// text shares the text's memory, and lives no longer than that.
//
// It must not be compared with ==, which knows nothing of CEL: EqualValues does.
type Value struct {
	text      string     // of strings, bytes and types
	composite *composite // of lists, maps and optionals
	// high holds booleans, numbers, durations, the seconds of times and the
	// upper half of addresses; low the nanoseconds and the lower half.
	high, low    uint64
	kind         Kind
	bits, length uint8 // of addresses and blocks
}

// composite holds a list, the entries of a map, or an optional's value as a
// list of at most one.
type composite struct {
	list    []Value
	entries *Map[Value, Value]
}

// Kind says what v is.
func (v Value) Kind() Kind { return v.kind }

func (v Value) bool() bool      { return v.high != 0 }
func (v Value) int() int64      { return int64(v.high) }
func (v Value) double() float64 { return math.Float64frombits(v.high) }

// names are CEL's names of the kinds.
var names = [...]Type{
	NullKind: "null_type", BoolKind: "bool", IntKind: "int", UintKind: "uint", DoubleKind: "double",
	StringKind: "string", BytesKind: "bytes", DurationKind: "google.protobuf.Duration", TimestampKind: "google.protobuf.Timestamp",
	ListKind: "list", MapKind: "map", TypeKind: "type", OptionalKind: "optional_type", IPKind: "net.IP", CIDRKind: "net.CIDR",
}

// TypeOf is type(v).
func TypeOf(v Value) Type { return names[v.kind] }

// IsZeroValue reports whether optional.ofNonZeroValue(v) has no value: null,
// false, 0, empty text, an empty list or map, no time at all, and the first
// moment of the year 1. Other kinds have no zero.
func IsZeroValue(v Value) bool {
	switch v.kind {
	case NullKind:
		return true
	case BoolKind, IntKind, UintKind, DurationKind:
		return v.high == 0
	case DoubleKind:
		return v.double() == 0
	case StringKind, BytesKind:
		return v.text == ""
	case TimestampKind:
		return v.int() == firstSecond && v.low == 0
	case ListKind:
		return len(v.composite.list) == 0
	case MapKind:
		return len(v.composite.entries.Keys) == 0
	}
	return false
}
