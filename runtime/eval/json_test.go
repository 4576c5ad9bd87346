package eval

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// jsonText draws text that is JSON, or nearly so.
var jsonText = rapid.OneOf(
	rapid.Custom(func(t *rapid.T) string { return drawJSON(t, 3) }),
	rapid.StringOf(rapid.SampledFrom([]rune(`{}[]",:\u0d8efbnrt1 -+.E`))),
	rapid.Custom(func(t *rapid.T) string {
		b := []byte(drawJSON(t, 2))
		if at := rapid.IntRange(0, len(b)).Draw(t, "at"); at < len(b) {
			b[at] = rapid.SampledFrom([]byte("{}[]\",:\\\x00\x1f\x7f\xff0e-. ")).Draw(t, "byte")
		}
		return string(b)
	}),
	numerals,
	rapid.SampledFrom([]string{"", " ", "\"", "\"\\", "\"\\u", "\"\\u12", "\\", "nul", "truefalse", "1 2", "[1,]", "{\"a\"}", "{\"a\":1,}", "{,}", "[,]", "\u00a01", "\ufeff1"}),
)

func drawJSON(t *rapid.T, depth int) string {
	space := rapid.SampledFrom([]string{"", "", "", " ", "\n\t\r "})
	kinds := 6
	if depth > 0 {
		kinds = 8
	}
	text := ""
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		text = rapid.SampledFrom([]string{"null", "true", "false", "True", "nan"}).Draw(t, "word")
	case 1:
		text = rapid.StringMatching(`-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,3})?([eE][+-]?[0-9]{1,2})?`).Draw(t, "number")
	case 2:
		text = rapid.StringMatching(`-?[0-9]{0,3}\.?[0-9]{0,2}e?-?[0-9]{0,4}`).Draw(t, "nearly a number")
	case 3, 4:
		b, _ := json.Marshal(rapid.String().Draw(t, "string"))
		text = string(b)
	case 5:
		text = `"` + rapid.StringMatching(`(a|\\["\\/bfnrtx]|\\u[dD][8-9a-fA-F][0-9a-f]{2}|\\u[0-9a-fG]{4}|é){0,4}`).Draw(t, "escapes") + `"`
	case 6:
		var parts []string
		for range rapid.IntRange(0, 3).Draw(t, "n") {
			parts = append(parts, drawJSON(t, depth-1))
		}
		text = "[" + strings.Join(parts, ",") + "]"
	case 7:
		var parts []string
		for range rapid.IntRange(0, 3).Draw(t, "n") {
			parts = append(parts, `"`+rapid.SampledFrom([]string{"", "a", "b", `\u0061`}).Draw(t, "name")+`"`+space.Draw(t, "space")+":"+drawJSON(t, depth-1))
		}
		text = "{" + strings.Join(parts, ",") + "}"
	}
	return space.Draw(t, "space") + text + space.Draw(t, "space")
}

func TestParsedJSONAgrees(t *testing.T) {
	p := dynPeer(t)
	rapid.Check(t, func(t *rapid.T) {
		text := jsonText.Draw(t, "text")
		s := memory()
		o := ParseJSON(s, text)
		var v any
		if !utf8.ValidString(text) || json.Unmarshal([]byte(text), &v) != nil { // or a number that no double holds
			if o.OK {
				t.Fatalf("%q is taken for JSON", text)
			}
			return
		}
		agreeDyn(t, p, "json.parse(a)", StringValue(text), Value{}, OptionalValue(o), None)
	})
}

func TestLimitsOfJSON(t *testing.T) {
	s := memory()
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, c := range []struct {
		text string
		ok   bool
	}{
		{nested(maxJSONDepth), true}, {nested(maxJSONDepth + 2), false},
		{strings.Repeat("[", maxJSONBytes), false},
		{strings.Repeat(" ", maxJSONBytes-1) + "1", true}, {strings.Repeat(" ", maxJSONBytes) + "1", false},
		{"1e999", false}, {"[-1e999]", false}, {"1e-999", true},
	} {
		if o := ParseJSON(s, c.text); o.OK != c.ok {
			t.Errorf("%.40s: %v", c.text, o.OK)
		}
	}
}

func TestEncodedJSONAgrees(t *testing.T) {
	p := dynPeer(t)
	// A map of two entries comes out of cel-go in any order.
	single := func(inner *rapid.Generator[Value]) *rapid.Generator[Value] {
		return rapid.Custom(func(t *rapid.T) Value {
			k := rapid.OneOf(someKeys, rapid.Just(Value{})).Filter(func(v Value) bool { return !isNaN(v) }).Draw(t, "k")
			return MapValue(MakeMap([]Value{k}, []Value{inner.Draw(t, "v")}))
		})
	}
	texts := rapid.OneOf(someWords, rapid.SampledFrom([]string{"<a href='&'>", "\x7f", "\u2028\u2029", "\xff", "\x00\x1f\b\f\n\r\t\"\\", "\u200b", "😀", "\U000e0001", strings.Repeat("é", 64), strings.Repeat("x", 127), strings.Repeat("x", 128), strings.Repeat("\x7f", 127)}),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 6), func(b []byte) string { return string(b) }), rapid.StringN(40, 80, -1))
	leaves := rapid.OneOf(someScalars, rapid.Map(texts, StringValue), rapid.Map(texts, func(s string) Value { return BytesValue(Bytes(s)) }),
		rapid.SampledFrom([]Value{IntValue(1<<53 - 1), IntValue(1 << 53), IntValue(1 - 1<<53), IntValue(-1 << 53), UintValue(1<<53 - 1), UintValue(1 << 53), DoubleValue(1e-7), DoubleValue(1e21), DoubleValue(-1e-10), DoubleValue(math.MaxFloat64), DoubleValue(math.SmallestNonzeroFloat64), TimestampValue(time.Unix(1, 5e8)), BytesValue(Bytes(strings.Repeat("\xfb", 97)))}))
	inner := rapid.OneOf(leaves, single(leaves), rapid.Map(rapid.SliceOfN(leaves, 0, 3), ListValue))
	all := rapid.OneOf(inner, single(inner), rapid.Map(rapid.SliceOfN(inner, 0, 3), ListValue), rapid.Map(leaves, func(v Value) Value { return OptionalValue(Some(v)) }))
	rapid.Check(t, func(t *rapid.T) {
		v := all.Draw(t, "v")
		s := memory()
		got, err := EncodeJSON(s, v)
		agreeDyn(t, p, "json.encode(a)", v, Value{}, StringValue(got), err)
	})
}

func TestJSONAllocatesNoStrings(t *testing.T) {
	s, n := memory(), 0
	list := ListValue([]Value{IntValue(1), StringValue("<é>"), BytesValue("abcd"), OptionalValue(Some(StringValue("x"))), DurationValue(5)})
	if got := testing.AllocsPerRun(20, func() {
		text, _ := EncodeJSON(s, list)
		o := ParseJSON(s, `"a\nb"`)
		if text == `[1,"\u003cé\u003e","YWJjZA==","x","0.000000005s"]` && o.Value.text == "a\nb" {
			n++
		}
	}); got != 0 || n != 21 {
		t.Errorf("%v allocations, %d times right", got, n)
	}
}
