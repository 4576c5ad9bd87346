package core

import (
	"math/bits"
	"unsafe"
)

// Header is the value of the header in a slot, values joined with a comma, ""
// when absent.
func (r *Request) Header(slot int) string {
	s := &r.slots[slot]
	switch {
	case s.count == 0:
		return ""
	case s.count == 1:
		return r.headers[s.first].Value.String()
	case s.off == 0:
		joined := r.joined(r.spec.Headers[slot], int(s.first))
		if joined == "" {
			return ""
		}
		s.off = uint32(uintptr(unsafe.Pointer(unsafe.StringData(joined)))-uintptr(unsafe.Pointer(r.f.Arena))) + 1
		s.len = uint32(len(joined))
	}
	return unsafe.String((*byte)(unsafe.Add(unsafe.Pointer(r.f.Arena), s.off-1)), int(s.len))
}

// HasHeader reports whether the header in a slot is there, be it empty.
func (r *Request) HasHeader(slot int) bool { return r.slots[slot].count > 0 }

// HeaderCount is the number of values of the header in a slot.
func (r *Request) HeaderCount(slot int) int { return int(r.slots[slot].count) }

// HeaderValue is the i-th value of the header in a slot, "" beyond the last.
func (r *Request) HeaderValue(slot, i int) string {
	s := &r.slots[slot]
	if i < 0 || i >= int(s.count) {
		return ""
	}
	name := r.spec.Headers[slot]
	for at := int(s.first); at < len(r.headers); at++ {
		if named(r.headers[at].Key.String(), name) && !r.isRemoved(at) {
			if i == 0 {
				return r.headers[at].Value.String()
			}
			i--
		}
	}
	return ""
}

// HeaderNamed is the value of any header, for keys that are known only when
// the request is there. Names are in lower case; removed headers,
// pseudo-headers and credentials are not found.
func (r *Request) HeaderNamed(name string) (string, bool) {
	if name == "" || name[0] == ':' || r.secret(name) {
		return "", false
	}
	first, n := r.find(name)
	switch n {
	case 0:
		return "", false
	case 1:
		return r.headers[first].Value.String(), true
	}
	return r.joined(name, first), true
}

// secret reports whether a header of this request holds a credential of the
// bundle's. Who computes a name, or loops over all of them, must not come by one:
// the client may be the one who chose the name. The name is in lower case.
func (r *Request) secret(name string) bool {
	for found := r.credentials; found != 0; found &= found - 1 {
		if r.spec.Credentials[bits.TrailingZeros64(found)].Name == name {
			return true
		}
	}
	return r.spec.cookieTokens && name == "cookie"
}

// find returns the first header of a name and how many there are.
func (r *Request) find(name string) (first, n int) {
	for i := range r.headers {
		if named(r.headers[i].Key.String(), name) && !r.isRemoved(i) {
			if n == 0 {
				first = i
			}
			n++
		}
	}
	return first, n
}

// joined is all values of a header in the arena, from the first one on.
func (r *Request) joined(name string, first int) string {
	n := -1
	for i := first; i < len(r.headers); i++ {
		if named(r.headers[i].Key.String(), name) && !r.isRemoved(i) {
			n += 1 + int(r.headers[i].Value.N)
		}
	}
	out := r.Room(max(n, 0))
	if len(out) == 0 {
		return ""
	}
	at := 0
	for i := first; i < len(r.headers); i++ {
		if named(r.headers[i].Key.String(), name) && !r.isRemoved(i) {
			if i != first {
				out[at] = ','
				at++
			}
			at += copy(out[at:], r.headers[i].Value.String())
		}
	}
	return text(out)
}
