package eval

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"moec.dev/moec/runtime/core"
)

func TestTextsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := memory()
		a, i, j := texts.Draw(t, "a"), places.Draw(t, "i"), places.Draw(t, "j")
		in := vars{"s1": a, "i1": i, "i2": j}
		got, err := CharAt(a, i)
		same(t, "s1.charAt(i1)", in, got, err)
		got, err = Substring(s, a, i)
		same(t, "s1.substring(i1)", in, got, err)
		got, err = SubstringRange(s, a, i, j)
		same(t, "s1.substring(i1, i2)", in, got, err)
		same(t, "s1.trim()", in, Trim(a), None)
		same(t, "s1.lowerAscii()", in, LowerASCII(s, a), None)
		same(t, "s1.upperAscii()", in, UpperASCII(s, a), None)
		same(t, "s1.reverse()", in, Reverse(s, a), None)
		same(t, "strings.quote(s1)", in, Quote(s, a), None)
	})
}

func TestQuoteEscapes(t *testing.T) {
	for _, a := range []string{"", "plain", "\a\b\f\n\r\t\v\\\"'", "\x00\x01\x1f\x7f", "é\"\xff\"\uFFFD\n", "\"\"", "a\\"} {
		same(t, "strings.quote(s1)", vars{"s1": a}, Quote(memory(), a), None)
	}
}

func TestFindingAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := memory()
		a, sub, i := texts.Draw(t, "a"), texts.Draw(t, "sub"), places.Draw(t, "i")
		if rapid.Bool().Draw(t, "part") {
			from := rapid.IntRange(0, len(a)).Draw(t, "from")
			sub = a[from:rapid.IntRange(from, len(a)).Draw(t, "to")]
		}
		in := vars{"s1": a, "s2": sub, "i1": i}
		same(t, "s1.indexOf(s2)", in, IndexOf(s, a, sub), None)
		at, err := IndexOfFrom(s, a, sub, i)
		same(t, "s1.indexOf(s2, i1)", in, at, err)
		same(t, "s1.lastIndexOf(s2)", in, LastIndexOf(s, a, sub), None)
		at, err = LastIndexOfFrom(s, a, sub, i)
		same(t, "s1.lastIndexOf(s2, i1)", in, at, err)
	})
}

func TestFindingGivesItsMemoryBack(t *testing.T) {
	s := memory()
	long := strings.Repeat("\xff", 4000)
	for range 100 {
		if IndexOf(s, long, "\xfe\xfd") != 0 || LastIndexOf(s, long, "\xfe") != 3999 || IndexOf(s, long, "\xfea") != -1 {
			t.Fatal("not found")
		}
	}
	if s.Room(1) == nil {
		t.Error("the arena is full")
	}
}

func TestPartsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := memory()
		a, old, by, n := texts.Draw(t, "a"), texts.Draw(t, "old"), texts.Draw(t, "by"), places.Draw(t, "n")
		in := vars{"s1": a, "s2": old, "s3": by, "i1": n}
		same(t, "s1.replace(s2, s3)", in, Replace(s, a, old, by), None)
		same(t, "s1.replace(s2, s3, i1)", in, ReplaceN(s, a, old, by, n), None)
		same(t, "s1.split(s2)", in, Split(a, old), None)
		same(t, "s1.split(s2, i1)", in, SplitN(a, old, n), None)
		list := rapid.SliceOfN(texts, 0, 4).Draw(t, "list")
		in["list"] = list
		same(t, "list.join()", in, Join(s, list), None)
		same(t, "list.join(s2)", in, JoinBy(s, list, old), None)
	})
}

func TestTextsThatStayAreNotCopied(t *testing.T) {
	s := memory()
	free := func() int {
		b := s.Build()
		n := 0
		for b.Room(64) != nil && n < core.ArenaSize {
			n += 64
		}
		return n
	}
	LowerASCII(s, "lower é")
	UpperASCII(s, "UPPER é")
	Substring(s, "substring é", 3)
	SubstringRange(s, "substring é", 3, 5)
	Replace(s, "replace", "x", "y")
	Join(s, []string{"one"})
	JoinBy(s, []string{"", "", ""}, "")
	IndexOf(s, "a", "b")
	if free() != core.ArenaSize {
		t.Error("memory is taken")
	}
}

func TestFullMemoryGivesNoText(t *testing.T) {
	full := func() *core.Scratch {
		s := memory()
		s.Room(core.ArenaSize - 1)
		return s
	}
	for name, got := range map[string]string{
		"lower": LowerASCII(full(), "ABC"), "reverse": Reverse(full(), "abc"), "quote": Quote(full(), "abc"),
		"replace": Replace(full(), "abc", "b", "dd"), "join": Join(full(), []string{"a", "b"}), "clean": LowerASCII(full(), "a\xff"),
		"encode": Base64Encode(full(), "abc"), "bytes": string(AddBytes(full(), "a", "b")), "ip": IPToString(full(), IP{bits: 32}),
	} {
		if got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
	s := full()
	Reverse(s, "abc")
	if s.Room(1) != nil {
		t.Error("the frame is not marked")
	}
}

func TestTextsDoNotAllocate(t *testing.T) {
	frame := core.Frame{Arena: &make([]byte, core.ArenaSize)[0]}
	s := core.NewScratch(&frame)
	long, bad, list := strings.Repeat("Aé€", 40), strings.Repeat("a\xff", 40), []string{"a", "b", "c"}
	n := int64(0)
	allocates(t, "texts", func() {
		frame.ArenaLen = 0
		for _, a := range []string{long, bad} {
			c, _ := CharAt(a, 9)
			d, _ := Substring(&s, a, 3)
			e, _ := SubstringRange(&s, a, 3, 60)
			n += int64(len(c) + len(d) + len(e) + len(Trim(a)) + len(LowerASCII(&s, a)) + len(UpperASCII(&s, a)) + len(Reverse(&s, a)) + len(Quote(&s, a)))
			n += IndexOf(&s, a, "\xfe") + LastIndexOf(&s, a, "é") + IndexOf(&s, a, "x")
			n += int64(len(Replace(&s, a, "a", "bb")) + len(Replace(&s, a, "", "b")) + len(JoinBy(&s, list, a)))
		}
	})
	if n == 0 || frame.ArenaLen > core.ArenaSize {
		t.Error(n, frame.ArenaLen)
	}
}

func BenchmarkTexts(b *testing.B) {
	frame := core.Frame{Arena: &make([]byte, core.ArenaSize)[0]}
	s := core.NewScratch(&frame)
	path, header, n := "/api/v1/tenants/acme/users/42", "Bearer Some-Token-Of-Sixty-Four-Characters", 0
	for name, f := range map[string]func(){
		"lowerAscii": func() { n += len(LowerASCII(&s, header)) },
		"substring":  func() { x, _ := Substring(&s, path, 8); n += len(x) },
		"indexOf":    func() { n += int(IndexOf(&s, path, "users")) },
		"replace":    func() { n += len(Replace(&s, path, "/", ":")) },
		"split":      func() { n += len(Split(path, "/")) },
		"size":       func() { n += int(Size(header)) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				frame.ArenaLen = 0
				f()
			}
		})
	}
	if n == 0 {
		b.Error(n)
	}
}
