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
		(r.scheme == "http" || r.scheme == "https" || r.scheme == "") &&
		r.readHost() && (!r.spec.Normalize || r.normalize()) && r.readPath() &&
		r.nAuthorization <= 1 && (r.nAuthorization == 0 || oneCredential(r.authorization)) &&
		r.readQueries() && r.readCookies()
}

// What a byte of an authority means to readHost.
const (
	authorityBad = iota
	authorityPlain
	authorityUpper
	authorityDot
	authorityColon
)

// authorityBytes knows what a label of a host is made of.
var authorityBytes = func() (t [256]uint8) {
	for c := 0; c < 256; c++ {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '_':
			t[c] = authorityPlain
		case c == '.':
			t[c] = authorityDot
		case c == ':':
			t[c] = authorityColon
		case c >= 'A' && c <= 'Z':
			t[c] = authorityUpper
		}
	}
	return t
}()

// readHost checks the authority, lowers it, and takes off its port and one
// trailing dot. It accepts what has one reading only: labels of letters,
// digits, hyphens and underscores, or an IPv6 address in brackets, and a port
// of digits. Whatever else is in an authority, some upstream cuts elsewhere.
func (r *Request) readHost() bool {
	if r.authority == "" {
		return true // HTTP/1.0 has none
	}
	host, port, hasPort := r.authority, "", false
	if host[0] == '[' {
		end := strings.IndexByte(host, ']')
		if end < 0 || !address6(host[1:end]) {
			return false
		}
		if rest := host[end+1:]; rest != "" {
			if rest[0] != ':' {
				return false
			}
			port, hasPort = rest[1:], true
		}
		r.host = host[:end+1]
		return (!hasPort || isPort(port)) && r.lowerHost(true)
	}
	upper := false
scan:
	for i := 0; i < len(host); i++ {
		switch authorityBytes[host[i]] {
		case authorityPlain:
		case authorityUpper:
			upper = true
		case authorityDot:
			if i == 0 || host[i-1] == '.' {
				return false // an empty label
			}
		case authorityColon:
			host, port, hasPort = host[:i], host[i+1:], true
			break scan
		default:
			return false
		}
	}
	r.host = strings.TrimSuffix(host, ".")
	return r.host != "" && (!hasPort || isPort(port)) && r.lowerHost(upper)
}

func (r *Request) lowerHost(upper bool) bool {
	if !upper {
		return true
	}
	lowered := r.Room(len(r.host))
	for i := range lowered {
		lowered[i] = lowers[r.host[i]]
	}
	r.host = text(lowered)
	return lowered != nil
}

func isPort(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) >= 1 && len(s) <= 5
}

// address6 reports whether s is made of what an IPv6 address is made of.
func address6(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] != ':' && s[i] != '.' && hexDigits[s[i]]&0x80 != 0 {
			return false
		}
	}
	return s != ""
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
	end, escapes, wide, ok := scanPath(p)
	if !ok {
		return false
	}
	r.pathLen = end
	r.decoded = p[:end]
	if escapes > 0 {
		out := r.Room(end - 2*escapes)
		if out == nil {
			return false
		}
		unescapeInto(out, p[:end], false)
		r.decoded = text(out)
	}
	return !wide || utf8.ValidString(r.decoded)
}

// scanPath checks path and query as far as bytes tell: the path is p[:end], it
// has so many escapes, and wide says that some stand for bytes beyond ASCII.
func scanPath(p string) (end, escapes int, wide, ok bool) {
	if p == "" || p[0] != '/' {
		return 0, 0, false, false
	}
	end = len(p)
scan:
	for i := 0; i < len(p); i++ {
		switch pathBytes[p[i]] {
		case bytePlain:
		case byteSlash:
			if !segmentStart(p[i+1:]) {
				return 0, 0, false, false
			}
		case byteEscape:
			c, good := unescape(p[i:])
			if !good || c == '/' || c == '\\' || c < ' ' || c == 0x7f || unreserved(c) {
				return 0, 0, false, false
			}
			wide = wide || c >= 0x80
			escapes++
			i += 2
		case byteQuery:
			end = i
			break scan
		default:
			return 0, 0, false, false
		}
	}
	for i := end; i < len(p); i++ {
		if c := p[i]; c <= ' ' || c == 0x7f || c == '\\' || c == '#' {
			return 0, 0, false, false
		}
	}
	return end, escapes, wide, true
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
