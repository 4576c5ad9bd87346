package eval

// Map is CEL's map: entries in the order in which they were written, each key
// once. It must not change once it is built, and may then be read by many.
//
// Keys are the same when they are ==; the keys of a Map[Value, V] when they
// have the same kind and are equal in CEL. A list, map or optional as a key is
// found by nobody, as in cel-go.
type Map[K comparable, V any] struct {
	Keys   []K
	Values []V
	// index is a hash table with linear probing of 1 + the entry's place, 0
	// for free; nil for small maps, where looking at every key is faster.
	index []uint32
}

// indexedFrom is the size from which a map has an index.
const indexedFrom = 9

// MakeMap makes a map of keys and their values. A later key that is the same
// replaces the earlier one's value. It takes both lists, which must not change
// any more.
func MakeMap[K comparable, V any](keys []K, values []V) Map[K, V] {
	m := Map[K, V]{Keys: keys[:0], Values: values[:0]}
	if len(keys) >= indexedFrom {
		m.index = make([]uint32, tableSize(len(keys)))
	}
	copied := false
	for i := range keys {
		at, slot := findAny(&m, keys[i])
		switch {
		case at >= 0:
			if !copied {
				// The lists may be constants that other calls read.
				m.Keys = append(make([]K, 0, len(keys)), m.Keys...)
				m.Values = append(make([]V, 0, len(keys)), m.Values...)
				copied = true
			}
			m.Values[at] = values[i]
			continue
		case copied:
			m.Keys, m.Values = append(m.Keys, keys[i]), append(m.Values, values[i])
		default:
			m.Keys, m.Values = keys[:i+1], values[:i+1]
		}
		if m.index != nil {
			m.index[slot] = uint32(len(m.Keys))
		}
	}
	return m
}

// MakeDistinctMap is MakeMap where a key that is there already is an error, as
// it is for cel.@mapInsert. It does not look at keys alone but as Lookup does:
// 1u cannot follow 1.
func MakeDistinctMap[K comparable, V any](keys []K, values []V) (Map[K, V], Err) {
	m := MakeMap(keys, values)
	if len(m.Keys) != len(keys) {
		return Map[K, V]{}, DuplicateKey
	}
	if dyn, ok := any(&m).(*Map[Value, V]); ok {
		for i := range dyn.Keys {
			// Which of two numbers comes first matters: 1 finds 1u, and not 1.0.
			if at := alike(dyn, dyn.Keys[i]); at >= 0 && at < i {
				return Map[K, V]{}, DuplicateKey
			}
		}
	}
	return m, None
}

func tableSize(n int) int {
	size := 32
	for size < 2*n {
		size *= 2
	}
	return size
}

// find is where k is in m, or -1 and the free slot of the index. It is for keys
// of one type, which are the same when they are ==; see findAny.
func find[K comparable, V any](m *Map[K, V], k K) (at, slot int) {
	if m.index == nil {
		for i := range m.Keys {
			if m.Keys[i] == k {
				return i, 0
			}
		}
		return -1, 0
	}
	mask := len(m.index) - 1
	slot = int(hash(k)) & mask
	for m.index[slot] != 0 {
		if at = int(m.index[slot] - 1); m.Keys[at] == k {
			return at, slot
		}
		slot = (slot + 1) & mask
	}
	return -1, slot
}

// findAny is find for keys of one type or of any kind. It takes longer to find
// out which than to look at some keys.
func findAny[K comparable, V any](m *Map[K, V], k K) (at, slot int) {
	if dyn, ok := any(m).(*Map[Value, V]); ok {
		return findValue(dyn, any(&k).(*Value))
	}
	return find(m, k)
}

// findValue is find for keys of any kind.
func findValue[V any](m *Map[Value, V], k *Value) (at, slot int) {
	if m.index == nil {
		for i := range m.Keys {
			if sameKey(&m.Keys[i], k) {
				return i, 0
			}
		}
		return -1, 0
	}
	mask := len(m.index) - 1
	slot = int(hashValue(k)) & mask
	for m.index[slot] != 0 {
		if at = int(m.index[slot] - 1); sameKey(&m.Keys[at], k) {
			return at, slot
		}
		slot = (slot + 1) & mask
	}
	return -1, slot
}

// Len is size(m).
func (m Map[K, V]) Len() int64 { return int64(len(m.Keys)) }

// Lookup is m[k], for keys of one type.
func Lookup[K comparable, V any](m Map[K, V], k K) (V, Err) {
	at, _ := find(&m, k)
	if at < 0 {
		var zero V
		return zero, NoSuchKey
	}
	return m.Values[at], None
}

// Has is k in m, for keys of one type.
func Has[K comparable, V any](m Map[K, V], k K) bool {
	at, _ := find(&m, k)
	return at >= 0
}

// OptionalLookup is m[?k], for keys of one type.
func OptionalLookup[K comparable, V any](m Map[K, V], k K) Optional[V] {
	v, err := Lookup(m, k)
	return Optional[V]{Value: v, OK: err == None}
}

// EqualMaps is a == b, where equal compares their values.
func EqualMaps[K comparable, V any](a, b Map[K, V], equal func(a, b V) bool) bool {
	if len(a.Keys) != len(b.Keys) {
		return false
	}
	for i := range a.Keys {
		at, _ := findAny(&b, a.Keys[i])
		if at < 0 || !equal(a.Values[i], b.Values[at]) {
			return false
		}
	}
	return true
}

// InsertEntry is cel.@mapInsert(m, k, v): a new map, and an error when it has
// k already.
func InsertEntry[K comparable, V any](m Map[K, V], k K, v V) (Map[K, V], Err) {
	return InsertEntries(m, Map[K, V]{Keys: []K{k}, Values: []V{v}})
}

// InsertEntries is cel.@mapInsert(m, n): a new map, and an error when a key is
// in both.
func InsertEntries[K comparable, V any](m, n Map[K, V]) (Map[K, V], Err) {
	return MakeDistinctMap(AddLists(m.Keys, n.Keys), AddLists(m.Values, n.Values))
}

// MapMap is m with other types of keys and values. Keys that differ must stay
// different.
func MapMap[K, L comparable, V, W any](m Map[K, V], key func(K) L, value func(V) W) Map[L, W] {
	keys, values := make([]L, len(m.Keys)), make([]W, len(m.Values))
	for i := range keys {
		keys[i], values[i] = key(m.Keys[i]), value(m.Values[i])
	}
	return MakeMap(keys, values)
}

// TryMap is MapMap with functions that can fail.
func TryMap[K, L comparable, V, W any](m Map[K, V], key func(K) (L, Err), value func(V) (W, Err)) (Map[L, W], Err) {
	keys, values := make([]L, len(m.Keys)), make([]W, len(m.Values))
	for i := range keys {
		var err Err
		if keys[i], err = key(m.Keys[i]); err != None {
			return Map[L, W]{}, err
		}
		if values[i], err = value(m.Values[i]); err != None {
			return Map[L, W]{}, err
		}
	}
	return MakeMap(keys, values), None
}
