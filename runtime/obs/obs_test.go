package obs

import (
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"moec.dev/moec/runtime/core"
)

// listen collects the lines of one test.
func listen(t *testing.T) func() []string {
	var mu sync.Mutex
	var lines []string
	SetSink(func(_ Level, line string) {
		mu.Lock()
		defer mu.Unlock()
		lines = append(lines, line)
	})
	t.Cleanup(func() { SetSink(nil) })
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return append([]string(nil), lines...)
	}
}

func TestLinesAreOneLineEach(t *testing.T) {
	for in, want := range map[string]string{
		"plain é":    "plain é",
		"a\nb\r\x00": `a\x0ab\x0d\x00`,
		"a\xffb":     `a\xffb`,
		"\x7f\t":     `\x7f\x09`,
		"a\u0085b":   `a\xc2\x85b`,
		"a\u2028b":   `a\xe2\x80\xa8b`,
		"a\u202eb":   `a\xe2\x80\xaeb`,
		"":           "",
	} {
		lines := listen(t)
		Log(Info, in)
		if got := lines(); len(got) != 1 || got[0] != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestLongLinesAreCut(t *testing.T) {
	for _, in := range []string{strings.Repeat("x", MaxLine+1), strings.Repeat("é", MaxLine), strings.Repeat("\n", MaxLine), strings.Repeat("\u202e", 1000), "x" + strings.Repeat("\u2028", 1000)} {
		got := printable(in)
		if len(got) > MaxLine || !strings.HasSuffix(got, cut) || !utf8.ValidString(got) || strings.ContainsAny(got, "\n\u2028\u202e") {
			t.Errorf("%.10q: %d bytes, ends in %q", in, len(got), got[len(got)-5:])
		}
	}
	if in := strings.Repeat("x", MaxLine); printable(in) != in {
		t.Error("a line of the greatest length was cut")
	}
}

func TestNoSinkIsSilent(t *testing.T) {
	SetSink(nil)
	Log(Error, "nobody listens")
}

func TestGoroutinesAreFenced(t *testing.T) {
	lines, before := listen(t), Panics()
	for _, f := range []func(){func() { panic("boom") }, func() { var m map[string]int; m["x"] = 1 }, func() { panic(7) }, func() {}} {
		Go("refresher", f)
	}
	for deadline := time.Now().Add(10 * time.Second); len(lines()) < 3 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	got := strings.Join(lines(), "\n")
	if Panics()-before != 3 || !strings.Contains(got, "moec: refresher has ended: panic: boom") || !strings.Contains(got, "nil map") {
		t.Errorf("%d panics, %s", Panics()-before, got)
	}
}

func TestFaultsAreReported(t *testing.T) {
	lines := listen(t)
	core.Report("shop", "shop.a.deny", "panic: x\ny")
	if got := strings.Join(lines(), "\n"); got != `moec: bundle "shop": a request was denied because it could not be decided, at shop.a.deny: panic: x\x0ay` {
		t.Error(got)
	}
}

func TestFaultsDoNotFloodTheLog(t *testing.T) {
	lines := listen(t)
	l := limiter{most: 2}
	now := time.Unix(1000, 0)
	for range 5 {
		l.log(now, Error, "x")
	}
	l.log(now.Add(time.Second), Error, "y")
	if got := strings.Join(lines(), "|"); got != "x|x|moec: 3 more lines like these were left out|y" {
		t.Error(got)
	}
}
