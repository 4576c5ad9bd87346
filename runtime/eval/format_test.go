package eval

import (
	"strings"
	"testing"
	"time"

	celtypes "cel.dev/cel-go/common/types"
	"pgregory.net/rapid"

	"moec.dev/moec/runtime/core"
)

// pair is one value, as cel-go is given it and as we have it.
type pair struct {
	native any
	value  Value
}

func formattable(depth int) *rapid.Generator[pair] {
	return rapid.Custom(func(t *rapid.T) pair {
		most := 10
		if depth > 0 {
			most = 13
		}
		switch rapid.IntRange(0, most).Draw(t, "kind") {
		case 0:
			return pair{nil, NullValue(Null{})}
		case 1:
			b := rapid.Bool().Draw(t, "b")
			return pair{b, BoolValue(b)}
		case 2, 3:
			i := ints.Draw(t, "i")
			return pair{i, IntValue(i)}
		case 4:
			u := uints.Draw(t, "u")
			return pair{u, UintValue(u)}
		case 5, 6:
			d := rapid.OneOf(doubles, rapid.Float64Range(-1e6, 1e6)).Draw(t, "d")
			return pair{d, DoubleValue(d)}
		case 7:
			s := texts.Draw(t, "s")
			return pair{s, StringValue(s)}
		case 8:
			s := texts.Draw(t, "s")
			return pair{[]byte(s), BytesValue(Bytes(s))}
		case 9:
			d := time.Duration(ints.Draw(t, "p"))
			return pair{d, DurationValue(d)}
		case 10:
			if rapid.Bool().Draw(t, "type") {
				return pair{celtypes.TimestampType, TypeValue("google.protobuf.Timestamp")}
			}
			at := moments.Draw(t, "t")
			return pair{at, TimestampValue(at)}
		case 11:
			var native []any
			var values []Value
			for range rapid.IntRange(0, 3).Draw(t, "n") {
				p := formattable(depth-1).Draw(t, "e")
				native, values = append(native, p.native), append(values, p.value)
			}
			return pair{native, ListValue(values)}
		case 12:
			native := map[string]any{}
			var keys, values []Value
			for range rapid.IntRange(0, 20).Draw(t, "n") {
				k := texts.Draw(t, "k")
				if _, ok := native[k]; ok {
					continue
				}
				p := formattable(0).Draw(t, "v")
				native[k] = p.native
				keys, values = append(keys, StringValue(k)), append(values, p.value)
			}
			return pair{native, MapValue(MakeMap(keys, values))}
		default:
			native := map[int64]any{}
			var keys, values []Value
			for range rapid.IntRange(0, 4).Draw(t, "n") {
				k := rapid.Int64Range(-30, 30).Draw(t, "k")
				if _, ok := native[k]; ok {
					continue
				}
				p := formattable(depth-1).Draw(t, "v")
				native[k] = p.native
				keys, values = append(keys, IntValue(k)), append(values, p.value)
			}
			return pair{native, MapValue(MakeMap(keys, values))}
		}
	})
}

func TestFormatAgrees(t *testing.T) {
	clause := rapid.OneOf(
		rapid.SampledFrom([]string{"%s", "%s", "%d", "%f", "%e", "%b", "%o", "%x", "%X", "%.0f", "%.3f", "%.17e", "%.100f", "%%", "a", "é", "\xff", ", "}),
		rapid.StringMatching(`%\.?[0-9]{0,4}[sdfebxXoqS%]?`),
		texts)
	rapid.Check(t, func(t *rapid.T) {
		format := strings.Join(rapid.SliceOfN(clause, 0, 4).Draw(t, "format"), "")
		var native []any
		var values []Value
		for range rapid.IntRange(0, 4).Draw(t, "n") {
			p := formattable(2).Draw(t, "arg")
			native, values = append(native, p.native), append(values, p.value)
		}
		got, err := Format(memory(), format, values)
		same(t, "s1.format(any)", vars{"s1": format, "any": native}, got, err)
	})
}

// TestFormatClausesAgree gives every clause every kind of value.
func TestFormatClausesAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := formattable(2).Draw(t, "arg")
		for _, format := range []string{"%s", "%d", "%f", "%e", "%b", "%o", "%x", "%X", "%.0f", "%.1e", "%.100f", "%.101f", "%.f", "%.", "%", "%.9", "%.3s", "%q", "100%"} {
			got, err := Format(memory(), format, []Value{p.value})
			same(t, "s1.format(any)", vars{"s1": format, "any": []any{p.native}}, got, err)
		}
	})
}

func TestFormatRefusesWhatHasNoText(t *testing.T) {
	for _, v := range []Value{OptionalValue(Some(IntValue(1))), IPValue(IP{bits: 32}), CIDRValue(CIDR{}), ListValue([]Value{IPValue(IP{bits: 32})})} {
		s := memory()
		if got, err := Format(s, "text %s", []Value{v}); got != "" || err != BadFormat {
			t.Errorf("%q %v", got, err)
		}
		if b := s.Build(); b.Room(core.ArenaSize) == nil {
			t.Error("memory is taken")
		}
	}
}

func TestFormatDoesNotAllocate(t *testing.T) {
	frame := core.Frame{Arena: &make([]byte, core.ArenaSize)[0]}
	s := core.NewScratch(&frame)
	m := MapValue(MakeMap([]Value{StringValue("b"), StringValue("a")}, []Value{IntValue(1), ListValue([]Value{DoubleValue(2.5)})}))
	args := []Value{StringValue("x"), IntValue(255), DoubleValue(1e300), m, BytesValue("\xff"), TimestampValue(time.Unix(1, 0)), DurationValue(5)}
	n := 0
	allocates(t, "format", func() {
		frame.ArenaLen = 0
		text, err := Format(&s, "%s %x %.100f %s %X %s %s%%", args)
		if err == None {
			n += len(text)
		}
	})
	if n == 0 {
		t.Error("no text")
	}
}

func TestFormatInFullMemory(t *testing.T) {
	s := memory()
	s.Room(core.ArenaSize - 8)
	m := MapValue(MakeMap([]Value{StringValue("bcdef"), StringValue("a")}, []Value{IntValue(1), IntValue(2)}))
	if got, err := Format(s, "%s and %s", []Value{m, m}); got != "" || err != None || s.Room(1) != nil {
		t.Errorf("%q %v", got, err)
	}
}
