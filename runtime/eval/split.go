package eval

import (
	"strings"
	"unicode/utf8"
)

// What is asked of a.split(separator) seldom needs the list. These functions
// answer without it, and look at no more of the text than they need.

// Parts goes over a.split(separator):
//
//	p := PartsOf(a, ",")
//	for p.Next() {
//		use(p.Part)
//	}
//
// Its variable should stand before the loop as it does here: one that belongs
// to the loop is copied twice for every part.
type Parts struct {
	Part      string // the one that Next has come to
	rest      string
	separator string
	more      bool // there is a part in rest, which may be empty
}

// PartsOf begins before the first part.
func PartsOf(a, separator string) Parts {
	// Between code points an empty text has nothing, not even an empty part.
	return Parts{rest: a, separator: separator, more: separator != "" || a != ""}
}

// Next goes on to the next part, and reports whether there is one.
func (p *Parts) Next() bool {
	if p.more {
		p.Part, p.rest, p.more = cutPart(p.rest, p.separator)
		return true
	}
	return false
}

// cutPart takes the first part off a text, and says whether another follows.
func cutPart(a, separator string) (part, rest string, more bool) {
	at, n := -1, len(separator)
	switch n {
	case 0:
		if _, at = utf8.DecodeRuneInString(a); at == len(a) {
			at = -1
		}
	case 1:
		at = strings.IndexByte(a, separator[0])
	default:
		at = strings.Index(a, separator)
	}
	if at < 0 {
		return a, "", false
	}
	return a[:at], a[at+n:], true
}

// SplitHas is x in a.split(separator).
func SplitHas(a, separator, x string) bool {
	if len(separator) != 1 {
		p := PartsOf(a, separator)
		for p.Next() {
			if p.Part == x {
				return true
			}
		}
		return false
	}
	c := separator[0]
	for {
		if len(a) >= len(x) && a[:len(x)] == x && (len(a) == len(x) || a[len(x)] == c) {
			return strings.IndexByte(x, c) < 0 // no part has a separator in it
		}
		at := strings.IndexByte(a, c)
		if at < 0 {
			return false
		}
		a = a[at+1:]
	}
}

// SplitSize is a.split(separator).size().
func SplitSize(a, separator string) int64 {
	if separator == "" {
		return Size(a)
	}
	return int64(strings.Count(a, separator)) + 1
}

// SplitIndex is a.split(separator)[i].
func SplitIndex(a, separator string, i int64) (string, Err) {
	// There are no more parts than bytes, and one.
	if i < 0 || i > int64(len(a)) {
		return "", OutOfRange
	}
	p := PartsOf(a, separator)
	for ; p.Next(); i-- {
		if i == 0 {
			return p.Part, None
		}
	}
	return "", OutOfRange
}

// SplitOptionalIndex is a.split(separator)[?i].
func SplitOptionalIndex(a, separator string, i int64) Optional[string] {
	part, err := SplitIndex(a, separator, i)
	return Optional[string]{Value: part, OK: err == None}
}
