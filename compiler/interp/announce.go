package interp

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"moec.dev/moec/compiler/scenario"
)

// announcement is what an answer says of a limit.
type announcement struct{ policy, state string }

// announce notes, of the limits that a step has asked together, what all answers
// to the request say. Where first refuses, nothing was taken.
func (d *decision) announce(all []*asking, first *asking) {
	now := new(big.Rat).SetInt64(int64(d.sent.Clock))
	for _, a := range all {
		l := a.rule.Limit
		if !l.Announce || a.why != "" && a.why != limited {
			continue
		}
		missing := new(big.Rat) // nanoseconds until the bucket is full
		full := d.bundle.buckets(l).full[a.bucket]
		// The bucket that keys share is not asked where another limit refuses.
		unasked := first != nil && a != first && a.bucket == overflow
		if full != nil && full.Cmp(now) > 0 && !unasked {
			missing.Sub(full, now)
		}
		left := new(big.Rat).SetInt(a.burst)
		left.Sub(left, new(big.Rat).Quo(missing, a.token()))
		remaining := new(big.Int)
		if left.Sign() > 0 {
			remaining.Quo(left.Num(), left.Denom())
		}
		reset := a.wait
		if a.why == "" || unasked {
			reset = ceiling(missing)
			if reset.Cmp(longest) > 0 {
				reset = longest
			}
		}
		name := strings.TrimPrefix(l.FullName, d.bundle.Name+".")
		n := announcement{
			policy: fmt.Sprintf("%q;q=%d;w=%d", name, a.rate, int64(l.Period/time.Second)),
			state:  fmt.Sprintf("%q;r=%d;t=%d", name, remaining, ceiling(new(big.Rat).SetFrac(reset, big.NewInt(int64(time.Second))))),
		}
		d.said = append(d.said, n)
		d.log.announce(a, n)
	}
}

// ceiling is the least whole number that is not below.
func ceiling(r *big.Rat) *big.Int {
	q, m := new(big.Int).DivMod(r.Num(), r.Denom(), new(big.Int))
	if m.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return q
}

// announced adds what is said of limits to the headers of an answer, to what an
// upstream says of its own. Rules on the response come later and may change it.
func (d *decision) announced(headers []scenario.Header) []scenario.Header {
	if len(d.said) == 0 {
		return headers
	}
	var policies, states []string
	for _, s := range d.said {
		policies, states = append(policies, s.policy), append(states, s.state)
	}
	headers = withHeader(headers, "ratelimit-policy", strings.Join(policies, ", "))
	return withHeader(headers, "ratelimit", strings.Join(states, ", "))
}
