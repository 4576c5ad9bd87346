package core

import (
	"strings"
	"unicode/utf8"
)

// Query is the decoded value of the query parameter in a slot, "" when absent.
func (r *Request) Query(slot int) string { return r.queries[slot] }

// HasQuery reports whether the query parameter in a slot is there.
func (r *Request) HasQuery(slot int) bool { return r.hasQuery&(1<<slot) != 0 }

// readQueries reads the parameters that the bundle reads as one value; false
// when one is there twice or cannot be read.
func (r *Request) readQueries() bool {
	rest := r.RawQuery()
	if len(r.spec.Queries)+len(r.spec.Lists) == 0 || rest == "" {
		return true
	}
	if !r.readLists(rest) {
		return false
	}
	for more := true; more; {
		var piece string
		piece, rest, more = cut(rest, '&')
		if piece == "" {
			continue
		}
		name, value, _ := cut(piece, '=')
		for slot, wanted := range r.spec.Queries {
			if !decodesTo(name, wanted) {
				continue
			}
			if r.HasQuery(slot) {
				return false
			}
			r.hasQuery |= 1 << slot
			decoded, ok := r.readQuery(value)
			if !ok {
				return false
			}
			r.queries[slot] = decoded
		}
	}
	return true
}

// readLists holds the parameters that are read as lists to values that can be
// read, and not too many of them: rules loop over them.
func (r *Request) readLists(query string) bool {
	for _, wanted := range r.spec.Lists {
		n := 0
		for rest, more := query, true; more; {
			var piece string
			piece, rest, more = cut(rest, '&')
			name, value, _ := cut(piece, '=')
			if piece == "" || !decodesTo(name, wanted) {
				continue
			}
			before := r.f.ArenaLen
			_, ok := r.readQuery(value)
			if n++; !ok || n > MaxValues {
				return false
			}
			r.f.ArenaLen = before
		}
	}
	return true
}

// readQuery decodes a value that is read; false for a bad escape, bytes that
// are not UTF-8, and control characters.
func (r *Request) readQuery(value string) (string, bool) {
	n, coded, ok := decodedLen(value)
	if !ok {
		return "", false
	}
	if coded {
		out := r.Room(n)
		if out == nil && n > 0 {
			return "", false
		}
		unescapeInto(out, value, true)
		value = text(out)
	}
	for i := 0; i < len(value); i++ {
		if value[i] < ' ' || value[i] == 0x7f {
			return "", false
		}
	}
	return value, utf8.ValidString(value)
}

// decodedLen is the length of a query's name or value once decoded, whether
// decoding changes it, and whether its escapes are well-formed.
func decodedLen(s string) (n int, coded, ok bool) {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '%':
			if _, good := unescape(s[i:]); !good {
				return 0, true, false
			}
			i += 2
			coded = true
		case '+':
			coded = true
		}
		n++
	}
	return n, coded, true
}

// decodesTo compares a raw parameter name without decoding it anywhere. A name
// with a bad escape is nobody's.
func decodesTo(raw, name string) bool {
	at := 0
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch c {
		case '%':
			var ok bool
			if c, ok = unescape(raw[i:]); !ok {
				return false
			}
			i += 2
		case '+':
			c = ' '
		}
		if at >= len(name) || name[at] != c {
			return false
		}
		at++
	}
	return at == len(name)
}

// QueryValues appends the decoded values of a parameter that may be there many
// times, in order. Open has held them to be readable.
func (r *Request) QueryValues(name string, dst []string) []string {
	rest := r.RawQuery()
	for more := rest != ""; more; {
		var piece string
		piece, rest, more = cut(rest, '&')
		key, value, _ := cut(piece, '=')
		if piece == "" || !decodesTo(key, name) {
			continue
		}
		if decoded, ok := r.readQuery(value); ok {
			dst = append(dst, decoded)
		}
	}
	return dst
}

// cut is strings.Cut for one byte, which is what all separators are.
func cut(s string, sep byte) (before, after string, found bool) {
	if i := strings.IndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// withoutTokens returns the path without the query parameters that carry
// credentials; the path itself when there are none.
func (r *Request) withoutTokens() string {
	query := r.RawQuery()
	if query == "" {
		return r.path
	}
	found, n := false, 0
	for rest, more := query, true; more; {
		var piece string
		piece, rest, more = cut(rest, '&')
		if r.isToken(piece) {
			found = true
		} else {
			n += len(piece) + 1
		}
	}
	if !found {
		return r.path
	}
	if n <= 1 { // nothing left, or one empty piece
		return r.path[:r.pathLen]
	}
	out := r.Room(r.pathLen + n)
	if out == nil {
		return ""
	}
	at := copy(out, r.path[:r.pathLen])
	sep := byte('?')
	for rest, more := query, true; more; {
		var piece string
		piece, rest, more = cut(rest, '&')
		if r.isToken(piece) {
			continue
		}
		out[at] = sep
		sep = '&'
		at += 1 + copy(out[at+1:], piece)
	}
	return text(out)
}

func (r *Request) isToken(piece string) bool {
	if piece == "" {
		return false
	}
	name, _, _ := cut(piece, '=')
	for i := range r.spec.Credentials {
		if c := &r.spec.Credentials[i]; c.Place == InQuery && decodesTo(name, c.Name) {
			return true
		}
	}
	return false
}
