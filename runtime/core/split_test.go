package core

import (
	"math"
	"strconv"
	"testing"
)

// places counts where texts stick, and where they go from one split to another.
func places(t *testing.T, a, b *Split, n int) (shares, moved map[string]int) {
	t.Helper()
	r := &Request{}
	shares, moved = map[string]int{}, map[string]int{}
	for i := range n {
		text := "user-" + strconv.Itoa(i)
		x, y := r.Split(a, text), r.Split(b, text)
		if again := r.Split(a, text); again != x {
			t.Fatalf("%s goes to %s, then to %s", text, x, again)
		}
		shares[x]++
		if x != y {
			moved[x+" "+y]++
		}
	}
	return shares, moved
}

// Shares are kept, to within four standard deviations, and a cluster that is
// added moves its share to itself and nothing else.
func TestSplitSticks(t *testing.T) {
	const n = 200_000
	near := func(what string, got int, percent float64) {
		t.Helper()
		p := percent / 100
		if d := math.Abs(float64(got) - p*n); d > 4*math.Sqrt(n*p*(1-p)) {
			t.Errorf("%s: %d of %d, want %v %%", what, got, n, percent)
		}
	}
	two := NewSplit([]string{"a", "b"}, []int{90, 10})
	three := NewSplit([]string{"c", "b", "a"}, []int{10, 9, 81})
	shares, moved := places(t, two, three, n)
	near("a", shares["a"], 90)
	near("b", shares["b"], 10)
	near("a to c", moved["a c"], 9)
	near("b to c", moved["b c"], 1)
	if len(moved) != 2 {
		t.Errorf("moved %v", moved)
	}
	// More for one is less for the other, and nothing besides.
	_, moved = places(t, two, NewSplit([]string{"a", "b"}, []int{70, 30}), n)
	near("a to b", moved["a b"], 20)
	if len(moved) != 1 {
		t.Errorf("moved %v", moved)
	}
}

func TestSplitByChance(t *testing.T) {
	s, r, got := NewSplit([]string{"a", "b", "c"}, []int{1, 90, 9}), &Request{}, map[string]int{}
	const n = 100_000
	for range n {
		got[r.Split(s, "")]++
	}
	for name, percent := range map[string]float64{"a": 1, "b": 90, "c": 9} {
		p := percent / 100
		if d := math.Abs(float64(got[name]) - p*n); d > 5*math.Sqrt(n*p*(1-p)) {
			t.Errorf("%s: %d of %d, want %v %%", name, got[name], n, percent)
		}
	}
	if Chance != nil {
		t.Fatal("chance is steered")
	}
	if n := testing.AllocsPerRun(100, func() { r.Split(s, ""); r.Split(s, "text") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkSplitSticks(b *testing.B) {
	s, r := NewSplit([]string{"a", "b"}, []int{90, 10}), &Request{}
	for b.Loop() {
		r.Split(s, "session-0123456789abcdef")
	}
}
