package core

import "math/bits"

// Forward lets the request go on to a cluster, "" for the one that the host
// chooses. It comes before the header rules and takes out what a client may
// not have sent: control headers, owned headers and credentials. Both names
// must be constants.
func (r *Request) Forward(cluster, label string) {
	f := r.f
	f.Verdict = VerdictContinue
	f.NActions = 0
	f.Label = ref(label)
	if cluster != "" || r.nAway > 0 {
		f.Flags |= FlagReroute
	}
	if r.nAway > 0 {
		for i := range r.headers {
			if r.isRemoved(i) {
				r.push(OpRemove, r.Copy(r.headers[i].Key.String()), "")
			}
		}
	}
	if r.rawPath != "" && r.rawPath != r.path {
		f.Flags |= FlagReroute
		r.push(OpSet, ":path", r.path)
	}
	if !r.keep {
		r.strip()
	}
	if cluster != "" {
		r.push(OpSet, clusterHeader, cluster)
	}
}

// KeepCredentials says, before Forward, that the upstream gets the client's
// credentials.
func (r *Request) KeepCredentials() { r.keep = true }

// strip takes the bundle's credentials out of the request, whichever of them
// the route asked for.
func (r *Request) strip() {
	for found := r.credentials; found != 0; found &= found - 1 {
		r.push(OpRemove, r.spec.Credentials[bits.TrailingZeros64(found)].Name, "")
	}
	if r.spec.queryTokens {
		if path := r.withoutTokens(); len(path) != len(r.path) {
			r.f.Flags |= FlagReroute
			r.push(OpSet, ":path", r.kept(path))
		}
	}
	if r.spec.cookieTokens && r.cookie {
		r.stripCookies()
	}
}

// RemoveHeader removes a request header; the name is a constant in lower case,
// as in all header rules.
func (r *Request) RemoveHeader(name string) {
	if r.carries(name) {
		r.push(OpRemove, name, "")
	}
}

// RemoveHeaderPrefix removes all request headers whose name starts with a
// prefix. Pseudo-headers are none.
func (r *Request) RemoveHeaderPrefix(prefix string) {
	for i := range r.headers {
		key := r.headers[i].Key.String()
		if len(key) >= len(prefix) && lowers[key[len(prefix)-1]] == prefix[len(prefix)-1] && !r.isRemoved(i) && startsWith(key, prefix) {
			r.push(OpRemove, r.Copy(key), "")
		}
	}
}

// SetHeader sets a request header; an empty value removes it. It returns false
// when the value cannot stand in a header: the request is refused then, by
// details.
func (r *Request) SetHeader(details, name, value string) bool {
	value = trimmed(value)
	if !writable(value) {
		r.Refuse400(details)
		return false
	}
	if value == "" {
		r.clear(name)
		return true
	}
	r.push(OpSet, name, r.kept(value))
	return true
}

// clear removes a header that may have come with the request or from a rule
// before.
func (r *Request) clear(name string) {
	if r.carries(name) {
		r.push(OpRemove, name, "")
	}
}

// SetHeaderIfAbsent is SetHeader for a header that the request, as the rules
// before left it, has not got.
func (r *Request) SetHeaderIfAbsent(details, name, value string) bool {
	value = trimmed(value)
	if !writable(value) {
		r.Refuse400(details)
		return false
	}
	if value != "" && !r.carries(name) {
		r.push(OpSet, name, r.kept(value))
	}
	return true
}

// AddHeader adds a value to a request header; an empty one adds nothing.
func (r *Request) AddHeader(details, name, value string) bool {
	value = trimmed(value)
	if !writable(value) {
		r.Refuse400(details)
		return false
	}
	if value != "" {
		r.push(OpAdd, name, r.kept(value))
	}
	return true
}

// carries reports whether the request has a header after the actions so far.
func (r *Request) carries(name string) bool {
	if op, touched := r.lastAction(name); touched {
		return op != OpRemove
	}
	_, n := r.find(name)
	return n > 0
}

// lastAction is the last action on a header.
func (s *Scratch) lastAction(name string) (Op, bool) {
	for i := int(min(s.f.NActions, MaxActions)) - 1; i >= 0; i-- {
		if a := &s.f.Actions[i]; named(a.Key.view(), name) {
			return a.Op, true
		}
	}
	return 0, false
}

// routeGRPC travels with the number of the route, which is opaque to the host:
// an answer to a gRPC caller needs a grpc-status, and in the response hook only
// this still tells who called.
const routeGRPC = 1 << 30

// flagGRPC marks the frame of a response hook for Response.Open and for the
// fence; the host never sees it.
const flagGRPC uint32 = 1 << 31

// WantResponse asks for the response hook, with the number of the route.
func (r *Request) WantResponse(route int32) {
	r.f.Flags |= FlagResponse
	r.f.Route = route
	if r.grpc && route >= 0 {
		r.f.Route |= routeGRPC
	}
}
