package limit

import (
	"fmt"
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// record is the law of a rate told in the plainest way: everything that was
// admitted, and a request that passes if in no stretch of time up to now more
// than burst + count*time/period tokens are taken.
type record struct {
	count, period, burst int64
	taken                []taking
}

type taking struct{ at, cost int64 }

// short is by how many token times period ns more would be needed at a moment,
// over all stretches; not positive if the request passes.
func (m *record) short(now, cost int64) *big.Int {
	worst := new(big.Int).Mul(big.NewInt(cost-m.burst), big.NewInt(m.period))
	sum := cost
	for i := len(m.taken) - 1; i >= 0; i-- {
		sum += m.taken[i].cost
		need := new(big.Int).Mul(big.NewInt(sum-m.burst), big.NewInt(m.period))
		need.Sub(need, new(big.Int).Mul(big.NewInt(m.count), big.NewInt(now-m.taken[i].at)))
		if need.Cmp(worst) > 0 {
			worst = need
		}
	}
	return worst
}

func (m *record) admits(now, cost int64) bool { return m.short(now, cost).Sign() <= 0 }

func (m *record) take(now, cost int64) { m.taken = append(m.taken, taking{now, cost}) }

// wait is how many ns later the request passes.
func (m *record) wait(now, cost int64) int64 {
	s := m.short(now, cost)
	if s.Sign() <= 0 {
		return 0
	}
	s.Add(s, big.NewInt(m.count-1))
	return s.Quo(s, big.NewInt(m.count)).Int64()
}

// remaining is the highest cost that passes.
func (m *record) remaining(now int64) int64 {
	s := m.short(now, 0)
	return s.Quo(s.Neg(s), big.NewInt(m.period)).Int64()
}

// reset is how long it takes until the bucket is full.
func (m *record) reset(now int64) int64 { return m.wait(now, m.burst) }

var periods = []time.Duration{time.Second, time.Minute, time.Hour, day}

func drawCount(t *rapid.T, label string) int64 {
	return rapid.OneOf(
		rapid.Int64Range(1, 12),
		rapid.SampledFrom([]int64{3, 7, 11, 13, 60, 97, 100, 997, 1000, 9973, 65537, 999_983, 999_999_937, MaxCount}),
		rapid.Int64Range(1, 20_000),
		rapid.Int64Range(1, MaxCount),
	).Draw(t, label)
}

// drawGap is a stretch of time: nothing, what a token takes and a bit, much
// more than a bucket takes to fill, or as long as the last wait.
func drawGap(t *rapid.T, m *record, wait int64) int64 {
	token := m.period / m.count
	return rapid.OneOf(
		rapid.Just(int64(0)),
		rapid.Int64Range(0, 3),
		rapid.Int64Range(max(token-1, 0), token+1),
		rapid.Int64Range(0, 5*token),
		rapid.Int64Range(0, 3*m.period),
		rapid.Int64Range(0, 400*int64(day)),
		rapid.Int64Range(max(wait-1, 0), wait),
	).Draw(t, "gap")
}

// limiterOf is one that no other test shares.
func limiterOf(t testing.TB, p Params) *Limiter {
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	l := newLimiter("test", "rate", p.filled())
	return l
}

func key(n int64) Key { return NewTuple().Int(n).Key() }

// follow takes at random from a bucket and its model, and compares all that
// can be seen.
func follow(t *rapid.T, l *Limiter, m *record, r Request) {
	grain := int64(1) << l.scale.shift
	now := rapid.Int64Range(0, 1<<55).Draw(t, "start")
	wait := int64(0)
	for range rapid.IntRange(1, 40).Draw(t, "requests") {
		now += drawGap(t, m, wait)
		tick := now &^ (grain - 1)
		r.Cost = rapid.OneOf(rapid.Just(int64(1)), rapid.Int64Range(0, m.burst), rapid.Just(m.burst)).Draw(t, "cost")
		rs := []Request{r}
		got := Take(now, rs)
		if want := m.admits(tick, r.Cost); got.Admitted() != want {
			t.Fatalf("at %d cost %d: admitted %v, the law says %v; %+v, scale %+v", now, r.Cost, got.Admitted(), want, rs[0].rate, l.scale)
		}
		wait = 0
		if got.Admitted() {
			m.take(tick, r.Cost)
		} else {
			wait = got.Wait
			if want := m.wait(tick, r.Cost); (wait+now-tick+grain-1)/grain != (want+grain-1)/grain || (now+wait)%grain != 0 {
				t.Fatalf("at %d cost %d: wait %d, the law says %d with a grain of %d", now, r.Cost, wait, want, grain)
			}
			if Take(now+wait-1, rs).Admitted() {
				t.Fatalf("a wait of %d is not tight", wait)
			}
			if s, ok := got.RetryAfter(); !ok || s*1e9 < wait || (s-1)*1e9 >= wait {
				t.Fatalf("retry-after %d, %v for %d ns", s, ok, wait)
			}
			// What the requests have asked in vain must not have changed anything.
			Take(now, rs)
		}
		if got, want := rs[0].Remaining(), m.remaining(tick); got != want {
			t.Fatalf("at %d: %d remain, the law says %d", now, got, want)
		}
		if got, want := rs[0].Reset(), m.reset(tick); (got == 0) != (want == 0) || got != 0 && (got+now-tick) != (want+grain-1)/grain*grain {
			t.Fatalf("at %d: reset in %d, the law says %d", now, got, want)
		}
	}
}

func TestFixedRateIsTheLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Params{Count: drawCount(t, "count"), Period: rapid.SampledFrom(periods).Draw(t, "period"), Keys: 1}
		p.Burst = rapid.OneOf(rapid.Just(p.Count), rapid.Int64Range(1, 50), rapid.Int64Range(1, MaxCount)).Draw(t, "burst")
		p.Burst = min(p.Burst, int64(float64(1<<61)/float64(p.Period)*float64(p.Count))) // 73 years to fill
		l := newLimiter("test", "rate", p.filled())
		follow(t, l, &record{count: p.Count, period: int64(p.Period), burst: p.Burst}, Request{Limiter: l, Key: key(1)})
	})
}

// A rate that stays the same is exact too where each request has its own,
// whatever the highest one is.
func TestOwnRateIsTheLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Params{AtMost: drawCount(t, "most"), Period: rapid.SampledFrom(periods).Draw(t, "period"), Keys: 1}
		p.Burst = rapid.SampledFrom([]int64{0, 1, 30, 10_000}).Draw(t, "highest burst")
		l := newLimiter("test", "rate", p.filled())
		r := Request{Limiter: l, Key: key(1), Count: rapid.Int64Range(1, p.AtMost).Draw(t, "count")}
		m := &record{count: r.Count, period: int64(p.Period), burst: r.Count}
		if p.Burst != 0 {
			r.Burst = rapid.Int64Range(1, p.Burst).Draw(t, "burst")
			m.burst = min(r.Burst, int64(span>>l.scale.frac*uint64(r.Count)/l.scale.period))
			if m.burst == 0 {
				t.Skip("a bucket of one token takes too long to fill")
			}
		}
		follow(t, l, m, r)
	})
}

// Rates that people write go by single nanoseconds.
func TestOrdinaryRatesHaveTheFinestClock(t *testing.T) {
	for _, p := range []Params{
		{Count: 3, Period: time.Second}, {Count: 100, Burst: 20, Period: time.Minute}, {Count: 7, Period: time.Minute},
		{Count: 1_000_000, Period: time.Second}, {Count: 9973, Period: day}, {Count: 99_991, Period: time.Hour},
		{AtMost: 10_000, Period: time.Minute}, {AtMost: 1000, Burst: 100, Period: time.Minute}, {AtMost: 1_000_000, Period: time.Second},
	} {
		if l := limiterOf(t, p); l.scale.shift != 0 {
			t.Errorf("%+v goes by a clock of %d ns", p, 1<<l.scale.shift)
		}
	}
}

// A million tokens of a rate that divides nothing, each taken as soon as the
// clock shows it: not one is early, none is late.
func TestNoDrift(t *testing.T) {
	for _, p := range []Params{{Count: 7, Period: time.Minute, Burst: 2}, {Count: 3, Period: time.Second, Burst: 2}, {AtMost: 997, Period: time.Second, Burst: 2}} {
		p.Keys = 1
		l := limiterOf(t, p)
		count := max(p.Count, p.AtMost)
		const start = 12345
		rs := [1]Request{{Limiter: l, Key: key(1), Cost: 2, Count: count, Burst: 2}}
		if !Take(start, rs[:]).Admitted() {
			t.Fatalf("%+v: a full bucket refuses", p)
		}
		rs[0].Cost = 1
		for n := uint64(1); n <= 1_000_000; n++ {
			now := start + int64((n*uint64(p.Period)+uint64(count)-1)/uint64(count))
			if Take(now-1, rs[:]).Admitted() {
				t.Fatalf("%+v: token %d is early", p, n)
			}
			if !Take(now, rs[:]).Admitted() {
				t.Fatalf("%+v: token %d is late", p, n)
			}
		}
	}
}

// Where the rate changes, the bucket keeps the moment at which it is full, but
// for less than a nanosecond a change.
func TestChangingRate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Params{AtMost: drawCount(t, "most"), Period: rapid.SampledFrom(periods).Draw(t, "period"), Keys: 1}
		l := newLimiter("test", "rate", p.filled())
		grain := int64(1) << l.scale.shift
		now := rapid.Int64Range(0, 1<<50).Draw(t, "start") &^ (grain - 1)
		full := new(big.Rat) // when the bucket is full
		slack := new(big.Rat)
		for range rapid.IntRange(1, 40).Draw(t, "requests") {
			count := rapid.Int64Range(1, p.AtMost).Draw(t, "count")
			m := record{count: count, period: int64(p.Period)}
			now += drawGap(t, &m, 0) &^ (grain - 1)
			cost := rapid.OneOf(rapid.Just(int64(1)), rapid.Int64Range(1, count)).Draw(t, "cost")
			if n := new(big.Rat).SetInt64(now); full.Cmp(n) < 0 {
				full.Set(n)
				slack.SetInt64(0)
			}
			slack.Add(slack, big.NewRat(grain, 1))
			next := new(big.Rat).Add(full, new(big.Rat).Mul(big.NewRat(int64(p.Period), count), new(big.Rat).SetInt64(cost)))
			over := new(big.Rat).Sub(next, new(big.Rat).SetInt64(now+int64(p.Period)))
			rs := []Request{{Limiter: l, Key: key(1), Cost: cost, Count: count}}
			admitted := Take(now, rs).Admitted()
			switch {
			case admitted && over.Cmp(big.NewRat(grain, 1<<30)) > 0 && over.Cmp(slack) > 0:
				t.Fatalf("admitted %v ns above the law", over)
			case !admitted && over.Cmp(new(big.Rat).Neg(slack)) < 0:
				t.Fatalf("refused %v ns below the law", over)
			}
			if admitted {
				full.Set(next)
			}
		}
	})
}

// A clock that stands back takes from a bucket that is as it was left.
func TestClockStepsBack(t *testing.T) {
	l := limiterOf(t, Params{Count: 10, Period: time.Second, Burst: 2, Keys: 1})
	take := func(now int64) bool {
		return Take(now, []Request{{Limiter: l, Key: key(1), Cost: 1}}).Admitted()
	}
	got := fmt.Sprint(take(5e9), take(5e9), take(5e9), take(1e9), take(0), take(-7), take(5e9+99_999_999), take(5e9+100_000_000))
	if want := "true true false false false false false true"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestLongWaitsAreCut(t *testing.T) {
	l := limiterOf(t, Params{Count: 1, Period: day, Burst: MaxCount, Keys: 1})
	rs := []Request{{Limiter: l, Key: key(1), Cost: MaxCount}}
	first, second := Take(5, rs), Take(6, rs)
	if !first.Admitted() || second.Admitted() || second.Wait != longest || rs[0].Reset() != longest || rs[0].Remaining() != 0 {
		t.Errorf("%+v, then %+v", first, second)
	}
}

func TestNowIsNotTheTimeOfDay(t *testing.T) {
	a := Now()
	time.Sleep(2 * time.Millisecond)
	if b := Now(); b-a < 2e6 || a < 0 || b > int64(time.Hour) {
		t.Errorf("%d, then %d", a, b)
	}
}
