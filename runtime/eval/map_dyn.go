package eval

import "hash/maphash"

// seed makes hashes unpredictable: keys may come from a request, and must not
// be chosen so that they all collide.
var seed = maphash.MakeSeed()

func hash[K comparable](k K) uint64 { return maphash.Comparable(seed, k) }

// hashValue is the same for keys that sameKey calls the same.
func hashValue(k *Value) uint64 {
	switch k.kind {
	case StringKind, BytesKind, TypeKind:
		return maphash.String(seed, k.text)
	case DoubleKind:
		if k.double() == 0 {
			return 0 // of either sign
		}
	}
	return maphash.Comparable(seed, [2]uint64{k.high, k.low})
}

// sameKey is whether two keys are one: the kind counts, so that 1, 1u and 1.0
// are three.
func sameKey(a, b *Value) bool {
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case StringKind, BytesKind, TypeKind:
		return a.text == b.text
	case DoubleKind:
		return a.double() == b.double()
	case ListKind, MapKind, OptionalKind:
		return false
	}
	return a.high == b.high && a.low == b.low && a.bits == b.bits && a.length == b.length
}

// lookupValue is where k is in m, or -1: the same key, and failing that, the
// number that is equal to it. As in cel-go, no number but a double finds a
// double.
func lookupValue[V any](m *Map[Value, V], k Value) int {
	if at, _ := findValue(m, &k); at >= 0 {
		return at
	}
	return alike(m, k)
}

// alike is where the number equal to k, but of another kind, is in m, or -1.
func alike[V any](m *Map[Value, V], k Value) int {
	if k.kind == IntKind || k.kind == DoubleKind {
		if u, err := UintKey(k); err == None {
			// An int is asked for before a uint.
			if i, err := IntKey(k); err == None && k.kind == DoubleKind {
				v := IntValue(i)
				if at, _ := findValue(m, &v); at >= 0 {
					return at
				}
			}
			v := UintValue(u)
			at, _ := findValue(m, &v)
			return at
		}
	}
	if k.kind == UintKind || k.kind == DoubleKind {
		if i, err := IntKey(k); err == None {
			v := IntValue(i)
			at, _ := findValue(m, &v)
			return at
		}
	}
	return -1
}

// IntKey is the int that a number of any kind is as a key of a map of ints or
// as a list's index; NoSuchKey where there is none.
func IntKey(k Value) (int64, Err) {
	switch k.kind {
	case IntKind:
		return k.int(), None
	case UintKind:
		if i, err := UintToInt(k.high); err == None {
			return i, None
		}
	case DoubleKind:
		if i, err := DoubleToInt(k.double()); err == None && float64(i) == k.double() {
			return i, None
		}
	}
	return 0, NoSuchKey
}

// UintKey is IntKey for maps of uints.
func UintKey(k Value) (uint64, Err) {
	switch k.kind {
	case UintKind:
		return k.high, None
	case IntKind:
		if u, err := IntToUint(k.int()); err == None {
			return u, None
		}
	case DoubleKind:
		if u, err := DoubleToUint(k.double()); err == None && float64(u) == k.double() {
			return u, None
		}
	}
	return 0, NoSuchKey
}

// LookupDyn is m[k] for keys of any kind; a number finds the number that is
// equal to it.
func LookupDyn[V any](m Map[Value, V], k Value) (V, Err) {
	at := lookupValue(&m, k)
	if at < 0 {
		var zero V
		return zero, NoSuchKey
	}
	return m.Values[at], None
}

// HasDyn is k in m for keys of any kind.
func HasDyn[V any](m Map[Value, V], k Value) bool { return lookupValue(&m, k) >= 0 }

// OptionalLookupDyn is m[?k] for keys of any kind.
func OptionalLookupDyn[V any](m Map[Value, V], k Value) Optional[V] {
	v, err := LookupDyn(m, k)
	return Optional[V]{Value: v, OK: err == None}
}

// EqualMapsDyn is a == b for keys of any kind.
func EqualMapsDyn[V any](a, b Map[Value, V], equal func(a, b V) bool) bool {
	if len(a.Keys) != len(b.Keys) {
		return false
	}
	for i := range a.Keys {
		at := lookupValue(&b, a.Keys[i])
		if at < 0 || !equal(a.Values[i], b.Values[at]) {
			return false
		}
	}
	return true
}
