package eval

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"moec.dev/moec/runtime/core"
)

func TestBytesAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := memory()
		a, b, c := rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "a"), rapid.SliceOfN(rapid.Byte(), 0, 5).Draw(t, "b"), texts.Draw(t, "c")
		in := vars{"b1": a, "b2": b, "s1": c}
		same(t, "b1 + b2", in, AddBytes(s, Bytes(a), Bytes(b)), None)
		same(t, "b1.size()", in, SizeBytes(Bytes(a)), None)
		same(t, "bytes(s1)", in, StringToBytes(c), None)
		text, err := BytesToString(Bytes(a))
		same(t, "string(b1)", in, text, err)
		text, err = BytesToString(Bytes(c))
		same(t, "string(bytes(s1))", in, text, err)
		same(t, "base64.encode(b1)", in, Base64Encode(s, Bytes(a)), None)
		same(t, "base64.encodeUrl(b1)", in, Base64EncodeURL(s, Bytes(a)), None)
	})
}

func TestBase64DecodingAgrees(t *testing.T) {
	encoded := rapid.OneOf(
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 60), func(b []byte) string { return Base64Encode(memory(), Bytes(b)) }),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 60), func(b []byte) string { return Base64EncodeURL(memory(), Bytes(b)) }),
		rapid.StringMatching(`[A-Da-d+/_-]{0,9}[=\n\r ]{0,3}[A-D]?`),
		rapid.SampledFrom([]string{"", "=", "====", "A", "AA", "AB", "AA=", "AA==", "AA===", "AAA", "AAA=", "AAB=", "A\nA=\r=\n", "AA==AA==", "A A=", "é", "\n"}),
	)
	rapid.Check(t, func(t *rapid.T) {
		a := encoded.Draw(t, "a")
		if rapid.Bool().Draw(t, "bare") {
			a = strings.TrimRight(a, "=")
		}
		s := memory()
		got, err := Base64Decode(s, a)
		same(t, "base64.decode(s1)", vars{"s1": a}, got, err)
		got, err = Base64DecodeURL(s, a)
		same(t, "base64.decodeUrl(s1)", vars{"s1": a}, got, err)
	})
}

func TestBytesDoNotAllocate(t *testing.T) {
	frame := core.Frame{Arena: &make([]byte, core.ArenaSize)[0]}
	s := core.NewScratch(&frame)
	n := 0
	allocates(t, "bytes", func() {
		frame.ArenaLen = 0
		text, _ := BytesToString("valid")
		plain, _ := Base64Decode(&s, "aGVsbG8gd29ybGQsIGhlbGxvIHdvcmxkLCBoZWxsbyB3b3JsZA")
		n += len(text) + len(plain) + len(Base64Encode(&s, plain)) + len(AddBytes(&s, "a", "b"))
	})
	if n == 0 {
		t.Error("no bytes")
	}
}

func TestMatchText(t *testing.T) {
	for _, c := range []struct{ s, pattern string }{{"abc", "b"}, {"abc", "^b$"}, {"", ""}, {"abc", "("}, {"a\xff", "a.$"}, {"é", "^.$"}, {"x", `(?=x)`}, {"aaa", "a{1001}"}} {
		got, err := MatchText(c.s, c.pattern)
		same(t, "s1.matches(s2)", vars{"s1": c.s, "s2": c.pattern}, got, err)
	}
}
