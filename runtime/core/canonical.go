package core

import (
	"strings"
	"unicode/utf8"
)

// canonical holds the request to one reading: what is decided on is byte for
// byte what the host routes on and the upstream receives. It fills in host,
// decoded path, query parameters and cookies on the way.
func (r *Request) canonical() bool {
	return r.method != "" && r.method != "CONNECT" &&
		r.readHost() && r.readPath() &&
		r.nAuthorization <= 1 && (r.nAuthorization == 0 || oneCredential(r.authorization)) &&
		r.readQueries() && r.readCookies()
}

// What a byte of an authority means to readHost.
const (
	authorityUpper = 1
	authorityBad   = 2
)

// authorityBytes has as bad what would make an authority more than one host.
var authorityBytes = func() (t [256]uint8) {
	for i := range t {
		if lowers[i] != uint8(i) {
			t[i] = authorityUpper
		}
		if i <= ' ' || i >= 0x7f || strings.IndexByte(",/?#@", uint8(i)) >= 0 {
			t[i] = authorityBad
		}
	}
	return t
}()

// readHost checks the authority, lowers it, and takes off its port and one
// trailing dot.
func (r *Request) readHost() bool {
	host := r.authority
	seen := uint8(0)
	for i := 0; i < len(host); i++ {
		seen |= authorityBytes[host[i]]
	}
	if seen&authorityBad != 0 {
		return false
	}
	end := len(host)
	for end > 0 && host[end-1] >= '0' && host[end-1] <= '9' {
		end--
	}
	if end > 0 && host[end-1] == ':' {
		host = host[:end-1]
	}
	r.host = strings.TrimSuffix(host, ".")
	if seen&authorityUpper == 0 {
		return true
	}
	lowered := r.room(len(r.host))
	for i := range lowered {
		lowered[i] = lowers[r.host[i]]
	}
	r.host = text(lowered)
	return lowered != nil
}

// What a byte of a raw path means to readPath.
const (
	bytePlain = iota
	byteSlash
	byteEscape
	byteQuery
	byteBad
)

var pathBytes = func() (t [256]uint8) {
	for i := range t {
		if i <= ' ' || i >= 0x7f {
			t[i] = byteBad
		}
	}
	t['/'], t['%'], t['?'] = byteSlash, byteEscape, byteQuery
	t['\\'], t['#'], t[';'] = byteBad, byteBad, byteBad
	return t
}()

// readPath checks path and query, and decodes the path.
func (r *Request) readPath() bool {
	p := r.path
	if p == "" || p[0] != '/' {
		return false
	}
	escapes, wide, end := 0, false, len(p)
scan:
	for i := 0; i < len(p); i++ {
		switch pathBytes[p[i]] {
		case bytePlain:
		case byteSlash:
			if !segmentStart(p[i+1:]) {
				return false
			}
		case byteEscape:
			c, ok := unescape(p[i:])
			if !ok || c == '/' || c == '\\' || c < ' ' || c == 0x7f || unreserved(c) {
				return false
			}
			wide = wide || c >= 0x80
			escapes++
			i += 2
		case byteQuery:
			end = i
			break scan
		default:
			return false
		}
	}
	for i := end; i < len(p); i++ {
		if c := p[i]; c <= ' ' || c == 0x7f || c == '\\' || c == '#' {
			return false
		}
	}
	r.pathLen = end
	r.decoded = p[:end]
	if escapes > 0 {
		out := r.room(end - 2*escapes)
		if out == nil {
			return false
		}
		unescapeInto(out, p[:end], false)
		r.decoded = text(out)
	}
	return !wide || utf8.ValidString(r.decoded)
}

// segmentStart refuses an empty segment that is not the last, and dot
// segments; s is what follows a slash.
func segmentStart(s string) bool {
	if s == "" || s[0] != '.' {
		return s == "" || s[0] != '/'
	}
	if len(s) > 1 && s[1] == '.' {
		s = s[1:]
	}
	return len(s) > 1 && s[1] != '/' && s[1] != '?'
}

func unreserved(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return c == '-' || c == '.' || c == '_' || c == '~'
}

// hexDigits has 0x80 for what is none.
var hexDigits = func() (t [256]uint8) {
	for i := range t {
		t[i] = 0x80
	}
	for c := uint8('0'); c <= '9'; c++ {
		t[c] = c - '0'
	}
	for c := uint8('a'); c <= 'f'; c++ {
		t[c], t[c-'a'+'A'] = c-'a'+10, c-'a'+10
	}
	return t
}()

// unescape reads %XX at the start of s.
func unescape(s string) (byte, bool) {
	if len(s) < 3 || (hexDigits[s[1]]|hexDigits[s[2]])&0x80 != 0 {
		return 0, false
	}
	return hexDigits[s[1]]<<4 | hexDigits[s[2]], true
}

// unescapeInto decodes s, whose escapes are well-formed, into out, which has
// the decoded length.
func unescapeInto(out []byte, s string, plus bool) {
	at := 0
	for i := 0; i < len(s) && at < len(out); i++ {
		c := s[i]
		switch {
		case c == '%':
			c, _ = unescape(s[i:])
			i += 2
		case c == '+' && plus:
			c = ' '
		}
		out[at] = c
		at++
	}
}

// oneCredential holds the authorization of the schemes whose credentials are
// one run of characters to exactly one: the host may have joined two headers.
func oneCredential(value string) bool {
	end := strings.IndexByte(value, ' ')
	scheme := value
	if end >= 0 {
		scheme = value[:end]
	}
	if !named(scheme, "basic") && !named(scheme, "bearer") && !named(scheme, "negotiate") {
		return true
	}
	if end < 0 {
		return false
	}
	for end < len(value) && value[end] == ' ' {
		end++
	}
	credential := value[end:]
	return credential != "" && strings.IndexByte(credential, ' ') < 0 && strings.IndexByte(credential, ',') < 0
}

// grpcType reports whether a content type is gRPC's.
func grpcType(value string) bool {
	const grpc = "application/grpc"
	return strings.HasPrefix(value, grpc) &&
		(len(value) == len(grpc) || value[len(grpc)] == '+')
}
