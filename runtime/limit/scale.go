package limit

import (
	"math/bits"
	"time"
)

// scale is how a limiter writes instants, and what tokens are worth in time.
//
// An instant is a number of units, kept modulo 2^63 in a slot. A fixed rate of
// 7/min has a unit of a seventh of a nanosecond: its token takes 60e9/7 ns,
// which is 60e9 units, so that nothing is ever rounded. A rate of each
// request's own has no such unit. There the unit is 2^-f ns, finer than any
// 1/count: instants are rounded up to units when they are written, and when
// they are read, back to the multiple of 1/count ns that they came from. So a
// key whose rate stays the same does not drift either. One whose rate changes
// keeps its instant: a bucket that was empty stays empty, and fills at the
// rate of the request at hand. The rounding of a change is below 1/count ns.
//
// Where the units of the longest time to fill a bucket would not fit in 2^61,
// time is counted in ticks of 2^shift ns, at most 66 us for a day: the law then
// holds for a clock of that resolution.
type scale struct {
	shift   uint
	perTick uint64 // units of one tick
	period  uint64 // ticks of a period
	frac    uint   // dynamic: perTick is 1<<frac
	dynamic bool
	fixed   rate // of a fixed rate
}

// rate is what one request goes by. A step is 1/perTick of a tick: a unit for a
// fixed rate, 1/count of a tick for one of a request's own.
type rate struct {
	perTick uint64 // steps of one tick
	token   uint64 // steps of one token
	burst   uint64 // tokens of a full bucket
	full    uint64 // steps from empty to full
}

const (
	// span bounds the units from an instant to one that a bucket may hold.
	span = uint64(1) << 61
	// instants are kept in 63 bits; the highest bit says that there is one.
	live = uint64(1) << 63
)

// newScale needs parameters of a rate that Check has found right.
//
// INVARIANT: burst*token <= span for a fixed rate: numbers are at most 10^9 and
// a day of 2^16 ns ticks has 1.32*10^9.
func newScale(p Params) scale {
	ns := uint64(p.Period)
	most := uint(bits.TrailingZeros64(ns))
	if p.AtMost != 0 {
		s := scale{dynamic: true, frac: uint(bits.Len64(uint64(p.AtMost)))}
		long := uint64(max(p.Burst, 1)) // periods, of the slowest rate with the highest burst
		for ; s.shift < most; s.shift++ {
			hi, lo := bits.Mul64(long, ns>>s.shift)
			if hi == 0 && lo <= span>>s.frac {
				break
			}
		}
		s.perTick, s.period = 1<<s.frac, ns>>s.shift
		return s
	}
	count, burst := uint64(p.Count), uint64(p.Burst)
	var s scale
	for ; s.shift < most; s.shift++ {
		hi, lo := bits.Mul64(burst, (ns>>s.shift)/gcd(ns>>s.shift, count))
		if hi == 0 && lo <= span {
			break
		}
	}
	g := gcd(ns>>s.shift, count)
	s.perTick, s.period = count/g, ns>>s.shift
	s.fixed = rate{perTick: count / g, token: s.period / g, burst: burst}
	s.fixed.full = burst * s.fixed.token
	return s
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// rateOf is the rate of a request of its own count and burst; false when it
// lets nothing pass. A burst that takes longer to fill than instants can be
// apart is lowered to what they can, which is a rate of less than 2^-f of the
// highest one's.
func (s *scale) rateOf(count, burst, atMost, burstMost int64) (rate, bool) {
	if count < 1 || burst < 0 {
		return rate{}, false
	}
	count = min(count, atMost)
	if burst == 0 || burstMost == 0 {
		burst = count
	} else {
		burst = min(burst, burstMost)
	}
	// INVARIANT: ticks*count does not overflow: ticks < 2^61/2^f, count < 2^f.
	ticks := span >> s.frac
	r := rate{perTick: uint64(count), token: s.period, burst: min(uint64(burst), ticks*uint64(count)/s.period)}
	r.full = r.burst * r.token
	return r, true
}

// moment is a reading of the clock in a limiter's units.
type moment struct {
	tick  uint64
	units uint64 // modulo 2^63
	era   uint64 // how many times 2^61 units have passed
}

// at needs a clock that is not negative.
func (s *scale) at(now int64) moment {
	tick := uint64(now) >> s.shift
	hi, lo := bits.Mul64(tick, s.perTick)
	return moment{tick: tick, units: lo &^ live, era: hi<<3 | lo>>61}
}

// missing is how many units after a moment an instant lies; 0 if it is past.
// The era is that of the last write of the instant. Instants lie at most one
// era after the clock that wrote them: one that was written in this era or the
// last one differs from now by less than 2^62 and its order is certain, and an
// older one is past.
func (m moment) missing(instant, era uint64) uint64 {
	d := int64((instant-m.units)<<1) >> 1
	if d < 0 || era+1 < m.era {
		return 0
	}
	return uint64(d)
}

// steps turns units into steps of a rate.
func (s *scale) steps(units uint64, r *rate) uint64 {
	if !s.dynamic || units == 0 {
		return units
	}
	// What was rounded up is less than one unit above a multiple of a step.
	hi, lo := bits.Mul64(units-1, r.perTick)
	n := hi<<(64-s.frac) | lo>>s.frac
	if lo&(s.perTick-1) != 0 {
		n++
	}
	return n
}

// units turns steps of a rate into units, rounded up.
func (s *scale) units(steps uint64, r *rate) uint64 {
	if !s.dynamic || steps == 0 {
		return steps
	}
	n, rest := bits.Div64(steps>>(64-s.frac), steps<<s.frac, r.perTick)
	if rest != 0 {
		n++
	}
	return n
}

// longest is what waits are cut to, 146 years.
const longest = 1 << 62

// wait is how many nanoseconds after now that many steps have passed, to the
// nanosecond.
func (s *scale) wait(now int64, steps uint64, r *rate) int64 {
	if steps == 0 {
		return 0
	}
	ticks := (steps-1)/r.perTick + 1
	if ticks > longest>>s.shift {
		return longest
	}
	return int64(ticks<<s.shift) - now&(1<<s.shift-1)
}

// seconds rounds nanoseconds up to whole seconds.
func seconds(ns int64) int64 {
	if ns <= 0 {
		return 0
	}
	return (ns-1)/int64(time.Second) + 1
}
