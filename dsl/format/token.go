package format

import (
	"regexp"
	"strings"
)

type kind uint8

const (
	word kind = iota
	literal
	punct
	comment
)

// token is one piece of the text that is not blank.
type token struct {
	kind       kind
	text       string
	start, end int
	lines      int // line ends between the piece before and this one
}

func (t token) is(text string) bool { return t.kind == punct && t.text == text }

// multiline reports whether the token itself goes over line ends.
func (t token) multiline() bool { return strings.Contains(t.text, "\n") }

// scan cuts a text without syntax errors into tokens. Comments lose the blanks
// at their ends, everything else keeps every byte.
func scan(text string) []token {
	var out []token
	lines := 0
	for i := 0; i < len(text); {
		switch c := text[i]; c {
		case '\n':
			lines++
			i++
			continue
		case ' ', '\t', '\r', '\f':
			i++
			continue
		}
		t := token{kind: punct, start: i, end: i + 1, lines: lines}
		glued := len(out) > 0 && out[len(out)-1].end == i && ends(out[len(out)-1])
		switch rest := text[i:]; {
		case strings.HasPrefix(rest, "//"):
			line, _, _ := strings.Cut(rest, "\n")
			t.kind, t.end = comment, i+len(line)
		case stringStart.MatchString(rest):
			t.kind, t.end = literal, i+stringLength(rest)
		case wordForm.MatchString(rest):
			t.kind, t.end = word, i+len(wordForm.FindString(rest))
		case rest[0] != '.' || !glued:
			if n := len(numberForm.FindString(rest)); n > 0 {
				t.kind, t.end = literal, i+n+share(text, i, i+n)
				break
			}
			fallthrough
		default:
			t.end = i + punctLength(rest)
			if rest[0] == '`' {
				t.kind = literal
			}
		}
		i = t.end
		t.text = text[t.start:t.end]
		if t.kind == comment {
			t.text = strings.TrimRight(t.text, " \t\r\f")
		}
		out = append(out, t)
		lines = 0
	}
	return out
}

// ends reports whether a value may end with the token: a dot that touches it
// selects a member.
func ends(t token) bool {
	return t.kind == literal || t.kind == word && t.text != "in" || t.is(")") || t.is("]")
}

var (
	stringStart = regexp.MustCompile(`^(?:[rR]|[bB]|[bB][rR])?["']`)
	wordForm    = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*`)
	numberForm  = regexp.MustCompile(`^(?:0[xX][0-9a-fA-F]+[uU]?|(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?:[A-Za-z_](?:[A-Za-z0-9_]|\.[0-9])*)?)`)
	wholeForm   = regexp.MustCompile(`^[0-9]+$`)
)

// share is 1 if a % follows the number and makes a share of it rather than
// being an operator.
func share(text string, start, end int) int {
	if end >= len(text) || text[end] != '%' || !wholeForm.MatchString(text[start:end]) {
		return 0
	}
	rest := strings.TrimLeft(text[end+1:min(len(text), end+64)], " \t\r")
	if rest == "" || strings.ContainsRune(",}\n;", rune(rest[0])) || strings.HasPrefix(rest, "//") {
		return 1
	}
	return 0
}

// stringLength is the length of the string literal that the text begins with.
func stringLength(text string) int {
	open := strings.IndexAny(text, `"'`)
	raw := strings.ContainsAny(text[:open], "rR")
	quote := text[open : open+1]
	if strings.HasPrefix(text[open:], strings.Repeat(quote, 3)) {
		quote = strings.Repeat(quote, 3)
	}
	for i := open + len(quote); i < len(text); i++ {
		switch {
		case strings.HasPrefix(text[i:], quote):
			return i + len(quote)
		case text[i] == '\\' && !raw:
			i++
		}
	}
	return len(text)
}

// punctLength is the length of the operator, bracket or quoted field name that
// the text begins with.
func punctLength(text string) int {
	if text[0] == '`' {
		if i := strings.IndexByte(text[1:], '`'); i >= 0 {
			return i + 2
		}
	}
	if len(text) > 1 {
		switch text[:2] {
		case "&&", "||", "==", "!=", "<=", ">=":
			return 2
		}
	}
	return 1
}
