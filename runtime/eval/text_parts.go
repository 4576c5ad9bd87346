package eval

import (
	"strings"
	"unicode/utf8"

	"moec.dev/moec/runtime/core"
)

// Replace is a.replace(old, by).
func Replace(s *core.Scratch, a, old, by string) string {
	return ReplaceN(s, a, old, by, -1)
}

// ReplaceN is a.replace(old, by, n): the first n, or all if n is negative.
func ReplaceN(s *core.Scratch, a, old, by string, n int64) string {
	if n == 0 || old == by {
		return a
	}
	next := strings.Index(a, old)
	if next < 0 {
		return a
	}
	found := int64(strings.Count(a[next:], old))
	if n < 0 || n > found {
		n = found
	}
	out := s.Room(len(a) + int(n)*(len(by)-len(old)))
	if out == nil {
		return ""
	}
	at := 0
	for i := range n {
		switch {
		case i == 0:
		case old != "":
			next = strings.Index(a, old)
		default: // an empty old is found between every two code points
			_, next = utf8.DecodeRuneInString(a)
		}
		at += copy(out[at:], a[:next])
		at += copy(out[at:], by)
		a = a[next+len(old):]
	}
	copy(out[at:], a)
	return s.Text(out)
}

// Split is a.split(separator).
func Split(a, separator string) []string { return strings.Split(a, separator) }

// SplitN is a.split(separator, n): at most n parts, or all if n is negative.
func SplitN(a, separator string, n int64) []string { return strings.SplitN(a, separator, int(n)) }

// Join is list.join().
func Join(s *core.Scratch, list []string) string { return JoinBy(s, list, "") }

// JoinBy is list.join(separator).
func JoinBy(s *core.Scratch, list []string, separator string) string {
	if len(list) == 0 {
		return ""
	}
	n := (len(list) - 1) * len(separator)
	for _, a := range list {
		n += len(a)
	}
	if n == len(list[0]) {
		return list[0]
	}
	out := s.Room(n)
	if out == nil {
		return ""
	}
	at := copy(out, list[0])
	for _, a := range list[1:] {
		at += copy(out[at:], separator)
		at += copy(out[at:], a)
	}
	return s.Text(out)
}

// Quote is strings.quote(a): in double quotes, with CEL's escapes.
func Quote(s *core.Scratch, a string) string {
	const plain, escaped = "\a\b\f\n\r\t\v\\\"", "abfnrtv\\\""
	b := s.Build()
	b.Byte('"')
	for len(a) > 0 {
		n, by := 0, byte(0)
		for ; n < len(a); n++ {
			if c := a[n]; c < ' ' || c == '\\' || c == '"' {
				if i := strings.IndexByte(plain, c); i >= 0 {
					by = escaped[i]
					break
				}
			} else if c >= utf8.RuneSelf {
				break
			}
		}
		b.String(a[:n])
		a = a[n:]
		switch {
		case by != 0:
			b.Byte('\\')
			b.Byte(by)
			a = a[1:]
		case a != "":
			r, n := utf8.DecodeRuneInString(a)
			if r == utf8.RuneError {
				b.String(unknown)
			} else {
				b.String(a[:n])
			}
			a = a[n:]
		}
	}
	b.Byte('"')
	return b.Text()
}
