package limit

import (
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestConcurrency(t *testing.T) {
	l := limiterOf(t, Params{Concurrency: 2, Keys: 10})
	a, _ := one(l, key(1), 0, 0)
	b, _ := one(l, key(1), 0, 0)
	c, res := one(l, key(1), 0, 0)
	if a.Held == 0 || b.Held == 0 || a.Held == b.Held || c.Held != 0 || res.Admitted() || res.Reason != Limited || res.Wait != Unknown {
		t.Fatalf("%x %x %x %+v", a.Held, b.Held, c.Held, res)
	}
	if a.Remaining() != 1 || b.Remaining() != 0 || c.Remaining() != 0 || a.Limit() != 2 {
		t.Errorf("%d, %d, %d remain", a.Remaining(), b.Remaining(), c.Remaining())
	}
	if other, _ := one(l, key(2), 0, 0); other.Held == 0 {
		t.Error("another key is refused")
	}
	Release(a.Held)
	Release(a.Held) // must not release b
	if d, _ := one(l, key(1), 0, 0); d.Held == 0 || d.Held == a.Held {
		t.Errorf("after a release: %x", d.Held)
	}
	Release(a.Held) // its place is d's now
	Release(0)
	Release(^uint64(0))
	if _, res := one(l, key(1), 0, 0); res.Admitted() {
		t.Error("a handle was good for two")
	}
}

// Requests come and go in any order, some handles come twice, and limits of
// other kinds refuse beside them: the counts are right all the time.
func TestHoldsAreCounted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.Int64Range(1, 4).Draw(t, "most")
		l := newLimiter("test", "holds", Params{Concurrency: most, Keys: 3, Held: 6}.filled())
		gate := newLimiter("test", "gate", Params{Count: 1, Period: time.Second, Burst: 1}.filled())
		defer func() { holders.made[l.holds.number].Store(nil); holders.n-- }() // a process has room for 4096 only
		var out [3][]uint64
		var gone []uint64
		held := 0
		for range 60 {
			k := rapid.IntRange(0, 2).Draw(t, "key")
			switch op := rapid.IntRange(0, 3).Draw(t, "op"); op {
			case 0, 1:
				open := op == 0
				rs := []Request{{Limiter: l, Key: key(int64(k))}, {Limiter: gate, Key: key(1), Cost: 1}}
				if open {
					rs[1].Cost = 0
				} else {
					Take(0, rs[1:]) // there is no token, or none any more
				}
				want := open && int64(len(out[k])) < most && held < 6
				if Take(0, rs).Admitted() != want || (rs[0].Held != 0) != want {
					t.Fatalf("%d of %d held for the key, %d in all: admitted is not %v", len(out[k]), most, held, want)
				}
				if want {
					out[k] = append(out[k], rs[0].Held)
					held++
				}
			case 2:
				if n := len(out[k]); n > 0 {
					Release(out[k][n-1])
					gone, out[k] = append(gone, out[k][n-1]), out[k][:n-1]
					held--
				}
			case 3:
				if len(gone) > 0 {
					Release(rapid.SampledFrom(gone).Draw(t, "again"))
				}
			}
		}
	})
}

// Nothing leaks and nothing is let through above the limit, with keys that come
// and go and every handle given back twice.
func TestWorkersHold(t *testing.T) {
	const most, names = 3, 40
	l := limiterOf(t, Params{Concurrency: most, Keys: 16, Held: 64})
	var inside [names]atomic.Int64
	together(func(int) {
		var mine [4]struct {
			handle uint64
			name   int
		}
		for range 30_000 {
			i := rand.IntN(len(mine))
			if m := &mine[i]; m.handle != 0 {
				if m.name >= 0 {
					inside[m.name].Add(-1)
				}
				Release(m.handle)
				Release(m.handle)
				m.handle = 0
				continue
			}
			name := rand.IntN(names)
			r, res := one(l, key(int64(name)), 0, 0)
			if !res.Admitted() {
				continue
			}
			if r.slot == &l.table.overflow {
				name = -1
			} else if n := inside[name].Add(1); n > most {
				t.Errorf("%d requests at once", n)
			}
			mine[i].handle, mine[i].name = r.Held, name
		}
		for _, m := range mine {
			if m.handle != 0 && m.name >= 0 {
				inside[m.name].Add(-1)
			}
			Release(m.handle)
		}
	})
	for i := range l.table.slots {
		if w := l.table.slots[i].word.Load(); isLive(w) && w != live {
			t.Errorf("slot %d still holds %d", i, w&^live)
		}
	}
	if w := l.table.overflow.word.Load(); w != live {
		t.Errorf("the overflow bucket still holds %d", w&^live)
	}
	free := map[uint32]bool{}
	for at := l.holds.take(); at != 0; at = l.holds.take() {
		free[at] = true
	}
	if len(free) != 64 {
		t.Errorf("%d of 64 places came back", len(free))
	}
}

func TestStarved(t *testing.T) {
	l := limiterOf(t, Params{Concurrency: 5, Held: 2})
	one(l, key(1), 0, 0)
	one(l, key(2), 0, 0)
	if r, res := one(l, key(3), 0, 0); res.Admitted() || r.Held != 0 || l.Stats().Starved != 1 {
		t.Errorf("%+v, %+v", res, l.Stats())
	}
}
