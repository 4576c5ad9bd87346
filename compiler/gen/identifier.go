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

// camel writes a name of the language as part of a Go identifier.
func camel(s string) string {
	var b strings.Builder
	up := true
	for _, c := range s {
		switch {
		case c >= 'a' && c <= 'z' && up:
			b.WriteRune(c - 'a' + 'A')
			up = false
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
			b.WriteRune(c)
			up = false
		default:
			up = true
		}
	}
	return b.String()
}
