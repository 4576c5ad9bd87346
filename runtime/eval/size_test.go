package eval

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSizeAtMostIsTheComparison(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := texts.Draw(t, "s")
		n := rapid.OneOf(rapid.Int64Range(-2, 8), rapid.Int64Range(Size(s)-1, Size(s)+1), ints).Draw(t, "n")
		if got := SizeAtMost(s, n); got != (Size(s) <= n) {
			t.Fatalf("%q has at most %d: %v", s, n, got)
		}
	})
	for _, n := range []int64{math.MinInt64, -1, 0, math.MaxInt64} {
		if SizeAtMost("", n) != (n >= 0) || SizeAtMost("a", n) != (n > 0) {
			t.Error(n)
		}
	}
	long, ok := strings.Repeat("é", 1000), 0
	allocates(t, "sizes", func() { ok += count(SizeAtMost(long, 1000)) - count(SizeAtMost(long, 999)) })
	if ok == 0 {
		t.Error("wrong sizes")
	}
}

func BenchmarkSizes(b *testing.B) {
	for name, s := range map[string]string{"short": "/api/v1/users", "long": strings.Repeat("/api", 30), "wide": strings.Repeat("é", 60)} {
		b.Run(name+"/at-most", func(b *testing.B) {
			n := 0
			for b.Loop() {
				n += count(SizeAtMost(s, 63))
			}
		})
		b.Run(name+"/counted", func(b *testing.B) {
			n := 0
			for b.Loop() {
				n += count(Size(s) <= 63)
			}
		})
	}
}
