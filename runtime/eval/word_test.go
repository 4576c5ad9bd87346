package eval

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"moec.dev/moec/runtime/core"
)

// mapped is flipped as it is said: byte by byte.
func mapped(a string, from, to byte) string {
	b := []byte(strings.ToValidUTF8(strings.ReplaceAll(a, "\xff", unknown), unknown))
	for i, c := range b {
		if c >= from && c <= to {
			b[i] = c ^ 0x20
		}
	}
	return string(b)
}

func TestCasesOfLongTexts(t *testing.T) {
	long := rapid.OneOf(
		rapid.StringOfN(rapid.SampledFrom([]rune("aAzZ@[`{mM 09\x00\x7f")), 0, 40, -1),
		rapid.StringOfN(rapid.SampledFrom([]rune("abcZé€😀@[`{")), 0, 40, -1),
		rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "Z", "é", "\xff", "lower case", "UPPER CASE"}), 0, 12), func(l []string) string { return strings.Join(l, "") }),
	)
	rapid.Check(t, func(t *rapid.T) {
		s, a := memory(), long.Draw(t, "a")
		if got, want := LowerASCII(s, a), mapped(a, 'A', 'Z'); got != want {
			t.Fatalf("lower %q: %q, want %q", a, got, want)
		}
		if got, want := UpperASCII(s, a), mapped(a, 'a', 'z'); got != want {
			t.Fatalf("upper %q: %q, want %q", a, got, want)
		}
	})
}

func BenchmarkCases(b *testing.B) {
	frame := core.Frame{Arena: &make([]byte, core.ArenaSize)[0]}
	s, n := core.NewScratch(&frame), 0
	for name, a := range map[string]string{"short": "GET", "same": "application/json; charset=utf-8", "mixed": "Application/JSON; Charset=UTF-8"} {
		b.Run(name+"/words", func(b *testing.B) {
			for b.Loop() {
				frame.ArenaLen = 0
				n += len(LowerASCII(&s, a))
			}
		})
		b.Run(name+"/library", func(b *testing.B) {
			for b.Loop() {
				n += len(strings.ToLower(a))
			}
		})
	}
}
