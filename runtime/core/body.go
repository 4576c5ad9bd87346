package core

import "unsafe"

// Bound lets at most n bytes of body follow the headers of a request that goes on.
// One that declares more is answered 413 at once, and Bound returns false; the
// rest is counted by the host, which comes back with PhaseBody and the number of
// the route when there are more.
func (r *Request) Bound(n uint64, route int32) bool {
	for i := range r.headers {
		if named(r.headers[i].Key.String(), "content-length") && exceeds(r.headers[i].Value.String(), n) {
			r.TooLarge()
			return false
		}
	}
	r.f.MaxBody = n + 1
	r.f.Route = route
	if r.grpc {
		r.f.Route |= routeGRPC
	}
	return true
}

// exceeds reports whether a text is a number larger than n. What is no number
// declares nothing.
func exceeds(text string, n uint64) bool {
	value := uint64(0)
	for i := 0; i < len(text); i++ {
		d := uint64(text[i] - '0')
		if d > 9 {
			return false
		}
		if value > (1<<63-d)/10 {
			value = 1 << 63 // and stays there: no bound is as large
			continue
		}
		value = value*10 + d
	}
	return len(text) > 0 && value > n
}

// TooLarge answers a request whose body is larger than it may be.
func (r *Request) TooLarge() { r.Reply(r.spec.Details.Body, 413, "", false) }

// OpenBody begins the answer to a request that had gone on when its body became
// too large. Nothing of it is known but what was kept; see Kept.Restore and
// Response.Settled.
func (r *Request) OpenBody(f *Frame, s *Spec) {
	r.f, r.spec = f, s
	r.grpc = f.Flags&flagGRPC != 0
	r.TooLarge()
	// As the request was shared; see Share.
	if f.Before.N > 0 {
		r.shares = unsafe.Slice(*(**Action)(unsafe.Pointer(&f.Before.P)), f.Before.N)
		r.ShareOwn()
	}
	r.announceCut()
}
