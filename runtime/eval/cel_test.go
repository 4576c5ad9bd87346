package eval

import (
	"math"
	"testing"
	"time"

	"cel.dev/cel-go/cel"
	celtypes "cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"pgregory.net/rapid"
)

// peer evaluates expressions over a and b with cel-go.
type peer struct {
	env      *cel.Env
	programs map[string]cel.Program
}

func newPeer(t *testing.T, a, b *cel.Type) *peer {
	env, err := cel.NewEnv(cel.CrossTypeNumericComparisons(true), cel.Variable("a", a), cel.Variable("b", b))
	if err != nil {
		t.Fatal(err)
	}
	return &peer{env, map[string]cel.Program{}}
}

func (p *peer) eval(t interface{ Fatal(...any) }, expr string, a, b any) (ref.Val, bool) {
	program, ok := p.programs[expr]
	if !ok {
		ast, issues := p.env.Compile(expr)
		if issues.Err() != nil {
			t.Fatal(expr, issues.Err())
		}
		var err error
		if program, err = p.env.Program(ast); err != nil {
			t.Fatal(expr, err)
		}
		p.programs[expr] = program
	}
	v, _, err := program.Eval(map[string]any{"a": a, "b": b})
	return v, err == nil
}

// agree holds a result of ours to cel-go's: both fail, or both have the value.
func agree[T comparable](t *rapid.T, p *peer, expr string, a, b any, got T, err Err) {
	t.Helper()
	want, ok := p.eval(t, expr, a, b)
	switch {
	case ok != (err == None):
		t.Fatalf("%s of %v and %v: %v, %v; cel-go %v", expr, a, b, got, err, want)
	case !ok:
	case celtypes.DefaultTypeAdapter.NativeToValue(got).Equal(want) != celtypes.True && got == got:
		t.Fatalf("%s of %v and %v: %v; cel-go %v", expr, a, b, got, want)
	}
}

// ints are drawn near the places where something happens.
var ints = rapid.OneOf(rapid.Int64(), rapid.Int64Range(-3, 3), rapid.Custom(func(t *rapid.T) int64 {
	edge := rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64, 1 << 53, -1 << 53, 1 << 32, 3037000499, -3037000500}).Draw(t, "edge")
	return edge + rapid.Int64Range(-2, 2).Draw(t, "off") // wraps around, which is fine
}))

var uints = rapid.Map(ints, func(i int64) uint64 { return uint64(i) })

var doubles = rapid.OneOf(rapid.Float64(), rapid.Map(ints, func(i int64) float64 { return float64(i) }),
	rapid.Map(uints, func(u uint64) float64 { return float64(u) }),
	rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 1 << 63, 1 << 64, -1 << 63, math.Nextafter(1<<63, 0), math.Nextafter(1<<64, 0), math.Nextafter(-1<<63, 0), -0.5, 0.5, 1.5}))

func TestIntArithmeticAgrees(t *testing.T) {
	p := newPeer(t, cel.IntType, cel.IntType)
	rapid.Check(t, func(t *rapid.T) {
		a, b := ints.Draw(t, "a"), ints.Draw(t, "b")
		for expr, f := range map[string]func(a, b int64) (int64, Err){"a + b": AddInt, "a - b": SubInt, "a * b": MulInt, "a / b": DivInt, "a % b": ModInt} {
			got, err := f(a, b)
			agree(t, p, expr, a, b, got, err)
		}
		got, err := NegInt(a)
		agree(t, p, "-a", a, b, got, err)
		u, err := IntToUint(a)
		agree(t, p, "uint(a)", a, b, u, err)
		at, err := IntToTimestamp(a)
		want, ok := p.eval(t, "timestamp(a)", a, b)
		if ok != (err == None) || ok && !want.Value().(time.Time).Equal(at) {
			t.Fatal(a, at, want)
		}
	})
}

func TestUintArithmeticAgrees(t *testing.T) {
	p := newPeer(t, cel.UintType, cel.UintType)
	rapid.Check(t, func(t *rapid.T) {
		a, b := uints.Draw(t, "a"), uints.Draw(t, "b")
		for expr, f := range map[string]func(a, b uint64) (uint64, Err){"a + b": AddUint, "a - b": SubUint, "a * b": MulUint, "a / b": DivUint, "a % b": ModUint} {
			got, err := f(a, b)
			agree(t, p, expr, a, b, got, err)
		}
		i, err := UintToInt(a)
		agree(t, p, "int(a)", a, b, i, err)
	})
}

func TestComparisonsAgree(t *testing.T) {
	iu, id, ud, dd := newPeer(t, cel.IntType, cel.UintType), newPeer(t, cel.IntType, cel.DoubleType), newPeer(t, cel.UintType, cel.DoubleType), newPeer(t, cel.DoubleType, cel.DoubleType)
	rapid.Check(t, func(t *rapid.T) {
		i, u, d, e := ints.Draw(t, "i"), uints.Draw(t, "u"), doubles.Draw(t, "d"), doubles.Draw(t, "e")
		for _, c := range []struct {
			p       *peer
			a, b    any
			compare func() (int, bool)
		}{
			{iu, i, u, func() (int, bool) { return CompareIntUint(i, u), true }},
			{id, i, d, func() (int, bool) { return CompareIntDouble(i, d) }},
			{ud, u, d, func() (int, bool) { return CompareUintDouble(u, d) }},
			{dd, d, e, func() (int, bool) { return CompareDouble(d, e) }},
		} {
			cmp, ordered := c.compare()
			agree(t, c.p, "a < b", c.a, c.b, ordered && cmp < 0, None)
			agree(t, c.p, "a <= b", c.a, c.b, ordered && cmp <= 0, None)
			agree(t, c.p, "a > b", c.a, c.b, ordered && cmp > 0, None)
			agree(t, c.p, "a >= b", c.a, c.b, ordered && cmp >= 0, None)
			want, _ := c.p.eval(t, "dyn(a) == dyn(b)", c.a, c.b)
			if (want == celtypes.True) != (ordered && cmp == 0) {
				t.Fatalf("%v == %v: %v", c.a, c.b, want)
			}
		}
	})
}

func TestDoubleConversionsAgree(t *testing.T) {
	p := newPeer(t, cel.DoubleType, cel.DoubleType)
	rapid.Check(t, func(t *rapid.T) {
		d := doubles.Draw(t, "d")
		i, err := DoubleToInt(d)
		agree(t, p, "int(a)", d, d, i, err)
		u, err := DoubleToUint(d)
		agree(t, p, "uint(a)", d, d, u, err)
	})
}

// numerals are texts that are nearly numbers, durations or timestamps.
var numerals = rapid.OneOf(
	rapid.StringOf(rapid.SampledFrom([]rune("0123456789+-.eExX_nNaAiIfF sµhmT:Z"))),
	rapid.StringMatching(`[+-]?[0-9]{1,21}`),
	rapid.StringMatching(`-?[0-9]{1,5}(\.[0-9]{0,4})?(h|m|s|ms|us|ns)([0-9]+s)?`),
	rapid.StringMatching(`[0-9]{4}[-/][0-1][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9]:[0-6][0-9]([.,][0-9]{0,10})?([Zz]|[+-][0-9]{2}:[0-9]{2})`),
	rapid.StringMatching(`(2024|0000|0001|9999)-(01|02|12)-(01|29|31)T(00|23):(00|59):(00|59|60)(\.[0-9]{1,9})?(Z|[+-](00|23|24):(00|59|60))`),
	rapid.SampledFrom([]string{"", "true", "True", "TRUE", "tRUE", "t", "T", "1", "0", "f", "false", "F", "FALSE", "False", "yes", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616", "00000000000000000000000001", "1e999", "0x1p-2", "١", "2562047h47m16.854775808s", "-2562047h47m16.854775808s"}),
)

func TestStringConversionsAgree(t *testing.T) {
	p := newPeer(t, cel.StringType, cel.StringType)
	rapid.Check(t, func(t *rapid.T) {
		s := numerals.Draw(t, "s")
		i, err := StringToInt(s)
		agree(t, p, "int(a)", s, s, i, err)
		u, err := StringToUint(s)
		agree(t, p, "uint(a)", s, s, u, err)
		d, err := StringToDouble(s)
		agree(t, p, "double(a)", s, s, d, err)
		b, err := StringToBool(s)
		agree(t, p, "bool(a)", s, s, b, err)
		dur, err := StringToDuration(s)
		agree(t, p, "duration(a)", s, s, dur, err)
		at, err := StringToTimestamp(s)
		want, ok := p.eval(t, "timestamp(a)", s, s)
		if ok != (err == None) || ok && !want.Value().(time.Time).Equal(at) {
			t.Fatalf("%q: %v %v; cel-go %v", s, at, err, want)
		}
	})
}

func TestSizeAgrees(t *testing.T) {
	p := newPeer(t, cel.StringType, cel.StringType)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "s")
		agree(t, p, "size(a)", s, s, Size(s), None)
	})
}

func TestTimesAgree(t *testing.T) {
	tt, td, dd := newPeer(t, cel.TimestampType, cel.TimestampType), newPeer(t, cel.TimestampType, cel.DurationType), newPeer(t, cel.DurationType, cel.DurationType)
	times := rapid.Custom(func(t *rapid.T) time.Time {
		s := rapid.OneOf(rapid.Int64Range(firstSecond, lastSecond), rapid.SampledFrom([]int64{firstSecond, lastSecond, 0, -1})).Draw(t, "s")
		return time.Unix(s, rapid.OneOf(rapid.Int64Range(0, 999999999), rapid.SampledFrom([]int64{0, 999999999})).Draw(t, "ns")).UTC()
	})
	rapid.Check(t, func(t *rapid.T) {
		x, y := times.Draw(t, "x"), times.Draw(t, "y")
		d, e := time.Duration(ints.Draw(t, "d")), time.Duration(ints.Draw(t, "e"))
		got, err := SubTimes(x, y)
		agree(t, tt, "a - b", x, y, got, err)
		for expr, f := range map[string]func(time.Time, time.Duration) (time.Time, Err){"a + b": AddTime, "a - b": SubTime} {
			at, err := f(x, d)
			want, ok := td.eval(t, expr, x, d)
			if ok != (err == None) || ok && !want.Value().(time.Time).Equal(at) {
				t.Fatalf("%s of %v, %v: %v %v; cel-go %v", expr, x, d, at, err, want)
			}
		}
		got, err = AddDuration(d, e)
		agree(t, dd, "a + b", d, e, got, err)
		got, err = SubDuration(d, e)
		agree(t, dd, "a - b", d, e, got, err)
	})
}

func TestListsAndMapsAgree(t *testing.T) {
	p := newPeer(t, cel.ListType(cel.IntType), cel.IntType)
	m := newPeer(t, cel.MapType(cel.IntType, cel.IntType), cel.IntType)
	small := rapid.Int64Range(-2, 5)
	rapid.Check(t, func(t *rapid.T) {
		l, i := rapid.SliceOfN(small, 0, 4).Draw(t, "l"), small.Draw(t, "i")
		got, err := Index(l, i)
		agree(t, p, "a[b]", l, i, got, err)
		agree(t, p, "b in a", l, i, In(l, i), None)
		table := rapid.MapOfN(small, small, 0, 4).Draw(t, "m")
		got, err = Lookup(mapOf(table), i)
		agree(t, m, "a[b]", table, i, got, err)
	})
}
