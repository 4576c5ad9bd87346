package core

import (
	"time"
	"unsafe"
)

// Request is the view of one request. It has a fixed size, is declared on the
// stack of the generated function, and must be zero before Open. Every string
// that it returns is borrowed from the frame and must not outlive the hook.
type Request struct {
	// At is the number of the rule being decided, for the fence's message.
	At uint32

	Scratch
	spec    *Spec
	headers []Field
	removed [MaxHeaders / 64]uint64 // headers that rules do not see
	nAway   uint32                  // how many those are

	method, path, scheme, authority string
	host, decoded, authorization    string
	rawPath                         string // as it was sent, where paths are normalized
	pathLen                         int    // of path without its query

	nAuthorization uint32
	pseudo         uint8 // pseudo-headers seen
	grpc           bool
	contentTyped   bool
	keep           bool   // credentials are forwarded
	shadowed       bool   // a rule in shadow would have changed the outcome
	crowded        bool   // some limit had no room for its key
	opened         bool   // it is canonical
	final          bool   // no response rule applies to the answer
	credentials    uint64 // bit a credential header that is there
	cookie         bool   // a cookie header that somebody reads is there

	asked  string   // the method that a browser asks about, while it is matched
	shares []Action // what an answer says of who may read it: static data

	policies, states string // what an answer says of the request's limits

	slots    [MaxSlots]slot
	queries  [MaxQueries]string
	cookies  [MaxCookies]string
	hasQuery uint32 // bit a slot
	hasCooky uint32
}

// slot is what Open found of one header name.
type slot struct {
	first, count uint16
	off, len     uint32 // of the joined text in the arena; off is 1 more, 0 means not yet
}

// Open reads the frame once. It returns false when the request is not
// canonical; the answer is in the frame then.
func (r *Request) Open(f *Frame, s *Spec) bool {
	r.f, r.spec = f, s
	if f.NHeaders > MaxHeaders {
		r.Undecided()
		return false
	}
	r.headers = unsafe.Slice(f.Headers, f.NHeaders)
	for i := range r.headers {
		key := r.headers[i].Key.String()
		if len(key) == 0 {
			continue
		}
		if key[0] == ':' {
			if !r.takePseudo(key, r.headers[i].Value.String()) {
				r.Refuse400(s.Details.Canonical)
				return false
			}
			continue
		}
		r.take(i, key)
	}
	if r.opened = r.canonical(); r.opened {
		return true
	}
	if f.ArenaLen > ArenaSize {
		r.Undecided() // a check could not be made
	} else {
		r.Refuse400(s.Details.Canonical)
	}
	return false
}

// The pseudo-headers that a request has once each.
const (
	pseudoMethod = 1 << iota
	pseudoPath
	pseudoAuthority
	pseudoScheme
)

// takePseudo notes a pseudo-header; false when it is there twice.
func (r *Request) takePseudo(key, value string) bool {
	var which uint8
	switch key {
	case ":method":
		which, r.method = pseudoMethod, value
	case ":path":
		which, r.path = pseudoPath, value
	case ":authority":
		which, r.authority = pseudoAuthority, value
	case ":scheme":
		which, r.scheme = pseudoScheme, value
	}
	twice := r.pseudo&which != 0
	r.pseudo |= which
	return !twice
}

// take notes a header: whether it is removed before anything reads it, which
// slot it fills, and what the canonical checks want to know of it.
func (r *Request) take(i int, key string) {
	s := r.spec
	away := control(key)
	if s.lengths&(1<<min(len(key), 63)) == 0 {
		if away {
			r.takeAway(i)
		}
		return
	}
	filled := int16(-1)
	for at := s.heads[bucket(key)]; at != 0; {
		n := &s.names[at-1]
		at = n.next
		if len(n.text) != len(key) {
			continue
		}
		if n.kind == nameOwned {
			away = away || looksLike(key, n.text)
			continue
		}
		// Hosts give names in lower case: the first comparison settles it.
		if key != n.text && !named(key, n.text) {
			continue
		}
		switch n.kind {
		case nameRead:
			filled = n.slot
		case nameCredential:
			r.credentials |= 1 << n.slot
		case nameAuthorization:
			r.nAuthorization++
			r.authorization = r.headers[i].Value.String()
		case nameContentType:
			if !r.contentTyped {
				r.contentTyped = true
				r.grpc = grpcType(r.headers[i].Value.String())
			}
		case nameCookie:
			r.cookie = true
		}
	}
	if away {
		r.takeAway(i)
		return
	}
	if filled >= 0 {
		sl := &r.slots[filled&(MaxSlots-1)]
		if sl.count == 0 {
			sl.first = uint16(i)
		}
		sl.count++
	}
}

// takeAway hides a header from the rules and from the upstream.
func (r *Request) takeAway(i int) {
	r.removed[i>>6] |= 1 << (i & 63)
	r.nAway++
}

func (r *Request) isRemoved(i int) bool { return r.removed[i>>6]&(1<<(i&63)) != 0 }

// Method is the request's method, as received.
func (r *Request) Method() string { return r.method }

// Path is the raw path with its query.
func (r *Request) Path() string { return r.path }

// URLPath is the raw path without its query.
func (r *Request) URLPath() string { return r.path[:r.pathLen] }

// RawQuery is the raw query without the question mark.
func (r *Request) RawQuery() string {
	if r.pathLen == len(r.path) {
		return ""
	}
	return r.path[r.pathLen+1:]
}

// Host is the canonical host: lower case, without port and trailing dot.
func (r *Request) Host() string { return r.host }

// Scheme is http or https, as the host has it.
func (r *Request) Scheme() string { return r.scheme }

// DecodedPath is the path without its query, decoded once.
func (r *Request) DecodedPath() string { return r.decoded }

// Attribute is a text attribute by its place in Bundle.Attributes; "" when the
// host does not know it.
func (r *Request) Attribute(i int) string {
	a := &r.f.Attributes[i]
	if a.Known == 0 {
		return ""
	}
	return a.Text.String()
}

// AttributeInt is a number attribute; 0 when the host does not know it.
func (r *Request) AttributeInt(i int) int64 {
	a := &r.f.Attributes[i]
	if a.Known == 0 {
		return 0
	}
	return int64(a.Int)
}

// AttributeBool is a truth attribute; false when the host does not know it.
func (r *Request) AttributeBool(i int) bool {
	a := &r.f.Attributes[i]
	return a.Known != 0 && a.Int != 0
}

// HasAttribute reports whether the host knows an attribute.
func (r *Request) HasAttribute(i int) bool { return r.f.Attributes[i].Known != 0 }

// Now is the wall clock of the request's start, in UTC.
func (r *Request) Now() time.Time { return time.Unix(0, r.f.Now).UTC() }
