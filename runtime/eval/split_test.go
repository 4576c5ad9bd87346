package eval

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPartsAreThoseOfTheList(t *testing.T) {
	few := rapid.StringOfN(rapid.SampledFrom([]rune("ab,,;é")), 0, 8, -1)
	separators := rapid.OneOf(rapid.SampledFrom([]string{"", ",", ",,", ",,,", "a", "é", ",;", "\xa9", "\xff"}), texts)
	rapid.Check(t, func(t *rapid.T) {
		a, separator := rapid.OneOf(few, texts).Draw(t, "a"), separators.Draw(t, "separator")
		list := Split(a, separator)
		var parts []string
		for p := PartsOf(a, separator); p.Next(); {
			parts = append(parts, p.Part)
		}
		if !slices.Equal(parts, list) {
			t.Fatalf("%q by %q: %q, the list %q", a, separator, parts, list)
		}
		p := PartsOf(a, separator)
		for range parts {
			p.Next()
		}
		if p.Next() || p.Next() {
			t.Fatal("a part after the last")
		}
		if n := SplitSize(a, separator); n != int64(len(list)) {
			t.Fatalf("%q by %q: %d parts, the list has %d", a, separator, n, len(list))
		}
		i := rapid.OneOf(rapid.Int64Range(-1, 9), ints).Draw(t, "i")
		want, wantErr := Index(list, i)
		if part, err := SplitIndex(a, separator, i); part != want || err != wantErr {
			t.Fatalf("%q by %q at %d: %q %v, the list %q %v", a, separator, i, part, err, want, wantErr)
		}
		if part := SplitOptionalIndex(a, separator, i); part != OptionalIndex(list, i) {
			t.Fatalf("%q by %q at ?%d: %v", a, separator, i, part)
		}
		x := rapid.OneOf(rapid.SampledFrom([]string{"", "a", "b", "a,", "a,b", ",", "é", "ab"}), texts, rapid.SampledFrom(append(list, ""))).Draw(t, "x")
		if has := SplitHas(a, separator, x); has != In(list, x) {
			t.Fatalf("%q in %q by %q: %v", x, a, separator, has)
		}
	})
}

func TestPartsDoNotAllocate(t *testing.T) {
	n := 0
	allocates(t, "parts", func() {
		for _, separator := range []string{"", ",", ", "} {
			for p := PartsOf("a, b,é", separator); p.Next(); {
				n += len(p.Part)
			}
			part, _ := SplitIndex("a, b,é", separator, 1)
			n += len(part) + len(SplitOptionalIndex("a, b", separator, 7).Value) + int(SplitSize("a, b", separator))
			if SplitHas("a, b,é", separator, "é") {
				n++
			}
		}
	})
	if n == 0 {
		t.Error("no parts")
	}
}

func BenchmarkParts(b *testing.B) {
	var header []string
	for i := range 6 {
		header = append(header, fmt.Sprint("10.1.2.", i))
	}
	a, n := strings.Join(header, ","), 0
	for name, f := range map[string][2]func(){
		"has":   {func() { n += count(SplitHas(a, ",", "10.1.2.4")) }, func() { n += count(In(Split(a, ","), "10.1.2.4")) }},
		"size":  {func() { n += int(SplitSize(a, ",")) }, func() { n += len(Split(a, ",")) }},
		"index": {func() { s, _ := SplitIndex(a, ",", 2); n += len(s) }, func() { s, _ := Index(Split(a, ","), 2); n += len(s) }},
		"loop": {func() {
			p := PartsOf(a, ",")
			for p.Next() {
				n += len(p.Part)
			}
		}, func() {
			for _, p := range Split(a, ",") {
				n += len(p)
			}
		}},
	} {
		for i, how := range []string{"direct", "list"} {
			b.Run(name+"/"+how, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					f[i]()
				}
			})
		}
	}
	if n == 0 {
		b.Error(n)
	}
}

func count(ok bool) int {
	if ok {
		return 1
	}
	return 0
}
