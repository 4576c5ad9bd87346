package eval

import (
	"testing"

	"moec.dev/moec/runtime/core"
)

// A hook that has built too many elements builds no more, and its frame is
// marked, so that the request is denied.
func TestElementsAreBounded(t *testing.T) {
	f := &core.Frame{}
	s := core.NewScratch(f)
	list := make([]int64, core.MaxElements/2)
	if len(Within(&s, list)) != len(list) || len(Within(&s, list)) != len(list) || f.ArenaLen != 0 {
		t.Fatal("the first elements are refused")
	}
	if len(Within(&s, list[:1])) != 0 || f.ArenaLen <= core.ArenaSize {
		t.Error("one element too many is not refused")
	}
	f = &core.Frame{}
	s = core.NewScratch(f)
	lists := make([][]int64, 64)
	for i := range lists {
		lists[i] = list
	}
	if l := Flatten(&s, lists); l != nil || f.ArenaLen <= core.ArenaSize {
		t.Errorf("%d elements were flattened", len(l))
	}
}

func TestDistinctScalars(t *testing.T) {
	for _, n := range []int{0, 1, 5, 16, 17, 100} {
		var l []int64
		for i := range n {
			l = append(l, int64(i*i%7), int64(i))
		}
		got, want := DistinctScalars(l), Distinct(l, Same[int64])
		if !EqualLists(got, want, Same[int64]) {
			t.Errorf("%d: %v, want %v", n, got, want)
		}
	}
}
