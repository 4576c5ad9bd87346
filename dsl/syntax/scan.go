package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// scanner cuts a file into tokens. It reports what it cannot read, leaves a
// tBad token in that place, and goes on.
type scanner struct {
	file  *source.File
	text  string
	diags *diag.List
	pos   int
	toks  []token
	// badLine is set from a bad character to the end of its line, so that one
	// slip gives one message.
	badLine bool
}

// scan returns all tokens of the file. INVARIANT: they are in order, do not
// overlap, and none is empty.
func scan(file *source.File, diags *diag.List) []token {
	s := &scanner{file: file, text: file.Text, diags: diags}
	for s.pos < len(s.text) {
		s.token()
	}
	return s.toks
}

func (s *scanner) token() {
	start, c := s.pos, s.text[s.pos]
	switch {
	case c == '\n':
		s.pos++
		s.badLine = false
		s.emit(tNewline, start)
	case c == ' ' || c == '\t' || c == '\r' || c == '\f':
		s.pos++
	case c == '/' && s.at(1) == '/':
		s.pos = s.lineEnd()
	case c == '"' || c == '\'':
		s.str(start, false, false)
	case letter(c):
		s.word()
	case digit(c) || c == '.' && digit(s.at(1)) && !s.afterOperand():
		s.number()
	case c == '`':
		s.quoted()
	default:
		s.punct()
	}
}

func (s *scanner) emit(k tokenKind, start int) {
	s.toks = append(s.toks, token{k, start, s.pos})
}

// at returns the byte n places ahead, 0 past the end.
func (s *scanner) at(n int) byte {
	if s.pos+n < len(s.text) {
		return s.text[s.pos+n]
	}
	return 0
}

// lineEnd returns the offset of the end of the current line.
func (s *scanner) lineEnd() int {
	if i := strings.IndexByte(s.text[s.pos:], '\n'); i >= 0 {
		return s.pos + i
	}
	return len(s.text)
}

func (s *scanner) span(start, end int) source.Span {
	return source.Span{File: s.file, Start: start, End: end}
}

// afterOperand reports whether the token just before is a value, glued to this
// place: then a dot selects a member rather than begins a number.
func (s *scanner) afterOperand() bool {
	if len(s.toks) == 0 {
		return false
	}
	t := s.toks[len(s.toks)-1]
	if t.end != s.pos {
		return false
	}
	last := s.text[t.start:t.end]
	return t.operand(s.text) || last == ")" || last == "]"
}

// word scans an identifier, or a string literal with a prefix.
func (s *scanner) word() {
	start := s.pos
	for s.pos < len(s.text) && (letter(s.text[s.pos]) || digit(s.text[s.pos])) {
		s.pos++
	}
	if c := s.at(0); c == '"' || c == '\'' {
		switch strings.ToLower(s.text[start:s.pos]) {
		case "r":
			s.str(start, true, false)
			return
		case "b":
			s.str(start, false, true)
			return
		case "br":
			s.str(start, true, true)
			return
		}
	}
	s.emit(tIdent, start)
}

// quoted scans a field name in backquotes.
func (s *scanner) quoted() {
	start, end := s.pos, s.lineEnd()
	if i := strings.IndexByte(s.text[start+1:end], '`'); i > 0 {
		s.pos = start + i + 2
		s.emit(tQuoted, start)
		return
	}
	s.bad("strings stand in double quotes: \"...\"")
}

var twoBytes = map[string]bool{"&&": true, "||": true, "==": true, "!=": true, "<=": true, ">=": true}

func (s *scanner) punct() {
	start := s.pos
	if s.pos+1 < len(s.text) && twoBytes[s.text[s.pos:s.pos+2]] {
		s.pos += 2
		s.emit(tPunct, start)
		return
	}
	switch c := s.text[s.pos]; c {
	case '/':
		if s.at(1) == '*' {
			s.bad("comments begin with // and end with the line")
			return
		}
		fallthrough
	case '+', '-', '*', '%', '!', '?', ':', '.', ',', ';', '(', ')', '[', ']', '{', '}', '<', '>', '=':
		s.pos++
		s.emit(tPunct, start)
	case '&', '|':
		s.bad("write " + string([]byte{c, c}))
	case '#':
		s.bad("comments begin with //")
	default:
		s.bad("")
	}
}

// bad reports the character at the current place once a line and steps over it.
func (s *scanner) bad(help string) {
	start := s.pos
	r, n := utf8.DecodeRuneInString(s.text[s.pos:])
	s.pos += n
	s.emit(tBad, start)
	if s.badLine {
		return
	}
	s.badLine = true
	switch r {
	case '“', '”', '„', '«', '»':
		help = "strings stand in straight quotes: \"...\""
	case '‘', '’':
		help = "strings stand in straight quotes: '...'"
	case '\u00a0', '\u200b', '\ufeff', '\u2028':
		help = "this is an invisible character: delete it, and type a space if one belongs here"
	}
	shown := "`" + string(r) + "`"
	if !unicode.IsPrint(r) || r == utf8.RuneError {
		shown = "the " + escapeRune(s.text[start:s.pos], r)
	}
	d := s.diags.Add(diag.BadCharacter, s.span(start, s.pos), "%s means nothing here", shown)
	if help != "" {
		d.Helpf("%s", help)
	}
}

func letter(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }
