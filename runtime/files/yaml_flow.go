package files

import (
	"strconv"
	"strings"
)

// quotedEnd is the place behind the quotes that a text begins with, or -1.
func quotedEnd(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && s[0] == '"':
			i++
		case s[i] == s[0] && s[0] == '\'' && i+1 < len(s) && s[i+1] == '\'':
			i++
		case s[i] == s[0]:
			return i + 1
		}
	}
	return -1
}

// inline reads what stands on one line, with a comment behind it perhaps.
func (y *yamlReader) inline(s string) {
	y.at-- // messages are about this line
	rest := y.flow(s, false, 0)
	if rest != "" && !strings.HasPrefix(strings.TrimLeft(rest, " ")+"#", "#") || strings.HasPrefix(rest, "#") && !strings.HasSuffix(s[:len(s)-len(rest)], " ") {
		y.fail("the line goes on after its value")
	}
	y.at++
}

// flow reads one value and returns what is behind it.
func (y *yamlReader) flow(s string, inside bool, depth int) string {
	s = strings.TrimLeft(s, " ")
	if y.err != nil {
		return ""
	}
	if s == "" || depth > maxDepth {
		y.fail("a value must stand here, on this line")
		return ""
	}
	switch s[0] {
	case '[', '{':
		return y.brackets(s, depth)
	case '"', '\'':
		end := quotedEnd(s)
		if end < 0 {
			y.fail("a text does not end on its line")
			return ""
		}
		y.quotedText(s[:end])
		return s[end:]
	}
	if strings.IndexByte(indicators, s[0]) >= 0 || inside && s[0] == ':' {
		y.fail("this form of YAML is not read here: " + s[:1])
		return ""
	}
	end := 0
	for ; end < len(s); end++ {
		if s[end] == '#' && end > 0 && s[end-1] == ' ' || inside && strings.IndexByte(",[]{}?", s[end]) >= 0 ||
			inside && s[end] == ':' && (end+1 == len(s) || strings.IndexByte(" ,]}", s[end+1]) >= 0) {
			break
		}
	}
	y.plain(strings.TrimRight(s[:end], " "))
	return s[end:]
}

// brackets reads [a, b] or {a: b}.
func (y *yamlReader) brackets(s string, depth int) string {
	isMap := s[0] == '{'
	closing := s[0] + 2 // of both, in ASCII
	y.out.WriteByte(s[0])
	s = strings.TrimLeft(s[1:], " ")
	for n := 0; y.err == nil; n++ {
		if s != "" && s[0] == closing {
			y.out.WriteByte(closing)
			return s[1:]
		}
		if n > 0 {
			y.out.WriteByte(',')
		}
		if isMap {
			key, rest, ok := cutKeyInside(s)
			if !ok {
				y.fail("a key, a colon and a blank must stand here")
				return ""
			}
			y.key(key)
			y.out.WriteByte(':')
			s = rest
		}
		s = strings.TrimLeft(y.flow(s, true, depth+1), " ")
		switch {
		case y.err != nil:
		case s != "" && s[0] == ',':
			s = strings.TrimLeft(s[1:], " ")
		case s == "" || s[0] != closing:
			y.fail("a bracket is not closed on its line")
		}
	}
	return ""
}

// cutKeyInside cuts "key: rest" in brackets.
func cutKeyInside(s string) (key, rest string, ok bool) {
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		end := quotedEnd(s)
		if end < 0 {
			return "", "", false
		}
		rest, ok = strings.CutPrefix(strings.TrimLeft(s[end:], " "), ":") // no blank must follow, as in JSON
		return s[:end], rest, ok
	}
	key, rest, ok = strings.Cut(s, ":")
	if !ok || key == "" || strings.IndexByte(indicators, key[0]) >= 0 || key[0] == '-' && len(key) > 1 && key[1] == ' ' || strings.ContainsAny(key, "[]{},?") || strings.Contains(key, " #") {
		return "", "", false
	}
	return key, rest, rest == "" || rest[0] == ' '
}

// maxKey is how long a key may be: readers of YAML look ahead so far for its
// colon.
const maxKey = 512

// key writes a map's key, which is a text.
func (y *yamlReader) key(s string) {
	if s = strings.TrimRight(s, " "); len(s) > maxKey {
		y.fail("a key is longer than " + strconv.Itoa(maxKey) + " bytes")
	}
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		y.quotedText(s)
		return
	}
	if s == "" || bareWord(s) {
		y.fail("a key is a text: write it in quotes")
	}
	writeQuoted(&y.out, s)
}

// quotedText writes a text in quotes. Double ones have the escapes that
// JSON has too.
func (y *yamlReader) quotedText(s string) {
	if s[0] == '"' {
		for i := 0; i+2 < len(s); i++ {
			if s[i] != '\\' {
				continue
			}
			i++
			if strings.IndexByte(`"\bfnrtu`, s[i]) < 0 {
				y.fail("this escape is not read here: " + strconv.Quote(s[i-1:i+1]))
			}
			if r, _ := hex4(s[i:]); s[i] == 'u' && r >= 0xd800 && r < 0xe000 {
				y.fail("this escape is not read here: write the character itself")
			}
		}
		y.out.WriteString(s)
		return
	}
	writeQuoted(&y.out, strings.ReplaceAll(s[1:len(s)-1], "''", "'"))
}
