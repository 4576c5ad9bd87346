package eval

import (
	"strings"
	"unicode/utf8"

	"moec.dev/moec/runtime/core"
)

// searchable makes two texts such that the code points of one are found in the
// other by its bytes. Bytes that are not UTF-8 are all the same code point, so
// that they must be replaced where both could have some; undo gives the memory
// back.
func searchable(s *core.Scratch, a, sub string) (text, part string, undo core.Builder) {
	undo = s.Build()
	if utf8.ValidString(sub) && (!strings.Contains(sub, unknown) || utf8.ValidString(a)) {
		return a, sub, undo
	}
	return clean(s, a), clean(s, sub), undo
}

// IndexOf is a.indexOf(sub), or -1.
func IndexOf(s *core.Scratch, a, sub string) int64 {
	i, _ := IndexOfFrom(s, a, sub, 0)
	return i
}

// IndexOfFrom is a.indexOf(sub, from).
func IndexOfFrom(s *core.Scratch, a, sub string, from int64) (int64, Err) {
	if from < 0 {
		return 0, OutOfRange
	}
	at, ok := place(a, from)
	if sub == "" {
		if !ok {
			return Size(a), None
		}
		return from, None
	}
	if !ok {
		return -1, None
	}
	rest, part, undo := searchable(s, a[at:], sub)
	i := strings.Index(rest, part)
	if i >= 0 {
		i = int(from) + utf8.RuneCountInString(rest[:i])
	}
	undo.Drop()
	return int64(i), None
}

// LastIndexOf is a.lastIndexOf(sub), or -1.
func LastIndexOf(s *core.Scratch, a, sub string) int64 {
	n := Size(a)
	switch {
	case sub == "":
		return n
	case len(a) < len(sub):
		return -1
	}
	i, _ := LastIndexOfFrom(s, a, sub, n-1)
	return i
}

// LastIndexOfFrom is a.lastIndexOf(sub, from): the last that begins at from or
// before it.
func LastIndexOfFrom(s *core.Scratch, a, sub string, from int64) (int64, Err) {
	if from < 0 {
		return 0, OutOfRange
	}
	at, ok := place(a, from)
	if sub == "" {
		if !ok {
			return Size(a), None
		}
		return from, None
	}
	if !ok || at == len(a) {
		return -1, None
	}
	text, part, undo := searchable(s, a, sub)
	if text != a {
		at, _ = place(text, from)
	}
	i := strings.LastIndex(text[:min(len(text), at+len(part))], part)
	if i >= 0 {
		i = utf8.RuneCountInString(text[:i])
	}
	undo.Drop()
	return int64(i), None
}
