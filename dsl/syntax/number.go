package syntax

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2/lexer"
)

type tokenKind = lexer.TokenType

// number scans CEL's numbers and the language's own literals that begin with a
// digit. What the suffix means is decided where the literal stands.
func (s *scanner) number() {
	start := s.pos
	if s.at(0) == '0' && s.at(1)|0x20 == 'x' && hex(s.at(2)) {
		s.pos += 2
		for hex(s.at(0)) {
			s.pos++
		}
		kind := tInt
		if s.at(0)|0x20 == 'u' {
			s.pos++
			kind = tUint
		}
		s.emit(kind, start)
		return
	}
	kind := tInt
	s.digits()
	if s.at(0) == '.' && digit(s.at(1)) {
		kind = tFloat
		s.pos++
		s.digits()
	}
	if n := s.exponent(); n > 0 {
		kind = tFloat
		s.pos += n
		s.digits()
	}
	switch c := s.at(0); {
	case c|0x20 == 'u' && kind == tInt && !letter(s.at(1)) && !digit(s.at(1)):
		s.pos++
		kind = tUint
	case letter(c):
		kind = tQuantity
		for letter(s.at(0)) || digit(s.at(0)) || s.at(0) == '.' && digit(s.at(1)) {
			s.pos++
		}
	case c == '%' && kind == tInt && s.endsShare():
		s.pos++
		kind = tPercent
	}
	s.emit(kind, start)
}

func (s *scanner) digits() {
	for digit(s.at(0)) {
		s.pos++
	}
}

// exponent returns the length of e+ or e before digits at the current place.
func (s *scanner) exponent() int {
	if s.at(0)|0x20 != 'e' {
		return 0
	}
	if digit(s.at(1)) {
		return 1
	}
	if (s.at(1) == '+' || s.at(1) == '-') && digit(s.at(2)) {
		return 2
	}
	return 0
}

// endsShare reports whether the % here closes a share: nothing follows that
// could be the right side of a remainder.
func (s *scanner) endsShare() bool {
	rest := strings.TrimLeft(s.text[s.pos+1:min(len(s.text), s.pos+64)], " \t\r")
	if rest == "" {
		return true
	}
	return strings.ContainsRune(",}\n;", rune(rest[0])) || strings.HasPrefix(rest, "//")
}

func hex(c byte) bool { return digit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

// escapeRune names a character that cannot be shown.
func escapeRune(raw string, r rune) string {
	if r == utf8.RuneError && len(raw) == 1 {
		return fmt.Sprintf("byte 0x%02X", raw[0])
	}
	return fmt.Sprintf("character U+%04X", r)
}
