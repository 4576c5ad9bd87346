package interp

import (
	"math/big"

	"moec.dev/moec/compiler/resolve"
)

// buckets are those of one limit, in the plainest form: of a rate the moment at
// which each bucket is full again, a rational number of nanoseconds; of a
// concurrency how many requests there are.
type buckets struct {
	limit *resolve.Limit
	full  map[string]*big.Rat
	held  map[string]int64
}

// overflow is the key of the bucket that new keys share when there is no room
// for more. No key of a request is written like it.
const overflow = "overflow"

// buckets are a limit's.
func (b *bundle) buckets(l *resolve.Limit) *buckets {
	k := b.limits[l.FullName]
	if k == nil {
		k = &buckets{limit: l, full: map[string]*big.Rat{}, held: map[string]int64{}}
		b.limits[l.FullName] = k
	}
	return k
}

// place is the key of the bucket that a key goes by: its own if it has one that
// is not full, or if there is room for one.
func (b *buckets) place(key string, now *big.Rat) string {
	if b.occupied(key, now) {
		return key
	}
	others := 0
	if len(b.full)+len(b.held) >= b.limit.Keys {
		for k := range b.full {
			if k != overflow && b.occupied(k, now) {
				others++
			}
		}
		for k := range b.held {
			if k != overflow && b.occupied(k, now) {
				others++
			}
		}
	}
	if others >= b.limit.Keys {
		return overflow
	}
	return key
}

// occupied reports whether a bucket differs from a new one.
func (b *buckets) occupied(key string, now *big.Rat) bool {
	full := b.full[key]
	return full != nil && full.Cmp(now) > 0 || b.held[key] > 0
}

// look says whether a request would pass, and leaves all as it is.
func (b *buckets) look(a *asking, now *big.Rat) {
	l := b.limit
	a.why, a.wait = "", nil
	one := big.NewInt(1)
	switch {
	case a.failed:
		a.why = failed
		return
	case a.key == "":
		a.why = badKey
		return
	case l.Concurrency != 0:
		if b.held[b.place(a.key, now)] >= l.Concurrency {
			a.why = limited
		}
		return
	case a.rate.Cmp(one) < 0 || a.burst.Cmp(one) < 0:
		a.why = badRate
		return
	case a.cost.Sign() < 0 || a.cost.Cmp(a.burst) > 0:
		a.why = badCost
		return
	}
	over := new(big.Rat).Sub(b.after(a, now), new(big.Rat).Mul(a.token(), new(big.Rat).SetInt(a.burst)))
	if over.Sub(over, now).Sign() > 0 {
		a.why = limited
		a.wait = new(big.Int).Add(over.Num(), over.Denom())
		a.wait.Quo(a.wait.Sub(a.wait, one), over.Denom())
		if a.wait.Cmp(longest) > 0 {
			a.wait = longest
		}
	}
}

// longest is what waits are cut to: 2^62 ns, 146 years.
var longest = new(big.Int).Lsh(big.NewInt(1), 62)

// token is how long a token takes to come.
func (a *asking) token() *big.Rat {
	return new(big.Rat).SetFrac(big.NewInt(int64(a.rule.Limit.Period)), a.rate)
}

// after is when the bucket would be full if the request took its tokens.
func (b *buckets) after(a *asking, now *big.Rat) *big.Rat {
	full := b.full[b.place(a.key, now)]
	if full == nil || full.Cmp(now) < 0 {
		full = now
	}
	return new(big.Rat).Add(full, new(big.Rat).Mul(a.token(), new(big.Rat).SetInt(a.cost)))
}

// fill counts a request that passes. What ends with it is told to ends.
func (b *buckets) fill(a *asking, now *big.Rat, ends *[]func()) {
	key := b.place(a.key, now)
	if b.limit.Concurrency == 0 {
		b.full[key] = b.after(a, now)
		return
	}
	hold := func(n int64) {
		if b.held[key] += n; b.held[key] == 0 {
			delete(b.held, key)
		}
	}
	hold(1)
	*ends = append(*ends, func() { hold(-1) })
}

// Begin empties all buckets: a test begins.
func (i *Interpreter) Begin() error {
	for _, b := range i.bundles {
		b.limits = map[string]*buckets{}
	}
	i.held = nil
	return nil
}

// Release ends the requests that are held.
func (i *Interpreter) Release() error {
	for _, end := range i.held {
		end()
	}
	i.held = nil
	return nil
}
