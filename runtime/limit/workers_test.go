package limit

import (
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const workers = 4

// together runs a function in several goroutines that start at once.
func together(f func(worker int)) {
	var ready, done sync.WaitGroup
	ready.Add(workers)
	for w := range workers {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			f(w)
		})
	}
	done.Wait()
}

// lawful says whether what was admitted keeps the law in all stretches of time.
// It goes by instants, in units in which nothing is rounded, so that long
// records can be read: a fixed rate only.
func lawful(t *testing.T, l *Limiter, taken []taking) {
	t.Helper()
	slices.SortFunc(taken, func(a, b taking) int { return int(a.at - b.at) })
	s := &l.scale
	full := uint64(0)
	for _, x := range taken {
		now := uint64(x.at) * s.perTick
		full = max(full, now) + uint64(x.cost)*s.fixed.token
		if full > now+s.fixed.full {
			t.Fatalf("%d units above the law at %d", full-now-s.fixed.full, x.at)
		}
	}
}

// Workers that hammer the same few keys: never above the law, and what a
// patient client was refused below it is bounded.
func TestWorkersAdmitTheLaw(t *testing.T) {
	const keys, count, burst = 3, 7001, 50
	l := limiterOf(t, Params{Count: count, Period: time.Second, Burst: burst, Keys: keys})
	var mu sync.Mutex
	taken := make([][]taking, keys)
	begin := Now()
	for n := range int64(keys) { // all buckets begin here
		one(l, key(n), begin, burst)
		taken[n] = append(taken[n], taking{begin, burst})
	}
	var last atomic.Int64
	together(func(int) {
		mine := make([][]taking, keys)
		for {
			now := Now()
			if now > begin+300e6 {
				break
			}
			n := rand.IntN(keys)
			cost := int64(1 + rand.IntN(3))
			if _, res := one(l, key(int64(n)), now, cost); res.Admitted() {
				mine[n] = append(mine[n], taking{now, cost})
			}
			raiseClock(&last, now)
		}
		mu.Lock()
		defer mu.Unlock()
		for n := range mine {
			taken[n] = append(taken[n], mine[n]...)
		}
	})
	for n := range int64(keys) {
		sum := int64(0)
		for _, x := range taken[n] {
			sum += x.cost
		}
		lawful(t, l, taken[n])
		r, _ := one(l, key(n), last.Load(), 0)
		allowed := burst + int64(float64(last.Load()-begin)*count/1e9)
		if sum+r.Remaining() > allowed {
			t.Errorf("key %d: %d taken and %d left where %d are allowed", n, sum, r.Remaining(), allowed)
		}
		t.Logf("key %d: %d taken, %d left, %d allowed", n, sum, r.Remaining(), allowed)
	}
}

// Workers whose clocks show the same admit together exactly what one alone
// would, neither more nor less.
func TestWorkersAdmitNoLess(t *testing.T) {
	l := limiterOf(t, Params{Count: 7, Period: time.Second, Burst: 5})
	m := &record{count: 7, period: int64(time.Second), burst: 5}
	now := int64(0)
	for range 300 {
		now += rand.Int64N(900e6)
		want := m.remaining(now)
		var got atomic.Int64
		together(func(int) {
			for range 10 {
				if _, res := one(l, key(1), now, 1); res.Admitted() {
					got.Add(1)
				}
			}
		})
		if got.Load() != want {
			t.Fatalf("at %d: %d admitted, the law says %d", now, got.Load(), want)
		}
		m.take(now, want)
	}
}

// Many keys for few buckets, all of them thrown out again and again, by workers
// that are late now and then: never above the law for any key.
func TestWorkersEvict(t *testing.T) {
	for _, keys := range []int{8, 48} {
		l := limiterOf(t, Params{Count: 20_000, Period: time.Second, Burst: 2, Keys: keys})
		const names = 64
		var passed atomic.Int64
		var mu sync.Mutex
		taken := make([][]taking, names)
		begin := Now()
		together(func(int) {
			mine := make([][]taking, names)
			for now := Now(); now < begin+200e6 || now < begin+10e9 && (l.Stats().Evicted < 1000 || passed.Load() < 1000); now = Now() {
				n := rand.IntN(names)
				if rand.IntN(50) == 0 {
					time.Sleep(time.Duration(rand.IntN(300)) * time.Microsecond) // its clock is old now
				}
				if r, res := one(l, key(int64(n)), now, 1); res.Admitted() && r.slot != &l.table.overflow {
					mine[n] = append(mine[n], taking{now, 1})
					passed.Add(1)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			for n := range mine {
				taken[n] = append(taken[n], mine[n]...)
			}
		})
		for n := range taken {
			lawful(t, l, taken[n])
		}
		s := l.Stats()
		if s.Evicted < 1000 || s.Keys > keys || passed.Load() < 1000 {
			t.Errorf("%d admitted, %+v: this has shown little", passed.Load(), s)
		}
		t.Logf("%d admitted, %+v", passed.Load(), s)
	}
}

// Workers that bring the same new key at once make one bucket.
func TestWorkersMakeOneBucket(t *testing.T) {
	const keys = 40_000
	l := limiterOf(t, Params{Count: 1, Period: day, Burst: 2, Keys: keys})
	var admitted [keys]atomic.Int32
	together(func(w int) {
		for n := range keys {
			if r, res := one(l, key(int64(n)), 1, 1); res.Admitted() && r.slot != &l.table.overflow {
				admitted[n].Add(1)
			}
		}
	})
	overflowed := 0
	for n := range admitted {
		switch got := admitted[n].Load(); {
		case got > 2:
			t.Fatalf("key %d was admitted %d times and has 2 tokens", n, got)
		case got < 2:
			overflowed++
		}
	}
	if overflowed > 20 {
		t.Errorf("%d keys have no bucket", overflowed)
	}
}

// The same where all keys look for room in one small table at once, and every
// bucket is idle: a cost of 0 makes one and leaves it full.
func TestWorkersSettle(t *testing.T) {
	l := limiterOf(t, Params{Count: 1, Period: day, Burst: 1, Keys: 6})
	for round := range int64(3000) {
		var admitted atomic.Int32
		k := key(round)
		together(func(w int) {
			for n := range int64(4) {
				one(l, key(-1-n-int64(w)*4), 5, 0)
			}
			if r, res := one(l, k, 5, 1); res.Admitted() && r.slot != &l.table.overflow {
				admitted.Add(1)
			}
		})
		if admitted.Load() > 1 {
			t.Fatalf("round %d: %d admitted by a bucket of one", round, admitted.Load())
		}
		s := l.table.find(k)
		if s == nil {
			continue
		}
		if n := l.table.used.Load(); n > 6 || n < 1 {
			t.Fatalf("%d slots in use", n)
		}
		s.word.Store(live) // full again
	}
	seen := map[Key]bool{}
	for i := range l.table.slots {
		s := &l.table.slots[i]
		k := Key{s.hi.Load(), s.lo.Load()}
		if w := s.word.Load(); isLive(w) {
			if seen[k] {
				t.Error("two live slots have one key")
			}
			seen[k] = true
		} else if w != left && w != free {
			t.Errorf("slot %d is left with the word %x", i, w)
		}
	}
	if int64(len(seen)) != l.table.used.Load() {
		t.Errorf("%d keys live, %d counted", len(seen), l.table.used.Load())
	}
}
