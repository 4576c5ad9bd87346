package expression

import (
	"math"

	"pgregory.net/rapid"

	"moec.dev/moec/compiler/types"
	"moec.dev/moec/tests/evaluation/wire"
)

// Values that something is likely to go wrong with.
var (
	ints    = []int64{0, 1, 2, 3, -1, -2, 7, 10, 63, 64, 255, 1 << 31, 1 << 53, 1<<53 + 1, math.MaxInt64, math.MinInt64, 253402300799, -62135596801}
	uints   = []uint64{0, 1, 2, 3, 10, 64, 1 << 53, 1<<53 + 1, 1 << 63, math.MaxInt64, math.MaxUint64}
	doubles = []float64{0, math.Copysign(0, -1), 1, -1, 2, 0.5, 2.5, -2.5, 1e15, 1e16, 1e21, 1e-7, 1 << 53, 1 << 63, -(1 << 63), 1 << 64, 18446744073709549568, 9007199254740993,
		math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(1), math.Inf(-1), math.NaN()}
	strings_ = []string{"", "a", "b", "c", "aa", "abc", "f", "é", "é🙂é", "ﬀß", "\xff", "a\xc3", "\x00", " a\t\n", "a,b,c", ",", "%s", "%d%%", "true", "False", "1", "-7", "18446744073709551615",
		"1.5", "0x1p-2", "1e309", "NaN", "90s", "-1h30m1.5s", "1.5ms", "9999999999h", "2026-01-02T03:04:05Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "2026-02-30T00:00:00Z",
		"2026-01-02T03:04:05.123456789+05:30", "10.0.0.1", "192.0.2.7", "2001:db8::1", "2001:DB8::1", "::ffff:10.0.0.1", "fe80::1%en0", "10.0.0.0/8", "10.1.2.3/8", "2001:db8::/32", "10.0.0.0/33",
		"aGk=", "aGk", "_-8=", "+/8=", "{\"f\":[1,2.5,null,\"é\"],\"a\":{\"f\":true}}", "[1, -2, 1e3]", "\"x\"", "{", "10.", "İ", "ǅ", "\u2028"}
	durations  = []int64{0, 1, -1, 1e6, 1e9, -1e9, 5400e9, 1500000001, math.MaxInt64, math.MinInt64}
	timestamps = [][2]int64{{0, 0}, {1767323045, 0}, {1767323045, 123456789}, {-1, 500000000}, {-62135596800, 0}, {253402300799, 999999999}, {1743296399, 0}, {1743296400, 0}, {1711846800, 999000000}, {951782400, 0}}
	typeNames  = []string{"int", "uint", "double", "bool", "string", "bytes", "list", "map", "null_type", "type", "google.protobuf.Timestamp", "google.protobuf.Duration", "net.IP"}
	addresses  = []string{"10.0.0.1", "127.0.0.1", "0.0.0.0", "169.254.1.1", "224.0.0.1", "::", "::1", "fe80::1", "ff02::1", "2001:db8::1", "255.255.255.255", "8.8.8.8"}
	blocks     = []string{"10.0.0.0/8", "10.1.2.3/8", "0.0.0.0/0", "10.0.0.1/32", "2001:db8::/32", "::/0", "::1/128", "fe80::1/10"}
	// texts are the values of parameters that are read in one place only. (cel-go
	// takes some text for JSON that is none, such as "a""b"; the runtime does not.)
	texts = map[string][]string{
		"zone": {"UTC", "Europe/Berlin", "America/New_York", "+05:30", "-08:00", "-8:30", "+00:00", "05:30", "Nowhere/At_All", "", "Local", "+99:99", "US/Central"},
		"json": {`{"f": [1, 2.5, null, "é\u00e9\ud83d\ude42"], "a": {"f": true}}`, `[1, -2, 1e3, -0, 0.1, 1e-400]`, `"x"`, ` null `, `{}`, `[]`, `{"f": 1, "f": 2}`,
			`9223372036854775807`, `9223372036854775808`, `-9223372036854775809`, `1E400`, `[1e400]`, `{`, `[1,]`, `{"a" 1}`, `nul`, ``, `"\x"`, "\"\xff\"", `[[[["f"]]]]`, `1.0`, `"\ud800"`},
	}
)

func pick[T any](t *rapid.T, of ...T) T { return rapid.SampledFrom(of).Draw(t, "") }

func chance(t *rapid.T, percent int) bool { return rapid.IntRange(0, 99).Draw(t, "") < percent }

// input draws a value of a type.
func input(t *rapid.T, of *types.Type, depth int) wire.Value {
	switch of.Kind {
	case types.Bool:
		return wire.OfBool(rapid.Bool().Draw(t, ""))
	case types.Int:
		if chance(t, 30) {
			return wire.OfInt(rapid.Int64().Draw(t, ""))
		}
		return wire.OfInt(pick(t, ints...))
	case types.Uint:
		if chance(t, 30) {
			return wire.OfUint(rapid.Uint64().Draw(t, ""))
		}
		return wire.OfUint(pick(t, uints...))
	case types.Double:
		if chance(t, 30) {
			return wire.OfDouble(rapid.Float64().Draw(t, ""))
		}
		return wire.OfDouble(pick(t, doubles...))
	case types.String:
		return wire.OfString(text(t))
	case types.Bytes:
		return wire.OfBytes(text(t))
	case types.Duration:
		return wire.OfDuration(pick(t, durations...))
	case types.Timestamp:
		at := pick(t, timestamps...)
		return wire.OfTimestamp(at[0], int(at[1]))
	case types.Null:
		return wire.Value{Kind: wire.Null}
	case types.TypeOf:
		return wire.Of(wire.Type, pick(t, typeNames...))
	case types.IP:
		return wire.Of(wire.IP, pick(t, addresses...))
	case types.CIDR:
		return wire.Of(wire.CIDR, pick(t, blocks...))
	case types.Optional:
		out := wire.Value{Kind: wire.Optional}
		if chance(t, 65) {
			out.Items = []wire.Value{input(t, of.Elem, depth-1)}
		}
		return out
	case types.List:
		out := wire.Value{Kind: wire.List}
		for range rapid.IntRange(0, 4).Draw(t, "") {
			out.Items = append(out.Items, input(t, of.Elem, depth-1))
		}
		return out
	case types.Map:
		return mapping(t, of.Key, of.Elem, depth)
	}
	return input(t, dynamic(t, depth), depth)
}

func text(t *rapid.T) string {
	if chance(t, 25) {
		return pick(t, strings_...) + pick(t, strings_...)
	}
	return pick(t, strings_...)
}

// mapping draws a map. No two keys of it are equal for CEL, which has 1 == 1u.
func mapping(t *rapid.T, key, elem *types.Type, depth int) wire.Value {
	out := wire.Value{Kind: wire.Map}
	seen := map[string]bool{}
	for range rapid.IntRange(0, 4).Draw(t, "") {
		of := key
		if of.Kind == types.Dyn {
			of = pick(t, types.StringType, types.IntType, types.UintType, types.BoolType)
		}
		k := input(t, of, 0)
		if of.Kind == types.String && chance(t, 50) {
			k = wire.OfString(pick(t, "f", "a", "b", "", "1"))
		}
		if !seen[k.Text] {
			seen[k.Text] = true
			out.Items = append(out.Items, k, input(t, elem, depth-1))
		}
	}
	return out
}

// dynamic draws what a dyn is at run time: never an optional. What comes from
// outside is none, and cel-go takes one apart or not by its place in a chain of
// selections, which nobody can see from the value.
func dynamic(t *rapid.T, depth int) *types.Type {
	if depth > 0 && chance(t, 40) {
		return pick(t, types.ListOf(types.DynType), types.ListOf(types.IntType), types.MapOf(types.StringType, types.DynType),
			types.MapOf(types.DynType, types.DynType), types.ListOf(types.StringType))
	}
	return pick(t, types.IntType, types.UintType, types.DoubleType, types.StringType, types.BoolType, types.NullType, types.BytesType,
		types.DurationType, types.TimestampType, types.TypeType, types.IPType, types.CIDRType)
}

// inputs draws a value for every parameter.
var inputs = rapid.Custom(func(t *rapid.T) map[string]wire.Value {
	out := map[string]wire.Value{}
	for _, p := range parameters {
		if of := texts[p.name]; of != nil {
			out[p.name] = wire.OfString(pick(t, of...))
		} else {
			out[p.name] = input(t, p.of, 2)
		}
	}
	return out
})
