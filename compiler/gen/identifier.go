package gen

import (
	"strconv"
	"strings"
)

// identifiers gives every generated function a name of its own.
type identifiers map[string]bool

// unique joins words to a Go identifier that no other function has.
func (n identifiers) unique(prefix string, words ...string) string {
	id := prefix
	for _, w := range words {
		id += camel(w)
	}
	for try, i := id, 2; ; i++ {
		if !n[try] {
			n[try] = true
			return try
		}
		try = id + strconv.Itoa(i)
	}
}

// camel writes a name of the language as part of a Go identifier. Two names
// stay two: an underscore that no letter follows is kept.
func camel(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c, next := s[i], byte(0)
		if i+1 < len(s) {
			next = s[i+1]
		}
		switch {
		case c == '_' && next >= 'a' && next <= 'z':
			b.WriteByte(next - 'a' + 'A')
			i++
		case i == 0 && c >= 'a' && c <= 'z':
			b.WriteByte(c - 'a' + 'A')
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_':
			b.WriteByte(c)
		case next >= 'a' && next <= 'z': // of a header's name
			b.WriteByte(next - 'a' + 'A')
			i++
		}
	}
	return b.String()
}
