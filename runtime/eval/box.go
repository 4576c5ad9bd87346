package eval

import (
	"math"
	"time"
)

// NullValue boxes null.
func NullValue(Null) Value { return Value{} }

// BoolValue boxes a bool.
func BoolValue(b bool) Value { return Value{kind: BoolKind, high: uint64(Rank(b))} }

// IntValue boxes an int.
func IntValue(i int64) Value { return Value{kind: IntKind, high: uint64(i)} }

// UintValue boxes a uint.
func UintValue(u uint64) Value { return Value{kind: UintKind, high: u} }

// DoubleValue boxes a double.
func DoubleValue(d float64) Value { return Value{kind: DoubleKind, high: math.Float64bits(d)} }

// StringValue boxes a string, and shares its memory.
func StringValue(s string) Value { return Value{kind: StringKind, text: s} }

// BytesValue boxes bytes, and shares their memory.
func BytesValue(b Bytes) Value { return Value{kind: BytesKind, text: string(b)} }

// DurationValue boxes a duration.
func DurationValue(d time.Duration) Value { return Value{kind: DurationKind, high: uint64(d)} }

// TimestampValue boxes a time; its zone is lost, as CEL knows moments only.
func TimestampValue(t time.Time) Value {
	return Value{kind: TimestampKind, high: uint64(t.Unix()), low: uint64(t.Nanosecond())}
}

// TypeValue boxes a type.
func TypeValue(t Type) Value { return Value{kind: TypeKind, text: string(t)} }

// IPValue boxes an address.
func IPValue(ip IP) Value {
	return Value{kind: IPKind, high: ip.high, low: ip.low, bits: ip.bits}
}

// CIDRValue boxes a block of addresses.
func CIDRValue(c CIDR) Value {
	return Value{kind: CIDRKind, high: c.ip.high, low: c.ip.low, bits: c.ip.bits, length: c.length}
}

// ListValue boxes a list, which must not change any more.
func ListValue(l []Value) Value { return Value{kind: ListKind, composite: &composite{list: l}} }

// MapValue boxes a map.
func MapValue(m Map[Value, Value]) Value {
	// One piece of memory for both.
	box := &struct {
		composite
		m Map[Value, Value]
	}{m: m}
	box.entries = &box.m
	return Value{kind: MapKind, composite: &box.composite}
}

var none composite

// OptionalValue boxes an optional.
func OptionalValue(o Optional[Value]) Value {
	if !o.OK {
		return Value{kind: OptionalKind, composite: &none}
	}
	return Value{kind: OptionalKind, composite: &composite{list: []Value{o.Value}}}
}

func (v Value) is(k Kind) Err {
	if v.kind != k {
		return NoOverload
	}
	return None
}

// AsNull unboxes null.
func AsNull(v Value) (Null, Err) { return Null{}, v.is(NullKind) }

// AsBool unboxes a bool.
func AsBool(v Value) (bool, Err) {
	if v.kind != BoolKind {
		return false, NoOverload
	}
	return v.bool(), None
}

// AsInt unboxes an int; other numbers are none.
func AsInt(v Value) (int64, Err) {
	if v.kind != IntKind {
		return 0, NoOverload
	}
	return v.int(), None
}

// AsUint unboxes a uint; other numbers are none.
func AsUint(v Value) (uint64, Err) {
	if v.kind != UintKind {
		return 0, NoOverload
	}
	return v.high, None
}

// AsDouble unboxes a double; other numbers are none.
func AsDouble(v Value) (float64, Err) {
	if v.kind != DoubleKind {
		return 0, NoOverload
	}
	return v.double(), None
}

// AsString unboxes a string.
func AsString(v Value) (string, Err) {
	if v.kind != StringKind {
		return "", NoOverload
	}
	return v.text, None
}

// AsBytes unboxes bytes.
func AsBytes(v Value) (Bytes, Err) {
	if v.kind != BytesKind {
		return "", NoOverload
	}
	return Bytes(v.text), None
}

// AsDuration unboxes a duration.
func AsDuration(v Value) (time.Duration, Err) {
	if v.kind != DurationKind {
		return 0, NoOverload
	}
	return time.Duration(v.high), None
}

// AsTimestamp unboxes a time, in UTC.
func AsTimestamp(v Value) (time.Time, Err) {
	if v.kind != TimestampKind {
		return time.Time{}, NoOverload
	}
	return v.time(), None
}

func (v Value) time() time.Time { return time.Unix(v.int(), int64(v.low)).UTC() }

// AsType unboxes a type.
func AsType(v Value) (Type, Err) {
	if v.kind != TypeKind {
		return "", NoOverload
	}
	return Type(v.text), None
}

// AsIP unboxes an address.
func AsIP(v Value) (IP, Err) {
	if v.kind != IPKind {
		return IP{}, NoOverload
	}
	return IP{high: v.high, low: v.low, bits: v.bits}, None
}

// AsCIDR unboxes a block of addresses.
func AsCIDR(v Value) (CIDR, Err) {
	if v.kind != CIDRKind {
		return CIDR{}, NoOverload
	}
	return CIDR{ip: IP{high: v.high, low: v.low, bits: v.bits}, length: v.length}, None
}

// AsList unboxes a list, which must not be changed.
func AsList(v Value) ([]Value, Err) {
	if v.kind != ListKind {
		return nil, NoOverload
	}
	return v.composite.list, None
}

// AsMap unboxes a map.
func AsMap(v Value) (Map[Value, Value], Err) {
	if v.kind != MapKind {
		return Map[Value, Value]{}, NoOverload
	}
	return *v.composite.entries, None
}

// AsOptional unboxes an optional.
func AsOptional(v Value) (Optional[Value], Err) {
	if v.kind != OptionalKind {
		return Optional[Value]{}, NoOverload
	}
	if len(v.composite.list) == 0 {
		return Optional[Value]{}, None
	}
	return Some(v.composite.list[0]), None
}
