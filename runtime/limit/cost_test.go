package limit

import (
	"strconv"
	"sync/atomic"
	"testing"
	"time"
)

var someUsers = func() []string {
	out := make([]string, 100_000)
	for i := range out {
		out[i] = "staff:user-" + strconv.Itoa(1_000_000+i)
	}
	return out
}()

// perUser is a limiter of which 100,000 keys are live.
func perUser(t testing.TB) *Limiter {
	l := limiterOf(t, Params{Count: 1_000_000, Period: time.Second, Burst: 1_000_000})
	for _, u := range someUsers {
		one(l, NewTuple().String(u).Key(), Now(), 1)
	}
	return l
}

func TestNoAllocation(t *testing.T) {
	l, plan := perUser(t), limiterOf(t, Params{AtMost: 1000, Period: time.Second, Keys: 10})
	busy := limiterOf(t, Params{Concurrency: 2, Keys: 3})
	s := scratch(t)
	n := int64(0)
	if got := testing.AllocsPerRun(1000, func() {
		n++
		b := s.Build()
		rs := [3]Request{
			{Limiter: l, Key: NewTuple().String(someUsers[n]).Key(), Cost: 1, rule: told},
			{Limiter: plan, Key: NewTuple().Int(n).Bool(true).Key(), Cost: 1, Count: n, rule: told},
			{Limiter: busy, Key: NewTuple().Int(n).Key(), rule: told},
		}
		res := Take(Now(), rs[:])
		if len(WritePolicy(&s, rs[:]))+len(WriteState(&s, rs[:])) == 0 {
			t.Error("nothing is written")
		}
		res.RetryAfter()
		b.Drop()
		if n%3 != 0 {
			Release(rs[2].Held)
		}
	}); got != 0 {
		t.Errorf("%v allocations a request", got)
	}
}

// Now alone, a part of all the others.
func BenchmarkNow(b *testing.B) {
	for b.Loop() {
		Now()
	}
}

func BenchmarkKey(b *testing.B) {
	var sum uint64
	for i := 0; b.Loop(); i++ {
		sum += NewTuple().String(someUsers[i%len(someUsers)]).Key().lo
	}
}

// What a keyed limit adds to a request: the clock, the key and the bucket, of
// 100,000 live keys. Their texts come in order, as a request's own is in the
// cache; their buckets lie anywhere. Run it with -cpu 1,2.
func BenchmarkTake(b *testing.B) {
	l := perUser(b)
	var worker atomic.Uint64
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(p *testing.PB) {
		at := worker.Add(1) * 33_333
		for p.Next() {
			at++
			rs := [1]Request{{Limiter: l, Key: NewTuple().String(someUsers[at%100_000]).Key(), Cost: 1}}
			if !Take(Now(), rs[:]).Admitted() {
				b.Fail()
			}
		}
	})
}

// One key, for all workers.
func BenchmarkTakeSameKey(b *testing.B) {
	l := perUser(b)
	b.ResetTimer()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			rs := [1]Request{{Limiter: l, Key: NewTuple().String(someUsers[0]).Key(), Cost: 1}}
			Take(Now(), rs[:])
		}
	})
}

func BenchmarkTakeTwo(b *testing.B) {
	l, plan := perUser(b), limiterOf(b, Params{AtMost: 1_000_000, Period: time.Second})
	i := 0
	for b.Loop() {
		i++
		k := NewTuple().String(someUsers[i%100_000]).Key()
		rs := [2]Request{{Limiter: l, Key: k, Cost: 1}, {Limiter: plan, Key: k, Cost: 1, Count: 1_000_000}}
		Take(Now(), rs[:])
	}
}

// A new key each time, where all buckets are idle, and where none is.
func BenchmarkNewKey(b *testing.B) {
	for name, gap := range map[string]int64{"idle": 1e9, "busy": 1} {
		b.Run(name, func(b *testing.B) {
			l := limiterOf(b, Params{Count: 1, Period: time.Second, Burst: 1})
			for n := range int64(2 * DefaultKeys) {
				one(l, key(-n-1), n*gap, 1)
			}
			n := int64(2 * DefaultKeys)
			for b.Loop() {
				one(l, key(n), n*gap, 1)
				n++
			}
		})
	}
}

func BenchmarkHold(b *testing.B) {
	l := limiterOf(b, Params{Concurrency: 100})
	b.RunParallel(func(p *testing.PB) {
		n := 0
		for p.Next() {
			n++
			rs := [1]Request{{Limiter: l, Key: NewTuple().String(someUsers[n%1000]).Key()}}
			Take(0, rs[:])
			Release(rs[0].Held)
		}
	})
}
