package resolve

import (
	"fmt"
	"strconv"
	"strings"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
)

// Target is the text of a redirect or rewrite with its captures.
type Target struct {
	Text string
	// Parts make the target up to its fragment, Fragment what stands behind
	// the #, if there is one.
	Parts       []TargetPart
	Fragment    []TargetPart
	HasFragment bool
	// HasQuery says that the target has a query of its own: the request's is
	// not kept then.
	HasQuery bool
}

// TargetPart is fixed text, or a capture.
type TargetPart struct {
	Text    string // as it is sent
	Capture string // path.x or hostname.x; "" for fixed text
	In      Region
}

// Region is the part of a URL in which a piece of a target stands.
type Region string

// The regions. Captures are encoded for theirs.
const (
	InPath     Region = "path"
	InTheQuery Region = "query"
	InHost     Region = "host"
)

// targetKind says what a target is for.
type targetKind uint8

const (
	forRedirect targetKind = iota
	forPath
	forHost
)

// target parses the text of a redirect or rewrite; nil after saying why not.
func (b *block) target(t ast.Text, kind targetKind) *Target {
	p := &targetParser{block: b, text: t, kind: kind, out: &Target{Text: t.Value}, region: InPath}
	if !p.run() {
		return nil
	}
	return p.out
}

type targetParser struct {
	*block
	text   ast.Text
	kind   targetKind
	out    *Target
	region Region
	fixed  strings.Builder
	// shape is the target with an x for each capture.
	shape strings.Builder
}

func (p *targetParser) bad(i, j int, format string, args ...any) *diag.Diagnostic {
	return p.diags.Add(diag.BadTarget, inside(p.text, i, j), format, args...)
}

func (p *targetParser) run() bool {
	s := p.text.Value
	start := 0
	switch p.kind {
	case forHost:
		p.region = InHost
	case forPath:
		if !strings.HasPrefix(s, "/") {
			p.bad(0, len(s), "a path begins with /").Helpf("rewrite path %q", "/"+s)
			return false
		}
	case forRedirect:
		for _, scheme := range []string{"https://", "http://"} {
			if strings.HasPrefix(s, scheme) {
				start = len(scheme)
				p.fixed.WriteString(scheme)
				p.region = InHost
			}
		}
		if start == 0 && (!strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//")) {
			p.bad(0, len(s), "a redirect goes to an absolute URL, or to a path that begins with exactly one /").Helpf(`redirect 308 "https://www.example.com/"`)
			return false
		}
	}
	for i := start; i < len(s); {
		n, ok := p.step(s, i)
		if !ok {
			return false
		}
		i += n
	}
	p.flush()
	return p.whole(start)
}

// step takes one character or capture and returns its length.
func (p *targetParser) step(s string, i int) (int, bool) {
	switch c := s[i]; {
	case c == '{':
		return p.capture(s, i)
	case c == '}':
		p.bad(i, i+1, "a } without its {")
		return 0, false
	case c == '?' && p.kind != forHost && !p.out.HasFragment && p.region != InTheQuery:
		p.fixed.WriteByte(c)
		p.region, p.out.HasQuery = InTheQuery, true
	case c == '#' && p.kind == forRedirect && !p.out.HasFragment:
		p.flush()
		p.region, p.out.HasFragment = InTheQuery, true
	case c == '/' && p.region == InHost && p.kind == forRedirect:
		p.flush()
		p.region = InPath
		p.fixed.WriteByte(c)
	case c == '%' && p.region == InHost:
		p.bad(i, i+1, "%% cannot stand in a host")
		return 0, false
	case c == '%':
		if i+2 >= len(s) || hexDigit(s[i+1]) < 0 || hexDigit(s[i+2]) < 0 {
			p.bad(i, i+1, "%% is followed by two hex digits")
			return 0, false
		}
		p.fixed.WriteString(s[i : i+3])
		p.shape.WriteString(s[i : i+3])
		return 3, true
	case c >= 0x80 && p.region != InHost:
		fmt.Fprintf(&p.fixed, "%%%02X", c)
	case c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`|#", c) >= 0:
		p.bad(i, i+1, "%s cannot stand in a URL as it is", spoken(c)).Helpf("write %%%02X", c)
		return 0, false
	case p.region == InHost && !hostByte(c, p.kind == forHost):
		p.bad(i, i+1, "%s cannot stand in a host", spoken(c))
		return 0, false
	default:
		p.fixed.WriteByte(c)
	}
	p.shape.WriteByte(s[i])
	return 1, true
}

func hostByte(c byte, lower bool) bool {
	return c >= 'a' && c <= 'z' || !lower && c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._:[]", c) >= 0
}

// capture reads {x} or {hostname.x}.
func (p *targetParser) capture(s string, i int) (int, bool) {
	n := strings.IndexByte(s[i:], '}')
	if n < 0 {
		p.bad(i, len(s), "a { without its }")
		return 0, false
	}
	at := inside(p.text, i, i+n+1)
	name := s[i+1 : i+n]
	host, isHost := strings.CutPrefix(name, "hostname.")
	switch {
	case isHost && isName(host), isName(name):
	default:
		p.bad(i, i+n+1, "a capture is written {name}, or {hostname.name}")
		return 0, false
	}
	if !isHost {
		name = "path." + name
	}
	if p.region == InHost {
		// Whoever sends the request would choose the machine.
		if !isHost || p.kind == forRedirect && !strings.HasPrefix(s[i+n+1:], ".") {
			p.bad(i, i+n+1, "the client would choose the host: only {hostname.name} can stand here, with a fixed domain behind it").
				Helpf("{hostname.tenant}.example.com")
			return 0, false
		}
	}
	if !p.bound(name) {
		p.diags.Add(diag.UnknownCapture, at, "%s is not bound by every match of route %s", name, p.route.Name).
			Helpf("use the same captures in all of them, or write two routes")
		return 0, false
	}
	p.flush()
	p.add(TargetPart{Capture: name, In: p.region})
	p.shape.WriteByte('x')
	return n + 1, true
}

func (p *targetParser) flush() {
	if p.fixed.Len() > 0 {
		p.add(TargetPart{Text: p.fixed.String(), In: p.region})
		p.fixed.Reset()
	}
}

func (p *targetParser) add(part TargetPart) {
	if p.out.HasFragment {
		p.out.Fragment = append(p.out.Fragment, part)
	} else {
		p.out.Parts = append(p.out.Parts, part)
	}
}

// whole checks what shows in the whole target only.
func (p *targetParser) whole(start int) bool {
	s := p.text.Value
	shape := p.shape.String()
	if p.region == InHost || start > 0 {
		host := shape
		if i := strings.IndexAny(host, "/?#"); i >= 0 {
			host = host[:i]
		}
		if !soundHost(host) {
			p.bad(start, len(s), "%q is not a host, perhaps with a port from 1 to 65535", host)
			return false
		}
		if p.kind == forHost {
			return true
		}
		if !p.ownHost(start) {
			return false
		}
		shape = shape[len(host):]
	}
	path, _, _ := strings.Cut(shape, "?")
	path, _, _ = strings.Cut(path, "#")
	if why := oddPath(path, p.kind == forPath); why != "" {
		p.bad(0, len(s), "%s", why)
		return false
	}
	return true
}

// ownHost refuses a host that a capture makes somebody else's.
func (p *targetParser) ownHost(start int) bool {
	host := p.text.Value[start:]
	if i := strings.IndexAny(host, "/?#"); i >= 0 {
		host = host[:i]
	}
	i := strings.LastIndexByte(host, '}')
	if i < 0 {
		return true
	}
	suffix, _, _ := strings.Cut(host[i+2:], ":") // behind a capture stands a dot
	why := unownedDomain(suffix)
	if why != "" {
		p.bad(start, start+len(host), "the client would choose the host: %s", why).Helpf("{hostname.tenant}.example.com")
	}
	return why == ""
}

// soundHost reports whether text is a host, perhaps with a port.
func soundHost(text string) bool {
	host, port, has := text, "", false
	if strings.HasPrefix(text, "[") {
		i := strings.IndexByte(text, ']')
		if i < 2 || strings.Trim(text[1:i], "0123456789abcdefABCDEF:.") != "" {
			return false
		}
		host, port = "v6", text[i+1:]
		if port != "" {
			if port[0] != ':' {
				return false
			}
			port, has = port[1:], true
		}
	} else {
		host, port, has = strings.Cut(text, ":")
	}
	if has && !soundPort(port) {
		return false
	}
	for _, label := range strings.Split(host, ".") {
		if label == "" || strings.ContainsAny(label, ":[]") {
			return false
		}
	}
	return true
}

// soundPort reports whether text is a port that can be connected to.
func soundPort(text string) bool {
	n, err := strconv.ParseUint(text, 10, 16) // takes no sign
	return err == nil && n > 0
}

// oddPath says why a path is one that a request could not have; "" if it could.
// Redirects are for clients, which read ; and escapes in one way.
func oddPath(path string, strict bool) string {
	if path == "" {
		return ""
	}
	segments := strings.Split(path[1:], "/")
	for i, s := range segments {
		switch {
		case s == "" && i < len(segments)-1:
			return "a path with // has two readings"
		case s == "." || s == "..":
			return "a path with dot segments has two readings"
		}
		if !strict {
			continue
		}
		if strings.Contains(s, ";") {
			return "a path with ; has two readings"
		}
		for k := 0; k+2 < len(s); k++ {
			if s[k] != '%' {
				continue
			}
			c := byte(hexDigit(s[k+1])<<4 | hexDigit(s[k+2]))
			if c < 0x20 || c == 0x7f || c == '/' || c == '\\' || unreserved(c) {
				return "a path with " + s[k:k+3] + " has two readings"
			}
			k += 2
		}
	}
	return ""
}

func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// bound reports whether every match, or every host, of the route binds a
// capture.
func (b *block) bound(name string) bool {
	has := func(list []string, n string) bool {
		for _, x := range list {
			if x == n {
				return true
			}
		}
		return false
	}
	if n, ok := strings.CutPrefix(name, "hostname."); ok {
		for _, h := range b.route.Hosts {
			if h.Capture != n {
				return false
			}
		}
		return len(b.route.Hosts) > 0
	}
	for _, m := range b.route.Matches {
		if !has(m.Path.Captures(), strings.TrimPrefix(name, "path.")) {
			return false
		}
	}
	return true
}
