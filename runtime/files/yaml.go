package files

import (
	"errors"
	"strconv"
	"strings"
)

// fromYAML writes a YAML file as JSON. It reads what tables are written in:
// maps and lists by indentation or in brackets on one line, texts plain or in
// quotes on one line, and comments. Anchors, tags, texts of several lines and
// further documents are refused.
func fromYAML(text string) (string, error) {
	y := &yamlReader{}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSuffix(line, "\r")
		body := strings.TrimLeft(line, " ")
		if body == "" || body[0] == '#' || i == 0 && strings.TrimRight(body, " ") == "---" {
			continue
		}
		y.lines = append(y.lines, yamlLine{i + 1, len(line) - len(body), body})
	}
	if len(y.lines) == 0 {
		return "", errors.New("the file is empty")
	}
	y.block(y.lines[0].indent, 0)
	if y.err == nil && y.at < len(y.lines) {
		y.fail("the line is not indented like those around it")
	}
	return y.out.String(), y.err
}

type yamlLine struct {
	number, indent int
	text           string
}

type yamlReader struct {
	lines []yamlLine
	at    int
	out   strings.Builder
	err   error
}

func (y *yamlReader) fail(what string) {
	if y.err == nil {
		n := y.lines[min(y.at, len(y.lines)-1)].number
		y.err = errors.New("line " + strconv.Itoa(n) + ": " + what)
	}
}

// block reads a map or a list whose lines are indented so, or one scalar.
func (y *yamlReader) block(indent, depth int) {
	if depth > maxDepth {
		y.fail("values lie in each other too deep")
		return
	}
	first := y.lines[y.at].text
	isList := first == "-" || strings.HasPrefix(first, "- ")
	if _, _, ok := cutKey(first); !isList && !ok {
		y.at++
		y.inline(first)
		return
	}
	y.out.WriteByte(map[bool]byte{true: '[', false: '{'}[isList])
	for n := 0; y.err == nil && y.at < len(y.lines) && y.lines[y.at].indent == indent; n++ {
		l := &y.lines[y.at]
		element := l.text == "-" || strings.HasPrefix(l.text, "- ")
		if isList && !element { // the list stands right under its key, and the next key follows
			break
		}
		if n > 0 {
			y.out.WriteByte(',')
		}
		if isList {
			rest := strings.TrimLeft(l.text[1:], " ")
			if rest == "" || rest[0] == '#' {
				y.below(indent, false, depth)
				continue
			}
			// What stands behind the dash is a block of its own.
			l.indent, l.text = indent+len(l.text)-len(rest), rest
			y.block(l.indent, depth+1)
			continue
		}
		key, rest, ok := cutKey(l.text)
		if !ok {
			y.fail("a key and a colon must stand here")
			return
		}
		y.key(key)
		y.out.WriteByte(':')
		if rest == "" || rest[0] == '#' {
			y.below(indent, true, depth)
			continue
		}
		y.at++
		y.inline(rest)
	}
	if y.at < len(y.lines) && y.lines[y.at].indent > indent {
		y.fail("the line is indented more than those around it")
	}
	y.out.WriteByte(map[bool]byte{true: ']', false: '}'}[isList])
}

// below reads the block under a key or a dash; nothing is null. The elements of
// a list may stand right under its key.
func (y *yamlReader) below(indent int, key bool, depth int) {
	y.at++
	if y.at < len(y.lines) {
		l := y.lines[y.at]
		if l.indent > indent || key && l.indent == indent && (l.text == "-" || strings.HasPrefix(l.text, "- ")) {
			y.block(l.indent, depth+1)
			return
		}
	}
	y.out.WriteString("null")
}

// cutKey cuts "key: rest"; a colon in quotes or in brackets is none.
func cutKey(s string) (key, rest string, ok bool) {
	end := 0
	switch {
	case s == "" || strings.IndexByte("[{&*!|>@`%", s[0]) >= 0:
		return "", "", false
	case s[0] == '"' || s[0] == '\'':
		if end = quotedEnd(s); end < 0 || end >= len(s) || s[end] != ':' {
			return "", "", false
		}
	default:
		for end = 0; end < len(s); end++ {
			if s[end] == ':' && (end+1 == len(s) || s[end+1] == ' ') {
				break
			}
			if s[end] == '#' && end > 0 && s[end-1] == ' ' {
				return "", "", false
			}
		}
		if end == len(s) {
			return "", "", false
		}
	}
	if end+1 < len(s) && s[end+1] != ' ' {
		return "", "", false
	}
	return s[:end], strings.TrimLeft(s[end+1:], " "), true
}

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
	rest := strings.TrimLeft(y.flow(s, false, 0), " ")
	if rest != "" && rest[0] != '#' {
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
	case '&', '*', '!', '|', '>', '@', '`', '%':
		y.fail("this form of YAML is not read here: " + s[:1])
		return ""
	}
	end := 0
	for ; end < len(s); end++ {
		if s[end] == '#' && end > 0 && s[end-1] == ' ' || inside && strings.IndexByte(",[]{}", s[end]) >= 0 ||
			inside && s[end] == ':' && (end+1 == len(s) || strings.IndexByte(" ,]}", s[end+1]) >= 0) {
			break
		}
	}
	y.plain(strings.TrimRight(s[:end], " \t"))
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
			end := strings.IndexByte(s, ':')
			if s != "" && (s[0] == '"' || s[0] == '\'') {
				end = quotedEnd(s)
			}
			if end < 0 || end >= len(s) || s[end] != ':' || end+1 < len(s) && s[end+1] != ' ' {
				y.fail("a key, a colon and a blank must stand here")
				return ""
			}
			y.key(s[:end])
			y.out.WriteByte(':')
			s = s[end+1:]
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

// key writes a map's key, which is a text.
func (y *yamlReader) key(s string) {
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		y.quotedText(s)
		return
	}
	if s = strings.TrimRight(s, " "); s == "" || s == "<<" || bareWord(s) {
		y.fail("a key is a text: write it in quotes")
	}
	writeQuoted(&y.out, s)
}

// quotedText writes a text in quotes. Double ones have the escapes of JSON.
func (y *yamlReader) quotedText(s string) {
	if s[0] == '"' {
		y.out.WriteString(s)
		return
	}
	writeQuoted(&y.out, strings.ReplaceAll(s[1:len(s)-1], "''", "'"))
}

// plain writes a word without quotes: null, or what the type says of it where it
// looks like a bool or a number, or else a text.
func (y *yamlReader) plain(s string) {
	switch {
	case s == "~" || s == "null" || s == "Null" || s == "NULL":
		y.out.WriteString("null")
	case s == "" || strings.Contains(s, ": ") || strings.HasSuffix(s, ":") || s[0] == '-' && len(s) > 1 && s[1] == ' ':
		y.fail("a text with a colon or a dash in it needs quotes")
	case bareWord(s):
		y.out.WriteString(s) // the decoder knows whether it fits
	default:
		writeQuoted(&y.out, s)
	}
}

// bareWord reports whether YAML takes a word for something else than a text.
func bareWord(s string) bool {
	switch strings.ToLower(s) {
	case "true", "false", "~", "null", ".inf", "+.inf", "-.inf", ".nan":
		return true
	}
	digits := strings.TrimLeft(s, "+-")
	if digits == "" || (digits[0] < '0' || digits[0] > '9') && digits[0] != '.' {
		return false
	}
	n := strings.ReplaceAll(digits, "_", "")
	if _, err := strconv.ParseFloat(n, 64); err == nil {
		return true
	}
	_, err := strconv.ParseUint(n, 0, 64)
	return err == nil
}
