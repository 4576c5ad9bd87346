package limit

import "math"

// Request is what one request asks of one limiter. Generated code keeps a few
// of them in an array on its stack; the zero values of what it does not set
// are those of a plain limit but for Cost, which it sets always.
type Request struct {
	Limiter *Limiter
	Key     Key
	// Cost is how many tokens are asked for, 0 to burst. A concurrency has none.
	Cost int64
	// Count and Burst are the rate of this request where the limiter has
	// Params.AtMost: tokens a period, lowered to AtMost, and a burst of
	// Params.Burst at most, 0 for as many as Count.
	Count, Burst int64

	// Held is set by an admitted Take of a concurrency: it has to be given to
	// Release exactly when the request ends. It is never 0 then, and no pointer.
	Held uint64

	rule   *Rule // of the policy; nil in tests
	rate   rate
	slot   *slot
	state  uint64 // steps that the bucket is from full, or requests that it holds, now
	wait   int64
	now    int64
	before uint64 // the slot's word before and after this request's tokens were taken
	after  uint64
	aged   bool // the word before was older than its era says now
	why    Reason

	starved bool // there was no place to hold it
}

// Reason says how Take has ended for a request.
type Reason uint8

// The reasons. All but Admitted and Limited are of requests that no waiting
// lets pass.
const (
	Admitted Reason = iota
	Limited         // the bucket has too few tokens, or holds as many requests as it may
	BadKey          // the key has an empty part
	BadCost         // the cost lies outside 0 to burst
	BadRate         // the rate is below one token, or the burst is negative
)

// Result is what Take says of all its requests.
type Result struct {
	// Refused is the index of the first limit that refused, -1 if none did.
	Refused int
	// Reason is that limit's.
	Reason Reason
	// Wait is how many nanoseconds after now the same requests would be admitted
	// if no others came: to the nanosecond, and 146 years at most. Never, if waiting does not help;
	// Unknown, if it depends on when others end.
	Wait int64
}

// Values of Wait that are no time.
const (
	Unknown int64 = math.MaxInt64 - 1
	Never   int64 = math.MaxInt64
)

// Admitted says whether all limits let the request pass.
func (r Result) Admitted() bool { return r.Refused < 0 }

// RetryAfter is the least number of whole seconds after which the same requests
// would be admitted, for the header field retry-after; false if there is none.
func (r Result) RetryAfter() (int64, bool) {
	if r.Refused < 0 || r.Wait >= Unknown {
		return 0, false
	}
	return seconds(r.Wait), true
}

// Take takes what all requests ask for, or nothing. Now is of the host's
// monotonic clock; a negative one is 0. A clock that stands back behind that of
// an earlier call takes from a bucket that is as empty as it was left.
func Take(now int64, requests []Request) Result {
	now = max(now, 0)
	if len(requests) == 1 {
		r := &requests[0]
		if r.prepare(now) {
			r.commit(now)
		}
		return result(requests)
	}
	pass := true
	for i := range requests {
		r := &requests[i]
		if !r.prepare(now) || !r.look(now) {
			pass = false
		}
	}
	if !pass {
		return result(requests)
	}
	for i := range requests {
		if requests[i].commit(now) {
			continue
		}
		for i--; i >= 0; i-- {
			requests[i].undo()
			if requests[i].slot == &requests[i].Limiter.table.overflow {
				requests[i].state = 0 // nothing is said of a bucket that others share
			}
		}
		break
	}
	return result(requests)
}

// result finds the first refusal, and the longest wait: that of the moment at
// which all are admitted.
func result(requests []Request) Result {
	out := Result{Refused: -1}
	for i := range requests {
		r := &requests[i]
		if r.why == Admitted {
			continue
		}
		if out.Refused < 0 {
			out.Refused, out.Reason = i, r.why
		}
		out.Wait = max(out.Wait, r.wait)
	}
	return out
}

// refuse ends a request, steps from full as it stands.
func (r *Request) refuse(why Reason, wait int64) bool {
	r.why, r.wait = why, wait
	return false
}

// prepare finds out what the request goes by, and what can be seen to be wrong.
func (r *Request) prepare(now int64) bool {
	l := r.Limiter
	r.why, r.wait, r.slot, r.now, r.state, r.Held, r.starved = Admitted, 0, nil, now, 0, 0, false
	if r.Key == (Key{}) {
		return r.refuse(BadKey, Never)
	}
	if l.holds != nil {
		return true
	}
	r.rate = l.scale.fixed
	if l.scale.dynamic {
		var ok bool
		if r.rate, ok = l.scale.rateOf(r.Count, r.Burst, l.params.AtMost, l.params.Burst); !ok {
			return r.refuse(BadRate, Never)
		}
	}
	if uint64(r.Cost) > r.rate.burst { // negative ones too
		return r.refuse(BadCost, Never)
	}
	return true
}

// look says whether the request would be admitted as things stand.
func (r *Request) look(now int64) bool {
	l := r.Limiter
	s := l.table.find(r.Key)
	if s == nil {
		return true // as far as can be seen without making a bucket
	}
	r.slot = s
	w := s.word.Load()
	if l.holds != nil {
		if r.state = w &^ live; r.state >= uint64(l.params.Concurrency) && r.stands(w) {
			return r.refuse(Limited, Unknown)
		}
		return true
	}
	steps := l.scale.steps(l.scale.at(now).missing(w, s.era.Load()), &r.rate)
	r.state = steps
	if steps+uint64(r.Cost)*r.rate.token > r.rate.full && r.stands(w) {
		return r.limited(now, steps)
	}
	return true
}

// limited refuses for want of tokens.
func (r *Request) limited(now int64, steps uint64) bool {
	r.state = steps
	return r.refuse(Limited, r.Limiter.scale.wait(now, steps+uint64(r.Cost)*r.rate.token-r.rate.full, &r.rate))
}

// stands says whether a word that was read is that of the request's bucket, and
// still is.
func (r *Request) stands(w uint64) bool {
	s := r.slot
	if s == &r.Limiter.table.overflow {
		return s.word.Load() == w
	}
	return isLive(w) && s.has(r.Key) && s.word.Load() == w
}

// commit takes the tokens, or says why not.
func (r *Request) commit(now int64) bool {
	l := r.Limiter
	if l.holds != nil {
		return r.hold(now)
	}
	m := l.scale.at(now)
	price := uint64(r.Cost) * r.rate.token
	s := r.slot
	for {
		if s == nil {
			s = l.table.obtain(l, r.Key, now)
		}
		r.slot = s
		w := s.word.Load()
		if s != &l.table.overflow && (!isLive(w) || !s.has(r.Key)) {
			s = nil
			continue
		}
		era := s.era.Load()
		steps := l.scale.steps(m.missing(w, era), &r.rate)
		if steps+price > r.rate.full {
			if s.word.Load() != w {
				continue
			}
			return r.limited(now, steps)
		}
		if price == 0 {
			r.state, r.before, r.after = steps, w, w
			return true
		}
		// INVARIANT: the era is raised before the word is written.
		if era < m.era {
			raise(&s.era, m.era)
		}
		next := live | (m.units + l.scale.units(steps+price, &r.rate))
		if s.word.CompareAndSwap(w, next) {
			r.state, r.before, r.after, r.aged = steps+price, w, next, era+1 < m.era
			return true
		}
	}
}
