package syntax

import (
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"moec.dev/moec/dsl/diag"
)

// unexpected reports a token at which a statement left its form, in words for
// somebody who sees the language for the first time.
func (c *lowering) unexpected(form string, s *stmt, t lexer.Token, expected []string) {
	if c.dashed(s, t) {
		return
	}
	last := s.toks[len(s.toks)-1]
	at := c.span(t)
	if t.EOF() {
		at = c.extent(extent{last.start, last.end})
		if last.kind == tBlock {
			at.Start = at.End - 1
		}
	}
	var message string
	switch found := shown(t); {
	case len(expected) > 0 && t.EOF():
		message = anyOf(expected) + " must follow here"
	case len(expected) > 0:
		message = anyOf(expected) + " must stand here, not " + found
	case t.EOF():
		message = "the statement is not complete"
	default:
		message = found + " has no meaning here"
	}
	d := c.diags.Add(diag.Syntax, at, "%s", message)
	if help := slip(t, expected, s.word(c.file.Text, 0)); help != "" {
		d.Helpf("%s", help)
	} else if form != "" {
		d.Helpf("the form is: %s", form)
	}
}

// dashed reports a name with dashes, which the scanner must read as a
// subtraction, as the mistake that it is.
func (c *lowering) dashed(s *stmt, t lexer.Token) bool {
	if !isPunct(&t, "-") {
		return false
	}
	for i, tok := range s.toks {
		if tok.start != t.Pos.Offset {
			continue
		}
		if i == 0 || i+1 == len(s.toks) || s.toks[i-1].kind != tIdent || s.toks[i-1].end != tok.start || s.toks[i+1].start != tok.end {
			return false
		}
		end := i
		for end+1 < len(s.toks) && s.toks[end+1].start == s.toks[end].end && s.toks[end+1].kind != tBlock {
			end++
		}
		span := c.extent(extent{s.toks[i-1].start, s.toks[end].end})
		c.diags.Add(diag.BadName, span, "a name has lower-case letters, digits and _ only").
			Helpf("%s", strings.ReplaceAll(span.Text(), "-", "_"))
		return true
	}
	return false
}

// shown names a token as a message does.
func shown(t lexer.Token) string {
	switch {
	case t.EOF():
		return "the end of the statement"
	case t.Type == tBlock:
		return "`{`"
	case len(t.Value) > 40 || strings.Contains(t.Value, "\n"):
		return "this string"
	}
	return "`" + t.Value + "`"
}

// slip returns what to do about a common mistake, "" when it is none.
func slip(t lexer.Token, expected []string, statement string) string {
	first := strings.Join(expected, " ")
	switch {
	case first == "`=`" && isPunct(&t, "=="):
		return "one = gives a value, == compares"
	case first == "`=`":
		return "write = between the name and its value"
	case isPunct(&t, "="):
		return "compare with =="
	case first == "`when`":
		return "write `when` before the condition"
	case first == "`among`" && t.EOF():
		return "the name of a cluster stands in quotes; an expression is followed by: among \"A\", \"B\""
	case first == "a string in quotes" && isPunct(&t, "/"):
		return "put the path in quotes: \"/...\""
	case first == "a string in quotes" && t.Type == tIdent:
		return "put it in quotes: \"" + t.Value + "\""
	case statement == "auth" && (isPunct(&t, "&&") || isPunct(&t, "||")):
		return "write `and` or `or` between the names"
	case statement == "auth" && (t.Value == "and" || t.Value == "or"):
		return "`and` and `or` do not mix: all names are joined by one of them"
	case t.Type == tIdent:
		for _, e := range expected {
			if word := strings.Trim(e, "`"); word != e && len(word) > 1 && near(word, t.Value) {
				return "did you mean `" + word + "`?"
			}
		}
	}
	return ""
}

// anyOf lists alternatives for the beginning of a sentence.
func anyOf(of []string) string {
	if len(of) == 1 {
		return of[0]
	}
	return strings.Join(of[:len(of)-1], ", ") + " or " + of[len(of)-1]
}

// nearest returns the word of the candidates that is most like the given one,
// "" if none is.
func nearest(word string, candidates []string) string {
	best, distance := "", 3
	for _, c := range candidates {
		if d := edits(word, c); d < distance && near(word, c) {
			best, distance = c, d
		}
	}
	return best
}

// near reports whether two words differ by a slip of the finger.
func near(a, b string) bool {
	d := edits(a, b)
	return d == 1 || d == 2 && min(len(a), len(b)) > 3
}

// edits counts the letters to insert, delete, replace or swap with a neighbour
// to make one word of the other. Words that cannot be near count as far.
func edits(a, b string) int {
	const far = 9
	if len(a) > 24 || len(b) > 24 {
		return far
	}
	var rows [3][25]int
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := 1; i <= len(a); i++ {
		older, old, row := &rows[(i+2)%3], &rows[i%3], &rows[(i+1)%3]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(old[j]+1, row[j-1]+1, old[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], older[j-2]+1)
			}
		}
	}
	return rows[(len(a)+1)%3][len(b)]
}
