package core

import "unsafe"

// HeaderValues appends every value of a header to dst, in order.
func (r *Request) HeaderValues(slot int, dst []string) []string {
	s := &r.slots[slot]
	for i, left := int(s.first), int(s.count); left > 0 && i < len(r.headers); i++ {
		if named(r.headers[i].Key.String(), r.spec.Headers[slot]) && !r.isRemoved(i) {
			dst = append(dst, r.headers[i].Value.String())
			left--
		}
	}
	return dst
}

// After leaves changes for the response with the host: see Frame.After.
func (r *Request) After(fixed []Action) {
	r.f.After = Ref{P: uintptr(unsafe.Pointer(unsafe.SliceData(fixed))), N: uintptr(len(fixed))}
}

// SetHeaderStatic sets a request header to a value from the library's static
// data that has been checked when it was compiled: it is not copied.
func (r *Request) SetHeaderStatic(name, value string) {
	if value == "" {
		r.clear(name)
		return
	}
	r.push(OpSet, name, value)
}

// Replied reports whether the decision so far is an answer of our own to which
// response rules apply: not the one in place of an answer whose rules failed.
func (r *Request) Replied() bool { return r.f.Verdict == VerdictReply && !r.final }

// Opened reports whether the request was canonical, so that what it says is
// known.
func (r *Request) Opened() bool { return r.opened }
