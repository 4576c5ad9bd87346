package core

import (
	"strings"
	"unicode/utf8"
)

// What a byte of a capture may stay in as it is.
const (
	plainInPath = 1 << iota
	plainInQuery
)

var plainBytes = func() (t [256]uint8) {
	for i := range t {
		c := uint8(i)
		if unreserved(c) {
			t[i] = plainInPath | plainInQuery
		}
		if strings.IndexByte("!$&'()*+,=:@/", c) >= 0 {
			t[i] |= plainInPath
		}
		if strings.IndexByte("!$'()*,:@/", c) >= 0 {
			t[i] |= plainInQuery
		}
	}
	return t
}()

// Path adds a decoded capture, encoded for a path. Its slashes separate
// segments: an encoded one is refused in every request.
func (b *Builder) Path(s string) { b.encode(s, plainInPath) }

// Query adds a decoded capture, encoded for the value of a query parameter.
func (b *Builder) Query(s string) { b.encode(s, plainInQuery) }

func (b *Builder) encode(s string, plain uint8) {
	const digits = "0123456789ABCDEF"
	from := 0
	for i := 0; i < len(s); i++ {
		if plainBytes[s[i]]&plain != 0 {
			continue
		}
		b.String(s[from:i])
		from = i + 1
		if room := b.Room(3); room != nil {
			room[0], room[1], room[2] = '%', digits[s[i]>>4], digits[s[i]&15]
		}
	}
	b.String(s[from:])
}

// Pass lets an unmatched request go on by the host's own route.
func (r *Request) Pass() {
	r.Forward("", r.spec.Details.Unmatched[len("moe."):])
	r.ByHost()
}

// ByHost is the last step of a request that the host's own route decides on: it
// is chosen again by what was made of the request.
func (r *Request) ByHost() {
	if r.f.NActions > 0 {
		r.f.Flags |= FlagReroute
	}
}

// To sends a request, which Forward lets go on, to a cluster. The name must be a
// constant.
func (r *Request) To(cluster string) {
	r.f.Flags |= FlagReroute
	r.push(OpSet, clusterHeader, cluster)
}

// Deliver tells the host how to deliver the request; name and value must be
// constants.
func (r *Request) Deliver(name, value string) { r.push(OpSet, name, value) }

// RewritePath changes the path of a forwarded request; the query stays, unless
// the new path has one. It returns false for a path that no request could have:
// the request is refused then, by details.
func (r *Request) RewritePath(details, path string) bool {
	if !r.canonicalPath(path) {
		r.Refuse400(details)
		return false
	}
	old := r.path
	if !r.keep && r.spec.queryTokens {
		old = r.withoutTokens()
	}
	r.push(OpSet, ":path", r.kept(r.withQuery(path, old)))
	r.f.Flags |= FlagReroute
	return true
}

// RewriteHost changes the host of a forwarded request.
func (r *Request) RewriteHost(host string) {
	r.push(OpSet, ":authority", r.kept(host))
	r.f.Flags |= FlagReroute
}

// canonicalPath reports whether text could be the path of a request.
func (r *Request) canonicalPath(p string) bool {
	end, escapes, wide, ok := scanPath(p)
	if !ok || !wide {
		return ok
	}
	before := r.f.ArenaLen
	out := r.Room(end - 2*escapes)
	if out == nil {
		return false
	}
	unescapeInto(out, p[:end], false)
	sound := utf8.Valid(out)
	r.f.ArenaLen = before
	return sound
}

// withQuery adds the query of an old path, unless the new one has its own.
func (s *Scratch) withQuery(path, old string) string {
	if strings.IndexByte(path, '?') >= 0 {
		return path
	}
	i := strings.IndexByte(old, '?')
	if i < 0 {
		return path
	}
	return s.Concat2(path, old[i:])
}

// Redirect answers with a location: an absolute URL, or a path of this host. The
// request's query stays, unless the target has one; another host gets it without
// credentials. A target that is none refuses the request.
func (r *Request) Redirect(details string, status uint32, target, fragment string) {
	if fragment == "" {
		if i := strings.IndexByte(target, '#'); i >= 0 {
			target, fragment = target[:i], target[i:]
		}
	}
	if !soundTarget(target) || !sendable(target) || !sendable(fragment) {
		r.Refuse400(details)
		return
	}
	old := r.path
	if target[0] != '/' && r.spec.queryTokens {
		old = r.withoutTokens()
	}
	target = r.withQuery(target, old)
	r.locate(details, status, r.Concat2(target, fragment))
}

// RedirectHTTPS answers with the URL of the request, by https.
func (r *Request) RedirectHTTPS(details string, status uint32) {
	if r.host == "" {
		r.Refuse400(details)
		return
	}
	r.locate(details, status, r.Concat3("https://", r.host, r.path))
}

func (r *Request) locate(details string, status uint32, location string) {
	r.ReplyExact(details, status, "", false)
	r.push(OpAdd, "location", r.kept(location))
}

// sendable reports whether text is made of what may stand in a URL.
func sendable(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c >= 0x7f || c == '\\' {
			return false
		}
	}
	return true
}

// soundTarget holds a redirect to an absolute URL of http or https, or to a
// path that begins with one slash; dot segments and empty ones have no place in
// either.
func soundTarget(target string) bool {
	rest, absolute := strings.CutPrefix(target, "https://")
	if !absolute {
		rest, absolute = strings.CutPrefix(target, "http://")
	}
	if absolute {
		end := strings.IndexAny(rest, "/?")
		if end < 0 {
			end = len(rest)
		}
		if host := rest[:end]; host == "" || host[0] == '.' || strings.IndexByte(host, '@') >= 0 || strings.IndexByte(host, '%') >= 0 || !soundPort(host) {
			return false
		}
		if rest = rest[end:]; rest == "" || rest[0] == '?' {
			return true
		}
	}
	if rest == "" || rest[0] != '/' || len(rest) > 1 && rest[1] == '/' {
		return false
	}
	if i := strings.IndexByte(rest, '?'); i >= 0 {
		rest = rest[:i]
	}
	for i := 0; i < len(rest); i++ {
		if rest[i] == '/' && (dotSegment(rest[i+1:]) || i+1 < len(rest) && rest[i+1] == '/') {
			return false
		}
	}
	return true
}

// soundPort reports whether the port of a host is one, if it has any.
func soundPort(host string) bool {
	i := strings.IndexByte(host[strings.LastIndexByte(host, ']')+1:], ':')
	if i < 0 {
		return true
	}
	i += strings.LastIndexByte(host, ']') + 1
	port := 0
	for _, c := range []byte(host[i+1:]) {
		if c < '0' || c > '9' || port > 0xffff {
			return false
		}
		port = port*10 + int(c-'0')
	}
	return i > 0 && port > 0 && port <= 0xffff
}

// dotSegment reports whether s begins with a segment . or ..
func dotSegment(s string) bool {
	if s == "" || s[0] != '.' {
		return false
	}
	if len(s) > 1 && s[1] == '.' {
		s = s[1:]
	}
	return len(s) == 1 || s[1] == '/'
}
