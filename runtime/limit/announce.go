package limit

import (
	"strconv"

	"moec.dev/moec/runtime/core"
)

// announce adds the limits of a step that are announced to what the answer says
// of them: lists of structured fields (RFC 9651), one member a limit, named by a
// string.
func announce(r *core.Request, step []Request) {
	for i := range step {
		if step[i].rule.Announce {
			r.Announce(WritePolicy(&r.Scratch, step), WriteState(&r.Scratch, step))
			return
		}
	}
}

// Limit is the quota that a request goes by: tokens a period, or requests at
// once.
func (r *Request) Limit() int64 {
	l := r.Limiter
	switch {
	case l.holds != nil:
		return l.params.Concurrency
	case l.scale.dynamic:
		return max(min(r.Count, l.params.AtMost), 0)
	}
	return l.params.Count
}

// Remaining is how many tokens of cost 1, or requests, the bucket had left when
// Take returned; for a request that could not be looked at, 0.
func (r *Request) Remaining() int64 {
	switch {
	case r.why > Limited:
		return 0
	case r.Limiter.holds != nil:
		return max(r.Limiter.params.Concurrency-int64(r.state), 0)
	case r.state >= r.rate.full:
		return 0
	}
	return int64((r.rate.full - r.state) / r.rate.token)
}

// Reset is how many nanoseconds after now the bucket is full if nobody takes
// from it; 0 for a concurrency.
func (r *Request) Reset() int64 {
	if r.why > Limited || r.Limiter.holds != nil {
		return 0
	}
	return r.Limiter.scale.wait(r.now, r.state, &r.rate)
}

// WritePolicy is the value of ratelimit-policy for requests that Take has seen:
// what each allows in which time. A concurrency has no window and is left out,
// as is a request whose rate was none; "" if nothing is left.
func WritePolicy(s *core.Scratch, requests []Request) string {
	b := s.Build()
	for i := range requests {
		if r := &requests[i]; r.announced() {
			member(&b, r.Limiter.name)
			parameter(&b, ";q=", r.Limit())
			parameter(&b, ";w=", seconds(int64(r.Limiter.params.Period)))
		}
	}
	return b.Text()
}

// WriteState is the value of ratelimit: what is left and, where the limit has
// refused, the seconds until it would admit the same request (so that it says
// what retry-after says), otherwise those until its bucket is full.
func WriteState(s *core.Scratch, requests []Request) string {
	b := s.Build()
	for i := range requests {
		r := &requests[i]
		if !r.announced() {
			continue
		}
		reset := r.wait
		if r.why == Admitted {
			reset = r.Reset()
		}
		member(&b, r.Limiter.name)
		parameter(&b, ";r=", r.Remaining())
		parameter(&b, ";t=", seconds(reset))
	}
	return b.Text()
}

func (r *Request) announced() bool {
	return r.rule.Announce && r.Limiter.holds == nil && r.why <= Limited
}

// member starts a member of a list: its name, a string of a structured field.
func member(b *core.Builder, name string) {
	if b.Len() != 0 {
		b.String(", ")
	}
	b.Byte('"')
	for i := 0; i < len(name); i++ {
		if c := name[i]; c == '"' || c == '\\' {
			b.Byte('\\')
		}
		b.Byte(name[i])
	}
	b.Byte('"')
}

func parameter(b *core.Builder, name string, v int64) {
	var digits [20]byte
	b.String(name)
	b.Bytes(strconv.AppendInt(digits[:0], v, 10))
}
