package eval

import (
	"fmt"
	"math"
	"net/netip"
	"slices"
	"testing"
	"time"

	"cel.dev/cel-go/cel"
	celtypes "cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"cel.dev/cel-go/ext"
	"pgregory.net/rapid"
)

// mapOf makes a map of ours.
func mapOf[K comparable, V any](m map[K]V) Map[K, V] {
	var keys []K
	var values []V
	for k, v := range m {
		keys, values = append(keys, k), append(values, v)
	}
	return MakeMap(keys, values)
}

// dynPeer is cel-go over two variables of any type.
func dynPeer(t *testing.T) *peer {
	env, err := cel.NewEnv(cel.CrossTypeNumericComparisons(true), cel.DefaultUTCTimeZone(true), cel.OptionalTypes(),
		ext.Lists(), ext.Sets(), ext.Math(), ext.Encoders(), ext.Network(), ext.TwoVarComprehensions(),
		cel.Variable("a", cel.DynType), cel.Variable("b", cel.DynType))
	if err != nil {
		t.Fatal(err)
	}
	return &peer{env, map[string]cel.Program{}}
}

var celTypes = map[Type]ref.Val{"int": celtypes.IntType, "list": celtypes.ListType, "google.protobuf.Timestamp": celtypes.TimestampType, "null_type": celtypes.NullType}

// cel gives v to cel-go.
func (v Value) cel() ref.Val {
	switch v.kind {
	case NullKind:
		return celtypes.NullValue
	case BoolKind:
		return celtypes.Bool(v.bool())
	case IntKind:
		return celtypes.Int(v.int())
	case UintKind:
		return celtypes.Uint(v.high)
	case DoubleKind:
		return celtypes.Double(v.double())
	case StringKind:
		return celtypes.String(v.text)
	case BytesKind:
		return celtypes.Bytes(v.text)
	case DurationKind:
		return celtypes.Duration{Duration: time.Duration(v.high)}
	case TimestampKind:
		return celtypes.Timestamp{Time: v.time()}
	case TypeKind:
		return celTypes[Type(v.text)]
	case ListKind:
		return celList(v.composite.list)
	case MapKind:
		m := map[ref.Val]ref.Val{}
		for i, k := range v.composite.entries.Keys {
			m[k.cel()] = v.composite.entries.Values[i].cel()
		}
		return celtypes.NewRefValMap(celtypes.DefaultTypeAdapter, m)
	case OptionalKind:
		if o, _ := AsOptional(v); o.OK {
			return celtypes.OptionalOf(o.Value.cel())
		}
		return celtypes.OptionalNone
	case IPKind:
		return ext.IP{Addr: v.addr()}
	}
	return ext.CIDR{Prefix: netip.PrefixFrom(v.addr(), int(v.length))}
}

func celList(l []Value) ref.Val {
	return celtypes.NewRefValList(celtypes.DefaultTypeAdapter, MapList(l, Value.cel))
}

func (v Value) addr() netip.Addr {
	var b [16]byte
	for i := range 8 {
		b[i], b[8+i] = byte(v.high>>(56-8*i)), byte(v.low>>(56-8*i))
	}
	if v.bits == 32 {
		return netip.AddrFrom4([4]byte(b[12:]))
	}
	return netip.AddrFrom16(b)
}

// spelled writes a value of cel-go's or ours down so that two are the same
// exactly when they have the same kind and content.
func spelled(v ref.Val) string {
	switch v := v.(type) {
	case celtypes.Timestamp:
		return v.Time.UTC().Format(time.RFC3339Nano)
	case traits.Lister:
		out := "["
		for i := range int(v.Size().(celtypes.Int)) {
			out += spelled(v.Get(celtypes.Int(i))) + ","
		}
		return out + "]"
	case traits.Mapper:
		var out []string
		for it := v.Iterator(); it.HasNext() == celtypes.True; {
			k := it.Next()
			out = append(out, spelled(k)+":"+spelled(v.Get(k)))
		}
		slices.Sort(out)
		return fmt.Sprint("{", out, "}")
	case *celtypes.Optional:
		if v.HasValue() {
			return "some " + spelled(v.GetValue())
		}
		return "none"
	}
	return fmt.Sprintf("%T %#v", v, v.Value())
}

// agreeDyn holds a value of ours to cel-go's.
func agreeDyn(t fataler, p *peer, expr string, a, b, got Value, err Err) {
	t.Helper()
	want, ok := p.eval(fatal{t}, expr, a.cel(), b.cel())
	if ok && celtypes.IsError(want) {
		ok = false
	}
	if ok != (err == None) {
		t.Fatalf("%s of %s and %s: %s, %v; cel-go %v", expr, spelled(a.cel()), spelled(b.cel()), spelled(got.cel()), err, want)
	}
	if ok && spelled(want) != spelled(got.cel()) {
		t.Fatalf("%s of %s and %s: %s; cel-go %s", expr, spelled(a.cel()), spelled(b.cel()), spelled(got.cel()), spelled(want))
	}
}

type fatal struct{ fataler }

func (f fatal) Fatal(args ...any) { f.Fatalf("%s", fmt.Sprintln(args...)) }

var (
	fewInts     = rapid.Custom(func(t *rapid.T) int64 { return rapid.Int64Range(-1, 3).Draw(t, "fewInts") })
	someNumbers = rapid.OneOf(
		rapid.Map(rapid.OneOf(fewInts, ints), IntValue), rapid.Map(rapid.OneOf(rapid.Uint64Range(0, 3), uints), UintValue),
		rapid.Map(rapid.OneOf(rapid.Map(fewInts, func(i int64) float64 { return float64(i) }), doubles), DoubleValue))
	someWords = rapid.OneOf(rapid.SampledFrom([]string{"", "a", "b", "key", "1", "é"}), rapid.String())
	someTimes = rapid.Custom(func(t *rapid.T) time.Time {
		s := rapid.OneOf(rapid.Int64Range(firstSecond, lastSecond), rapid.SampledFrom([]int64{firstSecond, lastSecond, 0, -1})).Draw(t, "s")
		return time.Unix(s, rapid.SampledFrom([]int64{0, 1, 999999999}).Draw(t, "ns")).UTC()
	})
	// keys are what CEL allows as a key of a map, and doubles, which cel-go takes too.
	someKeys    = rapid.OneOf(someNumbers, rapid.Map(someWords, StringValue), rapid.Map(rapid.Bool(), BoolValue), rapid.Map(fewInts, IntValue))
	someScalars = rapid.OneOf(someNumbers, someKeys,
		rapid.Just(Value{}), rapid.Map(someWords, func(s string) Value { return BytesValue(Bytes(s)) }),
		rapid.Map(ints, func(i int64) Value { return DurationValue(time.Duration(i)) }), rapid.Map(someTimes, TimestampValue),
		rapid.SampledFrom([]Value{TypeValue("int"), TypeValue("list"), TypeValue("google.protobuf.Timestamp"), TypeValue("null_type")}),
		rapid.Custom(func(t *rapid.T) Value {
			ip, _ := StringToIP(rapid.SampledFrom([]string{"10.0.0.1", "2001:db8::1", "::", "0.0.0.0"}).Draw(t, "ip"))
			c, _ := StringToCIDR(rapid.SampledFrom([]string{"10.0.0.0/8", "10.0.0.0/16", "::/0", "0.0.0.0/0"}).Draw(t, "cidr"))
			return rapid.SampledFrom([]Value{IPValue(ip), CIDRValue(c)}).Draw(t, "address")
		}))
	someValues = valuesTo(2)
)

// valuesTo draws values of all kinds, nested so deep.
func valuesTo(depth int) *rapid.Generator[Value] {
	if depth == 0 {
		return someScalars
	}
	inner := valuesTo(depth - 1)
	return rapid.OneOf(someScalars, inner, rapid.Map(rapid.SliceOfN(inner, 0, 4), ListValue), mapsOf(inner), rapid.Custom(func(t *rapid.T) Value {
		return OptionalValue(Optional[Value]{Value: inner.Draw(t, "v"), OK: rapid.Bool().Draw(t, "ok")})
	}))
}

func mapsOf(inner *rapid.Generator[Value]) *rapid.Generator[Value] {
	return rapid.Custom(func(t *rapid.T) Value {
		k := rapid.SliceOfN(someKeys, 0, rapid.SampledFrom([]int{3, 3, 3, 30}).Draw(t, "most")).Draw(t, "keys")
		v := make([]Value, len(k))
		for i := range v {
			v[i] = inner.Draw(t, "value")
		}
		k = slices.DeleteFunc(k, isNaN) // a NaN is a key that nobody finds, and cel-go cannot even spell it
		return MapValue(MakeMap(k, v[:len(k)]))
	})
}

func TestBoxing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := someValues.Draw(t, "v")
		asked := map[Kind]func() (Value, Err){
			NullKind:      func() (Value, Err) { x, err := AsNull(v); return NullValue(x), err },
			BoolKind:      func() (Value, Err) { x, err := AsBool(v); return BoolValue(x), err },
			IntKind:       func() (Value, Err) { x, err := AsInt(v); return IntValue(x), err },
			UintKind:      func() (Value, Err) { x, err := AsUint(v); return UintValue(x), err },
			DoubleKind:    func() (Value, Err) { x, err := AsDouble(v); return DoubleValue(x), err },
			StringKind:    func() (Value, Err) { x, err := AsString(v); return StringValue(x), err },
			BytesKind:     func() (Value, Err) { x, err := AsBytes(v); return BytesValue(x), err },
			DurationKind:  func() (Value, Err) { x, err := AsDuration(v); return DurationValue(x), err },
			TimestampKind: func() (Value, Err) { x, err := AsTimestamp(v); return TimestampValue(x), err },
			TypeKind:      func() (Value, Err) { x, err := AsType(v); return TypeValue(x), err },
			IPKind:        func() (Value, Err) { x, err := AsIP(v); return IPValue(x), err },
			CIDRKind:      func() (Value, Err) { x, err := AsCIDR(v); return CIDRValue(x), err },
			ListKind:      func() (Value, Err) { x, err := AsList(v); return ListValue(x), err },
			MapKind:       func() (Value, Err) { x, err := AsMap(v); return MapValue(x), err },
			OptionalKind:  func() (Value, Err) { x, err := AsOptional(v); return OptionalValue(x), err },
		}
		if len(asked) != int(CIDRKind)+1 {
			t.Fatal("not all kinds are asked for")
		}
		for k, as := range asked {
			got, err := as()
			if k != v.Kind() {
				if err != NoOverload {
					t.Fatalf("%d as %d: %v", v.Kind(), k, err)
				}
			} else if err != None || spelled(got.cel()) != spelled(v.cel()) {
				t.Fatalf("%s came back as %s, %v", spelled(v.cel()), spelled(got.cel()), err)
			}
		}
	})
	if (Value{}) != NullValue(Null{}) {
		t.Error("the zero Value is not null")
	}
}

func TestTypesAndZeroesAgree(t *testing.T) {
	p := dynPeer(t)
	rapid.Check(t, func(t *rapid.T) {
		v := someValues.Draw(t, "v")
		if got, want := TypeOf(v), v.cel().Type().TypeName(); string(got) != want {
			t.Fatalf("%s, not %s", got, want)
		}
		agreeDyn(t, p, "!optional.ofNonZeroValue(a).hasValue()", v, v, BoolValue(IsZeroValue(v)), None)
	})
	for _, zero := range []Value{{}, BoolValue(false), IntValue(0), UintValue(0), DoubleValue(math.Copysign(0, -1)), StringValue(""), BytesValue(""), DurationValue(0), TimestampValue(time.Time{}), ListValue(nil), MapValue(Map[Value, Value]{}), OptionalValue(Optional[Value]{}), TimestampValue(time.Unix(0, 0))} {
		agreeDyn(t, p, "!optional.ofNonZeroValue(a).hasValue()", zero, zero, BoolValue(IsZeroValue(zero)), None)
	}
}

func TestScalarsAllocateNothing(t *testing.T) {
	now, text, n := time.Now(), "text", 0
	ip, _ := StringToIP("10.0.0.1")
	list := ListValue([]Value{IntValue(1), StringValue("x"), DoubleValue(2)})
	table := Map[Value, Value]{}
	var names []string
	for i := range 20 {
		names = append(names, fmt.Sprint("key", i))
		table = MakeMap(append(slices.Clone(table.Keys), StringValue(names[i])), append(slices.Clone(table.Values), IntValue(int64(i))))
	}
	typed := MakeMap(names, names)
	few := MakeMap([]int64{1, 2, 3}, names[:3])
	boxed, again := MapValue(table), MapValue(table)
	if got := testing.AllocsPerRun(100, func() {
		s, _ := AsString(StringValue(text))
		at, _ := AsTimestamp(TimestampValue(now))
		addr, _ := AsIP(IPValue(ip))
		d, _ := AsDouble(DoubleValue(float64(len(s))))
		cmp, _, _ := CompareValues(DoubleValue(d), IntValue(4))
		less, _ := LessValues(StringValue(text), StringValue("z"))
		found, _ := Lookup(typed, "key17")
		key, _ := Lookup(few, 2)
		dyn, _ := LookupDyn(table, StringValue("key11"))
		in, _ := InValue(UintValue(2), list)
		if at.Unix() == now.Unix() && addr == ip && cmp == 0 && less && found == "key17" && key == "key1" && dyn.int() == 11 && in &&
			EqualValues(list, list) && EqualValues(boxed, again) && !Has(typed, text) && !HasDyn(table, IntValue(1)) {
			n++
		}
	}); got != 0 {
		t.Errorf("%v allocations", got)
	}
	if n == 0 {
		t.Error("wrong values")
	}
}
