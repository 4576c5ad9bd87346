package core

import (
	"strings"
	"unicode/utf8"
)

// normalize rewrites a path that is not canonical and that has one safe
// reading: escapes of characters that need none, hex digits in lower case,
// repeated slashes and dot segments. What has none it leaves as it is, for
// readPath to refuse. It returns false when the arena is full.
func (r *Request) normalize() bool {
	r.rawPath = r.path
	path, rest := r.path, ""
	if i := strings.IndexByte(path, '?'); i >= 0 {
		path, rest = path[:i], path[i:]
	}
	if path == "" || path[0] != '/' || !odd(path) {
		return true
	}
	before := r.f.ArenaLen
	out := r.Room(len(r.path))
	if out == nil {
		return false
	}
	n, wide := unreservedInto(out, path)
	if n > 0 && wide && !r.utf8Path(path) {
		n = 0
	}
	if n > 0 {
		n = withoutDots(out[:n])
	}
	if n == 0 || text(out[:n]) == path {
		r.f.ArenaLen = before
		return true
	}
	n += copy(out[n:], rest)
	r.path = text(out[:n])
	r.f.ArenaLen = before + uint32(n)
	return true
}

// odd reports whether a path may need rewriting.
func odd(path string) bool {
	for i := 0; i < len(path); i++ {
		switch path[i] {
		case '%':
			return true
		case '/':
			if i+1 < len(path) && (path[i+1] == '/' || path[i+1] == '.') {
				return true
			}
		}
	}
	return false
}

// unreservedInto copies a path with the escapes of unreserved characters decoded
// and the hex digits of others in upper case; wide says that some stand for
// bytes beyond ASCII. It returns 0 where something has no place in a path: a dot
// segment must not take that away, since others may not see it there.
func unreservedInto(out []byte, path string) (n int, wide bool) {
	for i := 0; i < len(path); i++ {
		if path[i] != '%' {
			if pathBytes[path[i]] == byteBad {
				return 0, false
			}
			out[n] = path[i]
			n++
			continue
		}
		c, ok := unescape(path[i:])
		wide = wide || c >= 0x80
		switch {
		case !ok || c == '/' || c == '\\' || c < ' ' || c == 0x7f:
			return 0, false
		case unreserved(c):
			out[n] = c
			n++
		default:
			const digits = "0123456789ABCDEF"
			out[n], out[n+1], out[n+2] = '%', digits[c>>4], digits[c&15]
			n += 3
		}
		i += 2
	}
	return n, wide
}

// utf8Path reports whether a path whose escapes are sound decodes to UTF-8.
func (r *Request) utf8Path(path string) bool {
	before := r.f.ArenaLen
	out := r.Room(len(path) - 2*strings.Count(path, "%"))
	if out == nil {
		return false
	}
	unescapeInto(out, path, false)
	sound := utf8.Valid(out)
	r.f.ArenaLen = before
	return sound
}

// withoutDots takes dot segments and repeated slashes out of a path, in place.
// It returns 0 where the two depend on which goes first, as in /a//../b, and
// where the path leaves the root: servers differ about both.
func withoutDots(p []byte) int {
	n := 0 // p[:n] are segments, each after its slash, empty ones among them
	for at := 0; at < len(p); {
		from := at + 1
		at = from
		for at < len(p) && p[at] != '/' {
			at++
		}
		last := at == len(p)
		switch segment := p[from:at]; {
		case string(segment) == ".":
			if last {
				p[n] = '/'
				n++
			}
		case string(segment) == "..":
			if n == 0 || p[n-1] == '/' {
				return 0
			}
			for n--; p[n] != '/'; n-- {
			}
			if last {
				p[n] = '/'
				n++
			}
		default:
			p[n] = '/'
			n += 1 + copy(p[n+1:], segment)
		}
	}
	w := 0
	for i := 0; i < n; i++ {
		if p[i] != '/' || w == 0 || p[w-1] != '/' {
			p[w] = p[i]
			w++
		}
	}
	if w == 0 {
		p[0], w = '/', 1
	}
	return w
}

// RawPath is the path with its query as it was sent.
func (r *Request) RawPath() string {
	if r.rawPath != "" {
		return r.rawPath
	}
	return r.path
}
