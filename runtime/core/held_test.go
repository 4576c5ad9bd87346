package core

import (
	"slices"
	"testing"
)

// What is held outlasts refusals and panics, and no more is held than a frame
// has room for.
func TestHold(t *testing.T) {
	var back []uint64
	before := Release
	defer func() { Release = before }()
	Release = func(h uint64) { back = append(back, h) }
	k := get("/")
	r := open(t, k)
	for h := range uint64(MaxHeld) {
		r.Hold(h + 10)
	}
	r.Reply("moe.shop.a.no", 403, "", false)
	r.Undecided()
	r.Done()
	if k.f.NHeld != MaxHeld || !slices.Equal(k.f.Held[:], []uint64{10, 11, 12, 13, 14, 15, 16, 17}) || back != nil {
		t.Errorf("holds %v, %v came back", k.f.Held[:k.f.NHeld], back)
	}
	defer func() {
		if recover() == nil || k.f.NHeld != MaxHeld || !slices.Equal(back, []uint64{99}) {
			t.Errorf("one too many: holds %v, %v came back", k.f.Held[:k.f.NHeld], back)
		}
	}()
	r.Hold(99)
}

func TestRetryAfterAndCrowded(t *testing.T) {
	k := get("/")
	k.f.Clock = 77
	r := open(t, k)
	if r.Clock() != 77 {
		t.Errorf("clock %d", r.Clock())
	}
	r.Crowded()
	r.Reply("moe.shop.a.l", 429, "", false)
	r.RetryAfter(12)
	r.Done()
	a := k.f.Actions[k.f.NActions-1]
	if a.Op != OpAdd || a.Key.view() != "retry-after" || a.Value.view() != "12" || k.f.Flags != FlagCrowded {
		t.Errorf("%v %s: %s, flags %d", a.Op, a.Key.view(), a.Value.view(), k.f.Flags)
	}
	if n := testing.AllocsPerRun(100, func() { k.f.ArenaLen, k.f.NActions = 0, 0; r.RetryAfter(12345) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// A bundle is made ready once, and its failure stays.
func TestReady(t *testing.T) {
	n := 0
	b := &Bundle{Load: func() error { n++; return errNot }}
	if b.Ready() != errNot || b.Ready() != errNot || n != 1 || (&Bundle{}).Ready() != nil {
		t.Errorf("made ready %d times", n)
	}
}

type not struct{}

func (not) Error() string { return "not" }

var errNot = not{}
