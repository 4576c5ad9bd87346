package eval

import (
	"testing"
	"time"

	celtypes "cel.dev/cel-go/common/types"
	"pgregory.net/rapid"
)

func boxList(l []Value, err Err) (Value, Err) { return ListValue(l), err }

func TestListFunctionsAgree(t *testing.T) {
	p := dynPeer(t)
	lists := rapid.OneOf(rapid.SliceOfN(rapid.OneOf(someNumbers, rapid.Map(fewInts, IntValue)), 0, 5), rapid.SliceOfN(someValues, 0, 5))
	type function = func(l, m []Value) (Value, Err)
	rapid.Check(t, func(t *rapid.T) {
		l, m := lists.Draw(t, "l"), lists.Draw(t, "m")
		a, b := ListValue(l), ListValue(m)
		for expr, f := range map[string]function{
			"a + b":                 func(l, m []Value) (Value, Err) { return ListValue(AddLists(l, m)), None },
			"a.reverse()":           func(l, _ []Value) (Value, Err) { return ListValue(ReverseList(l)), None },
			"a.distinct()":          func(l, _ []Value) (Value, Err) { return ListValue(Distinct(l, EqualValues)), None },
			"a.first()":             func(l, _ []Value) (Value, Err) { return OptionalValue(First(l)), None },
			"a.last()":              func(l, _ []Value) (Value, Err) { return OptionalValue(Last(l)), None },
			"sets.contains(a, b)":   func(l, m []Value) (Value, Err) { return BoolValue(HasAll(l, m, EqualValues)), None },
			"sets.equivalent(a, b)": func(l, m []Value) (Value, Err) { return BoolValue(HasExactly(l, m, EqualValues)), None },
			"sets.intersects(a, b)": func(l, m []Value) (Value, Err) { return BoolValue(HasAny(l, m, EqualValues)), None },
			"a.hasAll(b)":           func(l, m []Value) (Value, Err) { return BoolValue(HasAll(l, m, EqualValues)), None },
			"a.hasAny(b)":           func(l, m []Value) (Value, Err) { return BoolValue(HasAny(l, m, EqualValues)), None },
			"a.hasOnly(b)":          func(l, m []Value) (Value, Err) { return BoolValue(HasOnly(l, m, EqualValues)), None },
			"a.hasExactly(b)":       func(l, m []Value) (Value, Err) { return BoolValue(HasExactly(l, m, EqualValues)), None },
			"a.sort()":              func(l, _ []Value) (Value, Err) { return boxList(SortValues(l)) },
			"a.sortBy(e, e)":        func(l, _ []Value) (Value, Err) { return boxList(SortByValues(l, l)) },
			"a.flatten()":           func(l, _ []Value) (Value, Err) { return boxList(FlattenValues(memory(), l, 1)) },
			"a.flatten(3)":          func(l, _ []Value) (Value, Err) { return boxList(FlattenValues(memory(), l, 3)) },
			"a.flatten(0)":          func(l, _ []Value) (Value, Err) { return boxList(FlattenValues(memory(), l, 0)) },
			"a.flatten(-1)":         func(l, _ []Value) (Value, Err) { return boxList(FlattenValues(memory(), l, -1)) },
			"math.greatest(a)":      func(l, _ []Value) (Value, Err) { return MaxValues(l) },
			"math.least(a)":         func(l, _ []Value) (Value, Err) { return MinValues(l) },
			"[a, b].flatten()":      func(l, m []Value) (Value, Err) { return ListValue(Flatten(memory(), [][]Value{l, m})), None },
		} {
			got, err := f(l, m)
			agreeDyn(t, p, expr, a, b, got, err)
		}
		var optionals []Optional[Value]
		var boxed []Value
		for i := range l {
			o := Optional[Value]{Value: l[i], OK: rapid.Bool().Draw(t, "ok")}
			optionals, boxed = append(optionals, o), append(boxed, OptionalValue(o))
		}
		unwrapped := ListValue(Unwrap(optionals))
		agreeDyn(t, p, "optional.unwrap(a)", ListValue(boxed), b, unwrapped, None)
		agreeDyn(t, p, "a.unwrapOpt()", ListValue(boxed), b, unwrapped, None)
		if len(l) > 0 && len(m) > 0 {
			agreeDyn(t, p, "a.hasValue(b)", boxed[0], m[0], BoolValue(HasValue(optionals[0], m[0], EqualValues)), None)
			agreeDyn(t, p, "optional.of(a).hasValue(b)", l[0], l[0], BoolValue(HasValue(Some(l[0]), l[0], EqualValues)), None)
		}
	})
}

func TestExtremesAgree(t *testing.T) {
	p := dynPeer(t)
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.OneOf(someNumbers, someNumbers, someScalars).Draw(t, "a"), rapid.OneOf(someNumbers, someNumbers, someScalars).Draw(t, "b")
		i, u, d := rapid.OneOf(ints, fewInts).Draw(t, "i"), rapid.OneOf(uints, rapid.Uint64Range(0, 3)).Draw(t, "u"), doubles.Draw(t, "d")
		box := func(v Value, err Err) func() (Value, Err) { return func() (Value, Err) { return v, err } }
		number := func(v Value) bool { _, _, ok := compareNumbers(v, v); return ok }
		for _, c := range []struct {
			expr string
			a, b Value
			got  func() (Value, Err)
		}{
			{"math.greatest(a, b)", a, b, box(MaxValue(a, b))}, {"math.least(a, b)", a, b, box(MinValue(a, b))},
			{"math.greatest(a, b)", IntValue(i), UintValue(u), box(MaxIntUint(i, u), None)}, {"math.least(a, b)", IntValue(i), UintValue(u), box(MinIntUint(i, u), None)},
			{"math.greatest(a, b)", UintValue(u), IntValue(i), box(MaxUintInt(u, i), None)}, {"math.least(a, b)", UintValue(u), IntValue(i), box(MinUintInt(u, i), None)},
			{"math.greatest(a, b)", IntValue(i), DoubleValue(d), box(MaxIntDouble(i, d))}, {"math.least(a, b)", IntValue(i), DoubleValue(d), box(MinIntDouble(i, d))},
			{"math.greatest(a, b)", DoubleValue(d), IntValue(i), box(MaxDoubleInt(d, i))}, {"math.least(a, b)", DoubleValue(d), IntValue(i), box(MinDoubleInt(d, i))},
			{"math.greatest(a, b)", UintValue(u), DoubleValue(d), box(MaxUintDouble(u, d))}, {"math.least(a, b)", UintValue(u), DoubleValue(d), box(MinUintDouble(u, d))},
			{"math.greatest(a, b)", DoubleValue(d), UintValue(u), box(MaxDoubleUint(d, u))}, {"math.least(a, b)", DoubleValue(d), UintValue(u), box(MinDoubleUint(d, u))},
		} {
			if !number(c.a) && c.a.kind == c.b.kind {
				continue // cel-go orders strings here when it does not know their type
			}
			got, err := c.got()
			agreeDyn(t, p, c.expr, c.a, c.b, got, err)
		}
	})
}

func TestExtremesOfTypedListsAgree(t *testing.T) {
	p := dynPeer(t)
	rapid.Check(t, func(t *rapid.T) {
		l, m, n := rapid.SliceOfN(ints, 0, 4).Draw(t, "ints"), rapid.SliceOfN(uints, 0, 4).Draw(t, "uints"), rapid.SliceOfN(doubles, 0, 4).Draw(t, "doubles")
		i, err := MaxOf(l)
		agreeDyn(t, p, "math.greatest(a)", ListValue(MapList(l, IntValue)), Value{}, IntValue(i), err)
		i, err = MinOf(l)
		agreeDyn(t, p, "math.least(a)", ListValue(MapList(l, IntValue)), Value{}, IntValue(i), err)
		u, err := MaxOf(m)
		agreeDyn(t, p, "math.greatest(a)", ListValue(MapList(m, UintValue)), Value{}, UintValue(u), err)
		u, err = MinOf(m)
		agreeDyn(t, p, "math.least(a)", ListValue(MapList(m, UintValue)), Value{}, UintValue(u), err)
		d, err := MaxOf(n)
		agreeDyn(t, p, "math.greatest(a)", ListValue(MapList(n, DoubleValue)), Value{}, DoubleValue(d), err)
		d, err = MinOf(n)
		agreeDyn(t, p, "math.least(a)", ListValue(MapList(n, DoubleValue)), Value{}, DoubleValue(d), err)
	})
}

func TestSlicesAndRangesAgree(t *testing.T) {
	p := dynPeer(t)
	l := []Value{IntValue(0), IntValue(1), IntValue(2)}
	for start := int64(-1); start <= 4; start++ {
		for end := int64(-1); end <= 4; end++ {
			got, err := Slice(l, start, end)
			bounds := ListValue([]Value{IntValue(start), IntValue(end)})
			agreeDyn(t, p, "a.slice(b[0], b[1])", ListValue(l), bounds, ListValue(got), err)
		}
	}
	for n := int64(-1); n < 5; n++ {
		got, err := Range(n)
		agreeDyn(t, p, "lists.range(a)", IntValue(n), Value{}, ListValue(MapList(got, IntValue)), err)
	}
	if l, err := Range(maxRange); err != None || len(l) != maxRange {
		t.Error(len(l), err)
	}
	if _, err := Range(maxRange + 1); err != TooLarge {
		t.Error(err)
	}
	part, _ := Slice(l, 0, 1)
	if _ = append(part, Value{}); l[1].kind != IntKind {
		t.Error("an append to a slice reaches into the list")
	}
}

// sorts holds both sorts of one type of key to cel-go's.
func sorts[K any](t *testing.T, keys *rapid.Generator[K], box func(K) Value, order func(a, b K) int) {
	p := dynPeer(t)
	rapid.Check(t, func(t *rapid.T) {
		// Lists longer than 12 leave the simple sort, and ties show which way.
		l := rapid.SliceOfN(keys, 0, rapid.SampledFrom([]int{4, 70}).Draw(t, "most")).Draw(t, "keys")
		agreeDyn(t, p, "a.sort()", ListValue(MapList(l, box)), Value{}, ListValue(MapList(Sort(l, order), box)), None)
		places := make([]int64, len(l))
		for i := range places {
			places[i] = int64(i)
		}
		got := SortBy(places, l, order)
		agreeDyn(t, p, "lists.range(size(a)).sortBy(i, a[i])", ListValue(MapList(l, box)), Value{}, ListValue(MapList(got, IntValue)), None)
	})
}

func TestSortsAgree(t *testing.T) {
	t.Run("bool", func(t *testing.T) { sorts(t, rapid.Bool(), BoolValue, OrderBool) })
	t.Run("int", func(t *testing.T) { sorts(t, rapid.OneOf(fewInts, ints), IntValue, OrderInt) })
	t.Run("few", func(t *testing.T) { sorts(t, fewInts, IntValue, OrderInt) })
	t.Run("uint", func(t *testing.T) { sorts(t, rapid.OneOf(rapid.Uint64Range(0, 3), uints), UintValue, OrderUint) })
	t.Run("double", func(t *testing.T) { sorts(t, doubles, DoubleValue, OrderDouble) })
	t.Run("string", func(t *testing.T) { sorts(t, someWords, StringValue, OrderString) })
	t.Run("bytes", func(t *testing.T) {
		sorts(t, rapid.Map(someWords, func(s string) Bytes { return Bytes(s) }), BytesValue, OrderBytes)
	})
	t.Run("duration", func(t *testing.T) {
		sorts(t, rapid.Map(fewInts, func(i int64) time.Duration { return time.Duration(i) }), DurationValue, OrderDuration)
	})
	t.Run("timestamp", func(t *testing.T) { sorts(t, someTimes, TimestampValue, OrderTime) })
}

// TestTypedEqualityAgrees holds what compiled code does to lists whose element
// type is known to what dyn does.
func TestTypedEqualityAgrees(t *testing.T) {
	p := newPeer(t, celtypes.NewListType(celtypes.DoubleType), celtypes.NewListType(celtypes.DoubleType))
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.SliceOfN(doubles, 0, 2).Draw(t, "a"), rapid.SliceOfN(doubles, 0, 2).Draw(t, "b")
		agree(t, p, "a == b", a, b, EqualLists(a, b, Same), None)
		agree(t, p, "a == a", a, a, EqualLists(a, a, Same), None)
		if len(b) > 0 {
			agree(t, p, "b[0] in a", a, b, Contains(a, b[0], Same), None)
		}
	})
	if !EqualTimes(time.Unix(0, 0), time.Unix(0, 0).UTC()) || EqualTimes(time.Unix(0, 0), time.Unix(0, 1)) {
		t.Error("times")
	}
}
