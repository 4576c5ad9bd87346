package limit

import (
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// All limits of a step take, or none does; who refused first is said, and the
// wait is that of all together.
func TestAllOrNone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "limits")
		models := make([]*record, n)
		rs := make([]Request, n)
		for i := range rs {
			p := Params{Count: rapid.Int64Range(1, 50).Draw(t, "count"), Period: rapid.SampledFrom(periods[:2]).Draw(t, "period"), Keys: 4}
			p.Burst = rapid.Int64Range(1, 8).Draw(t, "burst")
			models[i] = &record{count: p.Count, period: int64(p.Period), burst: p.Burst}
			rs[i].Limiter = newLimiter("test", "step", p.filled())
		}
		now := int64(1e9)
		for range 30 {
			now += rapid.Int64Range(0, 2e9).Draw(t, "gap")
			refused, wait := -1, int64(0)
			for i := range rs {
				rs[i].Key, rs[i].Cost = key(7), rapid.Int64Range(0, models[i].burst).Draw(t, "cost")
				w := models[i].wait(now, rs[i].Cost)
				if wait = max(wait, w); w > 0 && refused < 0 {
					refused = i
				}
			}
			res := Take(now, rs)
			if res.Refused != refused || res.Wait != wait {
				t.Fatalf("refused by %d with a wait of %d, want %d and %d", res.Refused, res.Wait, refused, wait)
			}
			for i, m := range models {
				if refused < 0 {
					m.take(now, rs[i].Cost)
				}
				if got, want := rs[i].Remaining(), m.remaining(now); got != want {
					t.Fatalf("limit %d: %d remain, want %d", i, got, want)
				}
			}
		}
	})
}

// A step may ask one bucket twice.
func TestOneBucketTwice(t *testing.T) {
	for _, p := range []Params{{Count: 1, Period: time.Second, Burst: 3}, {Concurrency: 3}} {
		l := limiterOf(t, p)
		rs := []Request{{Limiter: l, Key: key(1), Cost: 1}, {Limiter: l, Key: key(1), Cost: 1}}
		if res := Take(1, rs); !res.Admitted() {
			t.Errorf("%+v: the first is refused", p)
		}
		if res := Take(1, rs); res.Refused != 1 || rs[1].Remaining() != 0 {
			t.Errorf("%+v: %+v", p, res)
		}
		if r, res := one(l, key(1), 1, 1); !res.Admitted() || r.Remaining() != 0 {
			t.Errorf("%+v: the refused step has taken: %+v", p, res)
		}
	}
}

func TestBadRequests(t *testing.T) {
	fixed := limiterOf(t, Params{Count: 10, Period: time.Second})
	own := limiterOf(t, Params{AtMost: 10, Period: time.Second})
	fresh := int64(100)
	for name, x := range map[string]struct {
		r    Request
		want Reason
	}{
		"empty key":      {Request{Limiter: fixed, Cost: 1}, BadKey},
		"cost below 0":   {Request{Limiter: fixed, Key: key(1), Cost: -1}, BadCost},
		"cost too high":  {Request{Limiter: fixed, Key: key(1), Cost: 11}, BadCost},
		"no rate":        {Request{Limiter: own, Key: key(1), Cost: 1}, BadRate},
		"rate below 0":   {Request{Limiter: own, Key: key(1), Cost: 1, Count: -5}, BadRate},
		"burst below 0":  {Request{Limiter: own, Key: key(1), Cost: 1, Count: 5, Burst: -1}, BadRate},
		"over own burst": {Request{Limiter: own, Key: key(1), Cost: 6, Count: 5}, BadCost},
		"capped":         {Request{Limiter: own, Key: key(1), Cost: 11, Count: 1 << 62}, BadCost},
		"good":           {Request{Limiter: own, Key: key(1), Cost: 10, Count: 1 << 62}, Admitted},
	} {
		for _, rs := range [][]Request{{x.r}, {{Limiter: fixed, Key: key(2), Cost: 1}, x.r}} {
			if fresh++; x.want != BadKey {
				rs[len(rs)-1].Key = key(fresh)
			}
			res := Take(1, rs)
			if got := rs[len(rs)-1].why; got != x.want || res.Admitted() != (x.want == Admitted) {
				t.Errorf("%s: reason %d, %+v", name, got, res)
			}
			if _, ok := res.RetryAfter(); ok || !res.Admitted() && res.Wait != Never {
				t.Errorf("%s: waiting is said to help: %+v", name, res)
			}
		}
	}
	if r, _ := one(fixed, key(2), 1, 0); r.Remaining() != 9 {
		t.Errorf("%d remain where one step was admitted", r.Remaining())
	}
}

// undone is a bucket whose cost was taken at a moment, of which another request
// then took a token, and to which the first one is given back now.
func undone(t *testing.T, p Params, cost, now, other int64) *Limiter {
	l := limiterOf(t, p)
	r := Request{Limiter: l, Key: key(1), Cost: cost, Count: p.AtMost}
	second := []Request{{Limiter: l, Key: key(1), Cost: 1, Count: p.AtMost}}
	if !r.prepare(now) || !r.commit(now) || !Take(other, second).Admitted() {
		t.Fatal("refused")
	}
	r.undo()
	return l
}

func TestUndoAfterOthers(t *testing.T) {
	for _, p := range []Params{{Count: 7, Period: day, Burst: 100}, {AtMost: 100, Period: day}} {
		// The bucket is given back all but what it gains in the meantime.
		now := Now()
		l := undone(t, p, 50, now, now)
		late := Now()
		rs := []Request{{Limiter: l, Key: key(1), Count: p.AtMost}}
		Take(now, rs)
		token := int64(p.Period) / max(p.Count, p.AtMost)
		if got := rs[0].Reset(); got < token || got > token+late-now+1 {
			t.Errorf("%+v: full in %d ns, after a token of %d and %d ns", p, got, token, late-now)
		}
	}
	for _, p := range []Params{{Count: 1_000_000, Period: time.Second}, {AtMost: 1_000_000, Period: time.Second}} {
		// The bucket would have been full again when the other came: to give
		// back all would give the other's token too.
		time.Sleep(2 * time.Millisecond)
		now := Now() - 1e6
		l := undone(t, p, 10, now, now+5000)
		rs := []Request{{Limiter: l, Key: key(1), Count: p.AtMost}}
		Take(now+5000, rs)
		if got := rs[0].Reset(); got < 1000 {
			t.Errorf("%+v: full in %d ns, a token takes 1000", p, got)
		}
	}
}

// Some of the time that the other request found the bucket full in is past when
// the first one is given back, and most of its tokens are not: so much is kept.
func TestUndoKeepsWhatIsLost(t *testing.T) {
	for _, p := range []Params{{Count: 1000, Period: time.Second}, {AtMost: 1000, Period: time.Second}} {
		time.Sleep(10 * time.Millisecond)
		now := Now() - 10e6
		l := undone(t, p, 500, now, now+9e6)
		rs := []Request{{Limiter: l, Key: key(1), Count: p.AtMost}}
		Take(now+9e6, rs)
		if got := rs[0].Reset(); got < 1e6 {
			t.Errorf("%+v: full in %d ns, a token takes a million", p, got)
		}
	}
}

// A word that was written long ago is not put back: its instant could be taken
// for one to come.
func TestUndoAfterLong(t *testing.T) {
	l := limiterOf(t, Params{Count: 999_999_937, Period: time.Second, Burst: 10})
	one(l, key(1), 0, 1)
	now := int64(1 << 63 / 10 * 9 / 999_999_937)
	rs := []Request{{Limiter: l, Key: key(1), Cost: 9}, {Limiter: l, Key: key(1), Cost: 2}}
	if res := Take(now, rs); res.Refused != 1 {
		t.Fatal(res)
	}
	if r, _ := one(l, key(1), now, 0); r.Remaining() != 10 {
		t.Errorf("%d remain", r.Remaining())
	}
}

// The number in the top of the places never comes back with them: a worker that
// stood still while a place was taken and given back must not be fooled.
func TestPlacesAreNumbered(t *testing.T) {
	l := limiterOf(t, Params{Concurrency: 1, Held: 4})
	before := l.holds.top.Load()
	a := l.holds.take()
	between := l.holds.top.Load()
	b := l.holds.take()
	l.holds.give(b)
	if l.holds.top.Load() == between {
		t.Error("as if nothing had happened")
	}
	l.holds.give(a)
	if l.holds.top.Load() == before {
		t.Error("as if nothing had happened")
	}
}

// Workers whose steps are refused half way give back what they took. The first
// limit loses no more than its share of the time that it takes to give it back.
func TestWorkersAllOrNone(t *testing.T) {
	for range 20 {
		a := limiterOf(t, Params{Count: 1000, Period: day, Burst: 1_000_000})
		b := limiterOf(t, Params{Count: 1, Period: day, Burst: 300})
		var admitted, early atomic.Int64
		together(func(int) {
			for range 1000 {
				rs := [2]Request{{Limiter: a, Key: key(1), Cost: 3}, {Limiter: b, Key: key(1), Cost: 1}}
				if res := Take(Now(), rs[:]); res.Admitted() {
					admitted.Add(1)
				} else if res.Refused == 0 {
					early.Add(1)
				}
			}
		})
		if admitted.Load() != 300 || early.Load() != 0 {
			t.Fatalf("%d steps admitted by a bucket of 300, %d refused by one that had plenty", admitted.Load(), early.Load())
		}
		r, _ := one(a, key(1), Now(), 0)
		if left := r.Remaining(); left > 1_000_000-900 || left < 1_000_000-901 {
			t.Fatalf("%d remain after 300 steps that took 3 each", left)
		}
	}
}

// The law holds for what was admitted too where tokens are given back all the
// time.
func TestWorkersGiveBack(t *testing.T) {
	a := limiterOf(t, Params{Count: 200_000, Period: time.Second, Burst: 40})
	b := limiterOf(t, Params{Count: 50_000, Period: time.Second, Burst: 2})
	var all [workers][]taking
	begin := Now()
	together(func(w int) {
		for now := begin; now < begin+200e6; now = Now() {
			rs := [2]Request{{Limiter: a, Key: key(1), Cost: 4}, {Limiter: b, Key: key(1), Cost: 1}}
			if Take(now, rs[:]).Admitted() {
				all[w] = append(all[w], taking{now, 1})
			}
		}
	})
	var ofA, ofB []taking
	for _, x := range all {
		for _, x := range x {
			ofA, ofB = append(ofA, taking{x.at, 4}), append(ofB, x)
		}
	}
	if len(ofA) < 100 {
		t.Fatalf("%d admitted", len(ofA))
	}
	lawful(t, a, ofA)
	lawful(t, b, ofB)
	t.Logf("%d admitted", len(ofA))
}
