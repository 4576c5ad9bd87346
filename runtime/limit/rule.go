package limit

import (
	"errors"

	"moec.dev/moec/runtime/core"
)

func init() { core.Release = Release }

// Rule is a limit as a block of a policy has it: its number and how it refuses.
// The texts are constants.
type Rule struct {
	Number  int    // in core.Bundle.Rules
	Details string // under which it refuses
	Status  uint32
	Body    string
	JSON    bool
	Exact   bool // the body is this one, even if it is empty
	// Announce says that answers tell how the limit stands.
	Announce bool
}

// Of begins what a request asks of a limiter under a rule: one token, and no
// key yet, so that it is refused unless the rest works out.
func (q *Request) Of(l *Limiter, rule *Rule) { q.Limiter, q.rule, q.Cost = l, rule, 1 }

// OwnBurst is a burst that the request names: below 1 it is none, and the
// request is refused.
func (q *Request) OwnBurst(n int64) {
	if q.Burst = n; n < 1 {
		q.Burst = -1
	}
}

// Enforce takes what the limits of one step ask for. It returns false after a
// refusal, whose answer is then in the frame: by the first limit that refused,
// with its own status, or 403 where the request can never be admitted.
func Enforce(r *core.Request, step []Request) bool {
	if len(step) == 0 {
		return true
	}
	result := Take(r.Clock(), step)
	crowds(r, step)
	announce(r, step)
	if result.Admitted() {
		keep(r, step)
		return true
	}
	rule := step[result.Refused].rule
	r.At = uint32(rule.Number)
	switch {
	case result.Reason != Limited:
		r.Reply(rule.Details, 403, "", false)
	case rule.Exact:
		r.ReplyExact(rule.Details, rule.Status, rule.Body, rule.JSON)
	default:
		r.Reply(rule.Details, rule.Status, "", false)
	}
	if after, known := result.RetryAfter(); known {
		r.RetryAfter(after)
	}
	return false
}

// Watch takes what limits in shadow ask for, each by itself, and counts those
// that would have refused.
func Watch(r *core.Request, step []Request) {
	for i := range step {
		one := step[i : i+1]
		admitted := Take(r.Clock(), one).Admitted()
		crowds(r, one)
		if admitted {
			keep(r, one)
		} else {
			r.Shadow(one[0].rule.Number)
		}
	}
}

// crowds notes that a limiter had no room.
func crowds(r *core.Request, step []Request) {
	for i := range step {
		if step[i].starved || step[i].slot == &step[i].Limiter.table.overflow {
			r.Crowded()
		}
	}
}

// keep keeps the places of a request that was admitted until its stream ends.
func keep(r *core.Request, step []Request) {
	for i := range step {
		if h := step[i].Held; h != 0 {
			r.Hold(h)
		}
	}
}

// Named is a limit of a bundle.
type Named struct {
	Name string // without the bundle's
	Params
}

// Load finds the limiters of a bundle's limits, in their order.
func Load(bundle string, into []*Limiter, limits []Named) error {
	for i, n := range limits {
		l, err := Get(bundle, n.Name, n.Params)
		if err != nil {
			return errors.New("limit " + n.Name + ": " + err.Error())
		}
		into[i] = l
	}
	return nil
}
