package core

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

// Replied reports whether the decision so far is an answer of our own.
func (r *Request) Replied() bool { return r.f.Verdict == VerdictReply }
