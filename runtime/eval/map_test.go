package eval

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func TestMapsKeepOrderAndTheLastValue(t *testing.T) {
	for _, n := range []int{0, 3, indexedFrom - 1, indexedFrom, 100} {
		var keys []string
		var values []int
		for i := range n {
			keys, values = append(keys, strconv.Itoa(i)), append(values, i)
		}
		for i := range n / 2 {
			keys, values = append(keys, strconv.Itoa(2*i)), append(values, -i)
		}
		given := slices.Clone(keys)
		m := MakeMap(keys, values)
		if !slices.Equal(keys, given) {
			t.Error("the keys that were given have changed")
		}
		if int(m.Len()) != n || !slices.Equal(m.Keys, given[:n]) {
			t.Errorf("%d: keys %v", n, m.Keys)
		}
		for i := range n {
			want := i
			if i%2 == 0 && i/2 < n/2 {
				want = -i / 2
			}
			if got, err := Lookup(m, strconv.Itoa(i)); got != want || err != None || !Has(m, strconv.Itoa(i)) {
				t.Errorf("%d: %d is %d, %v", n, i, got, err)
			}
		}
		if _, err := Lookup(m, "x"); err != NoSuchKey || Has(m, "x") || OptionalLookup(m, "x").OK {
			t.Error(err)
		}
	}
}

// TestMapsAreMaps holds maps of every type of key to Go's.
func TestMapsAreMaps(t *testing.T) {
	t.Run("int", func(t *testing.T) { likeGo(t, rapid.Int64Range(-20, 20)) })
	t.Run("uint", func(t *testing.T) { likeGo(t, rapid.Uint64Range(0, 40)) })
	t.Run("bool", func(t *testing.T) { likeGo(t, rapid.Bool()) })
	t.Run("string", func(t *testing.T) { likeGo(t, rapid.StringN(0, 2, 3)) })
	t.Run("double", func(t *testing.T) { likeGo(t, doubles) })
}

func likeGo[K comparable](t *testing.T, some *rapid.Generator[K]) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfN(some, 0, 40).Draw(t, "keys")
		values := make([]int, len(keys))
		want := map[K]int{}
		for i, k := range keys {
			values[i] = i
			want[k] = i
		}
		m := MakeMap(keys, values)
		if int(m.Len()) != len(want) {
			t.Fatalf("%d entries, not %d", m.Len(), len(want))
		}
		for k, v := range want {
			if got, err := Lookup(m, k); (got != v || err != None) && k == k {
				t.Fatalf("%v is %d, %v; not %d", k, got, err, v)
			}
		}
		k := some.Draw(t, "k")
		if v, ok := want[k]; Has(m, k) != ok || OptionalLookup(m, k) != OptionalOf(v, ok) {
			t.Fatalf("has %v: %v", k, !ok)
		}
		other := mapOf(want)
		if same := !slices.ContainsFunc(keys, func(k K) bool { return k != k }); EqualMaps(m, other, Same) != same || EqualMaps(other, m, Same) != same {
			t.Fatal("a map in another order differs")
		}
		if len(m.Keys) > 0 {
			other.Values = slices.Clone(other.Values)
			other.Values[0] = -1
			if EqualMaps(m, other, Same) || EqualMaps(m, Map[K, int]{}, Same) {
				t.Fatal("maps that differ are equal")
			}
		}
	})
}

func TestDynamicKeysAgree(t *testing.T) {
	p := dynPeer(t)
	rapid.Check(t, func(t *rapid.T) {
		a, b := mapsOf(someScalars).Draw(t, "a"), mapsOf(someScalars).Draw(t, "b")
		k := rapid.OneOf(someKeys, someNumbers).Draw(t, "k")
		m, _ := AsMap(a)
		v, err := LookupDyn(m, k)
		agreeDyn(t, p, "a[b]", a, k, v, err)
		agreeDyn(t, p, "b in a", a, k, BoolValue(HasDyn(m, k)), None)
		agreeDyn(t, p, "a[?b]", a, k, OptionalValue(OptionalLookupDyn(m, k)), None)
		n, _ := AsMap(b)
		agreeDyn(t, p, "a == b", a, b, BoolValue(EqualMapsDyn(m, n, EqualValues)), None)

		// Keys of one type, asked for by any number.
		ints := MakeMap([]int64{-1, 0, 1, 2}, []int64{-1, 0, 1, 2})
		boxed := MapMap(ints, IntValue, IntValue)
		i, err := IntKey(k)
		if err == None {
			i, err = Lookup(ints, i)
		}
		agreeDyn(t, p, "a[b]", MapValue(boxed), k, IntValue(i), err)
		uints := MakeMap([]uint64{0, 1, 2}, []uint64{0, 1, 2})
		u, err := UintKey(k)
		if err == None {
			u, err = Lookup(uints, u)
		}
		agreeDyn(t, p, "a[b]", MapValue(MapMap(uints, UintValue, UintValue)), k, UintValue(u), err)
	})
}

func TestZeroesOfEitherSignAreOneKey(t *testing.T) {
	zero, minus := DoubleValue(0), DoubleValue(math.Copysign(0, -1))
	for _, n := range []int{0, indexedFrom} {
		keys := []Value{zero, minus}
		for i := range n {
			keys = append(keys, IntValue(int64(i)+1))
		}
		m := MakeMap(keys, slices.Clone(keys))
		if int(m.Len()) != n+1 || !HasDyn(m, zero) || !HasDyn(m, minus) {
			t.Errorf("%d keys of %d", m.Len(), n+1)
		}
	}
}

func TestInsertsAgree(t *testing.T) {
	p := dynPeer(t)
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SliceOfN(someKeys, 0, 20).Draw(t, "keys")
		// One after the other, as the macro does.
		var m Map[Value, Value]
		err := None
		for i := range l {
			if err == None {
				m, err = InsertEntry(m, l[i], IntValue(int64(i)))
			}
		}
		if slices.ContainsFunc(l, isNaN) {
			return // cel-go has the entries, and nothing there finds them
		}
		agreeDyn(t, p, "a.transformMapEntry(i, k, {k: i})", ListValue(l), Value{}, MapValue(m), err)
		at := make([]Value, len(l))
		for i := range at {
			at[i] = IntValue(int64(i))
		}
		if n, whole := MakeDistinctMap(l, at); whole != err || err == None && !EqualValues(MapValue(n), MapValue(m)) {
			t.Fatalf("at once: %v; one by one: %v", whole, err)
		}
	})
}

func BenchmarkLookup(b *testing.B) {
	for _, n := range []int{4, 8, 9, 100} {
		var keys []string
		for i := range n {
			keys = append(keys, fmt.Sprint("x-header-", i))
		}
		m, dyn, found := MakeMap(keys, keys), map[string]string{}, 0
		for _, k := range keys {
			dyn[k] = k
		}
		ask := make([]string, 256)
		for i := range ask {
			ask[i] = keys[i*7%n]
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				found += count(Has(m, ask[i&255]))
			}
		})
		b.Run(fmt.Sprint(n, "/missing"), func(b *testing.B) {
			for b.Loop() {
				found += count(Has(m, "content-type"))
			}
		})
		b.Run(fmt.Sprint(n, "/go"), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				_, ok := dyn[ask[i&255]]
				found += count(ok)
			}
		})
	}
}
