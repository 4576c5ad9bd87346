// Package limit counts what requests may still do: rates by the generic cell
// rate algorithm, and requests at once. It knows keys, tokens and a clock.
// What a key is made of, when a limit applies and how a refusal is answered is
// the business of generated code; it must not know hosts nor the compiler.
//
// # The law of a rate
//
// A bucket holds up to burst tokens and gains count tokens a period. A request
// takes cost tokens or is refused; a refused request takes none. So in any
// stretch of time t one key is admitted at most burst + count*t/period tokens.
// The state of a bucket is one instant: when it will be full again, kept
// exactly, also for rates such as 7/min whose tokens take no whole number of
// nanoseconds (see scale).
//
// # What concurrency may cost
//
// No interleaving of workers admits above the law. A request may be refused
// though the law would let it pass in these cases, each for as long as the
// other worker's call takes:
//   - another request of several limits has taken tokens here and is about to
//     give them back, as another of its limits refuses: at most that request's
//     cost, for each worker in that place;
//   - it gives them back after a third request was admitted here: then tokens
//     worth the time since they were taken may be lost;
//   - its clock was read before the clock of a worker that has since thrown out
//     idle buckets: a new bucket starts at the later of both.
//
// # The request path
//
// Take allocates nothing, starts nothing and takes no lock. A hit reads one
// slot and writes one word of it; nothing is written that all keys share.
package limit

import (
	"errors"
	"sync/atomic"
	"time"
)

// Defaults and bounds of Params.
const (
	DefaultKeys = 100_000
	MaxKeys     = 1 << 28
	MaxCount    = 1_000_000_000 // of Count, AtMost and Burst
	DefaultHeld = 1 << 16
	MaxHeld     = 1 << 20
)

const day = 24 * time.Hour

// Params says what a limiter enforces. Exactly one of Count, AtMost and
// Concurrency is set.
type Params struct {
	// Count is how many tokens a bucket gains a period.
	Count int64
	// AtMost makes the rate one of each request; higher ones are lowered to it.
	AtMost int64
	// Period belongs to Count or AtMost: a second, a minute, an hour or a day.
	Period time.Duration
	// Burst is how many tokens a bucket holds: 0 is as many as Count. Beside
	// AtMost it is the highest burst that a request may name, and 0 says that
	// the burst is always the rate's count.
	Burst int64

	// Concurrency is how many requests of a key may be on their way at once.
	Concurrency int64
	// Held bounds how many requests the whole limiter can hold at once, over
	// all keys: 0 is DefaultHeld. Beyond it requests are refused, counted.
	Held int

	// Keys is how many keys have buckets of their own: 0 is DefaultKeys.
	Keys int
}

// Check says what is wrong with parameters.
func (p Params) Check() error {
	kinds := 0
	for _, n := range []int64{p.Count, p.AtMost, p.Concurrency} {
		if n != 0 {
			kinds++
		}
		if n < 0 || n > MaxCount {
			return errors.New("a limit's number lies outside 1 to 1000000000")
		}
	}
	switch {
	case kinds != 1:
		return errors.New("a limit has exactly one of a count, a highest rate and a concurrency")
	case p.Burst < 0 || p.Burst > MaxCount:
		return errors.New("a burst lies outside 1 to 1000000000")
	case p.Keys < 0 || p.Keys > MaxKeys:
		return errors.New("the number of keys lies outside 1 to 268435456")
	case p.Concurrency != 0 && (p.Period != 0 || p.Burst != 0):
		return errors.New("a concurrency has neither a period nor a burst")
	case p.Held < 0 || p.Held > MaxHeld || p.Held != 0 && p.Concurrency == 0:
		return errors.New("the number of held requests lies outside 1 to 1048576, or there is no concurrency")
	case p.Concurrency == 0 && p.Period != time.Second && p.Period != time.Minute && p.Period != time.Hour && p.Period != day:
		return errors.New("a period is a second, a minute, an hour or a day")
	}
	return nil
}

// filled are the parameters with the defaults that they stand for, so that two
// ways of saying the same are one limiter.
func (p Params) filled() Params {
	if p.Burst == 0 {
		p.Burst = p.Count
	}
	if p.Keys == 0 {
		p.Keys = DefaultKeys
	}
	if p.Concurrency != 0 && p.Held == 0 {
		p.Held = DefaultHeld
	}
	return p
}

// Limiter is one set of buckets. It is shared by all workers and made by Get.
type Limiter struct {
	bundle, name string
	params       Params
	scale        scale // of a rate
	table        table
	holds        *holds // of a concurrency
	starved      atomic.Uint64
}

// newLimiter needs parameters that Check has found right.
func newLimiter(bundle, name string, p Params) *Limiter {
	l := &Limiter{bundle: bundle, name: name, params: p}
	if p.Concurrency == 0 {
		l.scale = newScale(p)
	} else {
		l.holds = newHolds(p.Held)
	}
	l.table.init(p.Keys, l.params.Concurrency != 0)
	return l
}

// Name is the limit's name without the bundle's.
func (l *Limiter) Name() string { return l.name }

// Params are the limiter's parameters, defaults filled in.
func (l *Limiter) Params() Params { return l.params }

// Stats is what has happened to a limiter since the process started.
type Stats struct {
	Keys       int    // buckets of keys of their own, at most Params.Keys
	Evicted    uint64 // full, idle buckets that made room for other keys
	Overflowed uint64 // looks for a bucket that ended at the overflow bucket
	Starved    uint64 // refusals because Params.Held requests were held
}

// Stats may be called at any time, by anyone.
func (l *Limiter) Stats() Stats {
	return Stats{
		Keys:       int(min(l.table.used.Load(), l.table.keys)),
		Evicted:    l.table.evicted.Load(),
		Overflowed: l.table.overflowed.Load(),
		Starved:    l.starved.Load(),
	}
}

// limiterBytes is more than what a Limiter takes without its tables.
const limiterBytes = 1024

// Memory is how many bytes a limiter of these parameters takes, all of them
// reserved when it is made; the system provides them as they are first used.
func Memory(p Params) int {
	p = p.filled()
	return limiterBytes + tableBytes(p.Keys) + (holdBytes(p.Held)+8191)&^8191
}
