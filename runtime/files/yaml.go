package files

import (
	"errors"
	"strconv"
	"strings"
)

// fromYAML writes a YAML file as JSON. It reads what tables are written in:
// maps and lists by indentation or in brackets on one line, texts plain or in
// quotes on one line, and comments. Anchors, tags, texts of several lines and
// further documents are refused, and so is whatever else another reader of YAML
// may take otherwise. The JSON has its values on the lines that the file has
// them on, so that messages about either name the same ones.
//
// INVARIANT: what is accepted is what the compiler's reader makes of the file.
func fromYAML(text string) (string, error) {
	y := &yamlReader{line: 1}
	begun := false // behind ---, which may stand before the first value
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSuffix(line, "\r")
		body := strings.TrimLeft(line, " ")
		if what := strange(body); what != "" {
			return "", errors.New("line " + strconv.Itoa(i+1) + ": " + what)
		}
		if body == "" || body[0] == '#' {
			continue
		}
		if marks := strings.TrimRight(body, " "); marks == "---" && !begun && len(line) == len(body) && len(y.lines) == 0 {
			begun = true
			continue
		}
		y.lines = append(y.lines, yamlLine{i + 1, len(line) - len(body), body})
		if strings.HasPrefix(body, "---") || strings.HasPrefix(body, "...") {
			y.at = len(y.lines) - 1
			y.fail("a file holds one document, and no mark of its end")
			return "", y.err
		}
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
	line  int // of the JSON that is written
	err   error
}

// follow goes on on the line of the JSON that the value has in its file.
func (y *yamlReader) follow() {
	for n := y.lines[min(y.at, len(y.lines)-1)].number; y.line < n; y.line++ {
		y.out.WriteByte('\n')
	}
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
	y.follow()
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
		y.follow()
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
		if !ok || element {
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
	case s == "" || strings.IndexByte(indicators, s[0]) >= 0:
		return "", "", false
	case s[0] == '"' || s[0] == '\'':
		if end = quotedEnd(s); end < 0 {
			return "", "", false
		}
		for end < len(s) && s[end] == ' ' { // "key" : rest
			end++
		}
		if end == len(s) || s[end] != ':' {
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
