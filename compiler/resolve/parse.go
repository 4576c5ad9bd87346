package resolve

import (
	"fmt"
	"net/netip"
	"strings"
	"unicode/utf8"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// maxCaptures bounds the captures of one template: the runtime keeps them in a
// fixed array.
const maxCaptures = 16

// maxSegments is the number of segments of a path that the runtime reads.
const maxSegments = 128

// inside returns the place of text[i:j] in a string literal when the literal
// has no escapes, and of the whole literal otherwise.
func inside(t ast.Text, i, j int) source.Span {
	s := t.Span()
	raw := s.Text()
	if len(raw) != len(t.Value)+2 || raw[1:len(raw)-1] != t.Value {
		return s
	}
	return source.Span{File: s.File, Start: s.Start + 1 + i, End: s.Start + 1 + j}
}

// parseTemplate parses a path template, or returns nil after saying why not.
func parseTemplate(t ast.Text, diags *diag.List) *Template {
	text := t.Value
	bad := func(i, j int, format string, args ...any) *diag.Diagnostic {
		return diags.Add(diag.BadTemplate, inside(t, i, j), format, args...)
	}
	if !strings.HasPrefix(text, "/") {
		bad(0, len(text), "a path template begins with /").Helpf("%q", "/"+text)
		return nil
	}
	out := &Template{Text: text}
	seen := map[string]bool{}
	ok := true
	body := text[1:]
	if trimmed, found := strings.CutSuffix(body, "/"); found {
		body = trimmed // /a/ and /a are one path
	}
	if text == "/" {
		return out
	}
	off := 1
	for rest, more := body, true; more; {
		var seg string
		seg, rest, more = strings.Cut(rest, "/")
		i, j := off, off+len(seg)
		off = j + 1
		if out.Rest {
			bad(i, j, "nothing can follow **").Helpf("%q", text[:i-1])
			return nil
		}
		s, name, isRest, why := parseSegment(seg)
		if why != "" {
			d := bad(i, j, "%s", why)
			if mended := escaped(seg); mended != seg {
				if _, _, _, still := parseSegment(mended); still == "" {
					d.Helpf("%q", text[:i]+mended+text[j:])
				}
			}
			ok = false
			continue
		}
		if name != "" {
			if seen[name] {
				bad(i, j, "capture %s stands twice in the template", name)
				ok = false
			}
			seen[name] = true
		}
		if isRest {
			out.Rest, out.RestName = true, name
			continue
		}
		out.Segments = append(out.Segments, s)
	}
	if len(seen) > maxCaptures {
		bad(0, len(text), "a template has at most %d captures", maxCaptures)
		ok = false
	}
	if len(out.Segments) >= maxSegments {
		bad(0, len(text), "a template has fewer than %d segments", maxSegments)
		ok = false
	}
	if !ok {
		return nil
	}
	return out
}

// escaped encodes what stands in paths only encoded, and begins nothing else.
func escaped(seg string) string {
	return strings.NewReplacer(" ", "%20", `"`, "%22", "<", "%3C", ">", "%3E", "^", "%5E", "`", "%60", "|", "%7C").Replace(seg)
}

// parseSegment parses one segment: fixed text, *, {x}, pre{x}post, ** or {x=**}.
func parseSegment(seg string) (s Segment, name string, rest bool, why string) {
	if seg == "" {
		return s, "", false, "an empty segment: // is refused in every request"
	}
	if seg == "**" {
		return s, "", true, ""
	}
	open := strings.IndexAny(seg, "{*")
	if open < 0 {
		if strings.Contains(seg, "}") {
			return s, "", false, "a } without its {"
		}
		s.Literal, why = fixedText(seg, true)
		return s, "", false, why
	}
	s.Capture = true
	prefix, tail := seg[:open], ""
	if seg[open] == '*' {
		tail = seg[open+1:]
	} else {
		end := strings.IndexByte(seg, '}')
		if end < open {
			return s, "", false, "a { without its }"
		}
		name, tail = seg[open+1:end], seg[end+1:]
		if n, isRest := strings.CutSuffix(name, "=**"); isRest {
			if prefix != "" || tail != "" {
				return s, "", false, "a rest capture takes whole segments: nothing can stand beside it"
			}
			name, rest = n, true
		}
		if !isName(name) {
			return s, "", false, "a capture is written {name}, of lower-case letters, digits and _"
		}
	}
	if strings.ContainsAny(tail, "{}*") || strings.Contains(prefix, "}") {
		return s, "", false, "a segment has one capture at most"
	}
	s.Name = name
	if s.Prefix, why = fixedText(prefix, false); why == "" {
		s.Suffix, why = fixedText(tail, false)
	}
	return s, name, rest, why
}

func isName(s string) bool {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// fixedText decodes the fixed part of a segment. It may hold only what a
// canonical path can hold, or the template could never match.
func fixedText(s string, whole bool) (string, string) {
	if !utf8.ValidString(s) {
		return "", "not valid UTF-8"
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '%':
			if i+2 >= len(s) || hexDigit(s[i+1]) < 0 || hexDigit(s[i+2]) < 0 {
				return "", "% is followed by two hex digits"
			}
			d := byte(hexDigit(s[i+1])<<4 | hexDigit(s[i+2]))
			if d == '/' || d == '\\' || d < 0x20 || d == 0x7f {
				return "", "requests with " + s[i:i+3] + " are refused"
			}
			b.WriteByte(d)
			i += 2
		case c <= 0x20 || c == 0x7f || strings.IndexByte(`\#?;`, c) >= 0:
			return "", "requests with " + spoken(c) + " in the path are refused, or it begins the query"
		default:
			b.WriteByte(c)
		}
	}
	if !utf8.ValidString(b.String()) {
		return "", "the escapes do not make valid UTF-8"
	}
	if whole && (b.String() == "." || b.String() == "..") {
		return "", "dot segments are refused in every request"
	}
	return b.String(), ""
}

// spoken names a character, also one that nobody can see.
func spoken(c byte) string {
	switch {
	case c == ' ':
		return "a space"
	case c == '\t':
		return "a tab"
	case c == '\n', c == '\r':
		return "a line break"
	case c < 0x20 || c == 0x7f:
		return fmt.Sprintf("the control character %#02x", c)
	}
	return string(rune(c))
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// parseHost parses "h", "*.h" or "{name}.h".
func parseHost(t ast.Text, diags *diag.List) *Host {
	h := &Host{Text: t.Value}
	text := strings.ToLower(t.Value)
	bad := func(format string, args ...any) *Host {
		diags.Add(diag.BadHost, t.Span(), format, args...).Helpf(`host "shop.example.com", "*.shop.example.com"`)
		return nil
	}
	rest := text
	switch {
	case strings.HasPrefix(text, "*."):
		rest = text[1:]
		h.Suffix = rest
	case strings.HasPrefix(text, "{"):
		end := strings.Index(text, "}.")
		if end < 0 || !isName(text[1:end]) || t.Value[1:end] != text[1:end] {
			return bad("a host capture is written {name}.example.com")
		}
		h.Capture, rest = text[1:end], text[end+1:]
		h.Suffix = rest
	default:
		h.Exact = text
		rest = "." + text
	}
	if strings.Contains(rest, ":") && !strings.HasPrefix(text, "[") {
		return bad("a host is matched without its port")
	}
	if address, ok := strings.CutPrefix(text, "["); ok {
		address, ok = strings.CutSuffix(address, "]")
		if ip, err := netip.ParseAddr(address); !ok || err != nil || !ip.Is6() || ip.Zone() != "" {
			return bad("%q is not an IPv6 address in brackets, without a port", t.Value)
		}
		return h
	}
	for _, label := range strings.Split(rest[1:], ".") {
		if label == "" || len(label) > 63 {
			return bad("%q is not a host: a label is empty or too long", t.Value)
		}
		for _, c := range label {
			if c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
				return bad("%q is not a host: %q cannot stand in it", t.Value, string(rune(c)))
			}
		}
	}
	return h
}
