package syntax

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"moec.dev/moec/dsl/diag"
)

// str scans a string literal whose prefix begins at start and whose opening
// quote is at the current place.
func (s *scanner) str(start int, raw, bytes bool) {
	quote := s.text[s.pos : s.pos+1]
	long := strings.HasPrefix(s.text[s.pos:], strings.Repeat(quote, 3))
	if long {
		quote = strings.Repeat(quote, 3)
	}
	s.pos += len(quote)
	ok := true
	for {
		if s.pos >= len(s.text) || !long && s.text[s.pos] == '\n' {
			s.unclosed(start, quote)
			return
		}
		if strings.HasPrefix(s.text[s.pos:], quote) {
			s.pos += len(quote)
			break
		}
		if s.text[s.pos] != '\\' || raw {
			s.pos++
			continue
		}
		n := escapeLength(s.text[s.pos:], bytes)
		if n == 0 {
			ok = s.badEscape() && ok
			continue
		}
		s.pos += n
	}
	switch {
	case !ok:
		s.emit(tBad, start)
	case bytes:
		s.emit(tBytes, start)
	default:
		s.emit(tString, start)
	}
}

// unclosed reports a string without an end and goes on at the next line.
func (s *scanner) unclosed(start int, quote string) {
	s.pos = start
	s.pos = s.lineEnd()
	for s.pos > start+1 && (s.text[s.pos-1] == '\r' || s.text[s.pos-1] == ' ') {
		s.pos--
	}
	s.emit(tBad, start)
	s.diags.Add(diag.UnclosedString, s.span(start, s.pos), "this string is never closed").
		Helpf("add the closing %s", quote)
}

// badEscape reports the escape at the current place, steps over its backslash
// and the character after it, and returns false.
func (s *scanner) badEscape() bool {
	start := s.pos
	s.pos++
	if s.pos < len(s.text) && s.text[s.pos] != '\n' {
		_, n := utf8.DecodeRuneInString(s.text[s.pos:])
		s.pos += n
	}
	s.diags.Add(diag.BadLiteral, s.span(start, s.pos), "`%s` is not an escape that CEL knows", s.text[start:s.pos]).
		Helpf("write \\\\ for a backslash, or put r before the string: r\"...\"")
	return false
}

// escapeLength returns the length of the escape that text begins with, 0 if it
// is none.
func escapeLength(text string, bytes bool) int {
	if len(text) < 2 {
		return 0
	}
	digits, base := 0, 16
	skip := 2
	switch c := text[1]; c {
	case 'a', 'b', 'f', 'n', 'r', 't', 'v', '\\', '?', '"', '\'', '`':
		return 2
	case 'x', 'X':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	case '0', '1', '2', '3':
		digits, base, skip = 3, 8, 1
	default:
		return 0
	}
	if bytes && digits > 3 || len(text) < skip+digits {
		return 0
	}
	v, err := strconv.ParseUint(text[skip:skip+digits], base, 32)
	if err != nil || digits > 3 && !utf8.ValidRune(rune(v)) {
		return 0
	}
	return skip + digits
}

// decode returns the value of a string literal that the scanner accepted.
func decode(literal string) string {
	raw := literal[0]|0x20 == 'r'
	if raw {
		literal = literal[1:]
	}
	n := 1
	if len(literal) >= 6 && literal[:3] == strings.Repeat(literal[:1], 3) {
		n = 3
	}
	body := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(literal[n : len(literal)-n])
	if raw || !strings.Contains(body, "\\") {
		return body
	}
	var b strings.Builder
	for i := 0; i < len(body); {
		if body[i] != '\\' {
			b.WriteByte(body[i])
			i++
			continue
		}
		n := escapeLength(body[i:], false)
		b.WriteRune(escapeValue(body[i : i+n]))
		i += n
	}
	return b.String()
}

// escapeValue returns the code point that an escape stands for.
func escapeValue(e string) rune {
	if i := strings.IndexByte(`abfnrtv`, e[1]); i >= 0 && len(e) == 2 {
		return rune("\a\b\f\n\r\t\v"[i])
	}
	if len(e) == 2 {
		return rune(e[1])
	}
	base, digits := 16, e[2:]
	if digit(e[1]) {
		base, digits = 8, e[1:]
	}
	v, _ := strconv.ParseUint(digits, base, 32)
	return rune(v)
}
