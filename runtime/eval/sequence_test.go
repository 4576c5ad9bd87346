package eval

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestClasses(t *testing.T) {
	c := NewClass("09afx\x7f\xc3\xc3")
	for b := range 256 {
		if want := strings.IndexByte("0123456789abcdefxyz{|}~\x7f\xc3", byte(b)) >= 0; c[b] != want {
			t.Errorf("%q: %v", b, c[b])
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s, most := rapid.StringOf(rapid.SampledFrom([]rune("09afgé"))).Draw(t, "s"), rapid.IntRange(0, 9).Draw(t, "most")
		want := min(most, len(s)-len(strings.TrimLeft(s, "09af")))
		if got := NewClass("09af").Run(s, most); got != want {
			t.Fatalf("%q: %d, want %d", s, got, want)
		}
	})
}

func TestSequences(t *testing.T) {
	for _, c := range []struct {
		q       *Sequence
		yes, no []string
	}{
		{NewSequence(StepText("/v"), StepRun("09", 1, -1), StepEnd()), []string{"/v1", "/v123"}, []string{"", "/v", "/v1x", "/x1", "/v1\xff"}},
		{NewSequence(StepText("/v"), StepRun("09", 1, -1)), []string{"/v1", "/v1x"}, []string{"/v", "v1"}},
		{NewSequence(StepRun("09", 2, 3), StepEnd()), []string{"12", "123"}, []string{"1", "1234", "12a"}},
		{NewSequence(StepRun("\x80\xff", 2, 2), StepEnd()), []string{"éé", "é\xff", "\xff\xfe", "😀\xc3"}, []string{"é", "ééé", "aé", "\xc3\xa9"}},
		{NewSequence(StepRun("\x80\xff", 1, -1), StepText("a")), []string{"éa", "\xff\xffab"}, []string{"a", "é", "éb"}},
		{NewSequence(StepFork("aa", 1), StepText("ab"), StepEnd()), []string{"", "ab"}, []string{"a", "b", "abb"}},
		{NewSequence(StepFork("..", 3), StepText("."), StepRun("09", 1, -1), StepJump(-4), StepEnd()), []string{"", ".1", ".1.22"}, []string{".", ".1.", "1"}},
		{NewSequence(StepFork("aa", 2), StepText("a"), StepJump(1), StepText("b"), StepEnd()), []string{"a", "b"}, []string{"", "ab", "c"}},
	} {
		for _, s := range c.yes {
			if !c.q.Match(s) {
				t.Errorf("%q does not match", s)
			}
		}
		for _, s := range c.no {
			if c.q.Match(s) {
				t.Errorf("%q matches", s)
			}
		}
	}
	q, n := NewSequence(StepText("/é"), StepRun("\x00\xff", 2, 90), StepEnd()), 0
	allocates(t, "sequences", func() { n += count(q.Match("/é and so on, \xff")) })
	if n == 0 {
		t.Error("no match")
	}
}
