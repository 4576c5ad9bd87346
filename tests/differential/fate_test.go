package differential

import (
	"fmt"
	"strings"
)

// goes writes where the requests of a route go: forwarded in one of the forms,
// or left to the host's own route. c is a place of the route's decisions.
func (c *place) goes() {
	p := c.policy
	if p.chance(10) {
		c.rewrites() // Envoy's own route
		return
	}
	// Where the caller may be nobody, nothing of the identity is read.
	w := c
	if c.guarded {
		w = c.with(func(c *place) { c.identity, c.guarded = false, false })
	}
	for range pick(p.Rand, 0, 0, 0, 1, 2) {
		tail, d := w.tail(" on error deny")
		p.line("  forward to %q when %s%s", pick(p.Rand, "one", "three"), d.condition(), tail)
	}
	tail, d := w.tail(" on error deny")
	switch p.IntN(6) {
	case 0:
		rest := pick(p.Rand, "", ` else "two"`)
		p.line("  forward to (%s) among %s%s%s", d.expr("string", 3), pick(p.Rand, `"a", "b"`, `"a"`, `"1", "a", "good"`), rest, tail)
	case 1, 2:
		n := 1 + p.IntN(99)
		shares := fmt.Sprintf("\"one\" %d%%, \"two\" %d%%", n, 100-n)
		if p.chance(30) {
			shares = fmt.Sprintf("\"one\" 0%%, \"two\" %d%%, \"three\" %d%%", n, 100-n)
		}
		sticky := ""
		if p.chance(70) {
			sticky = " sticky by " + d.expr("string", 3) + tail
		}
		p.line("  forward to split { %s }%s", shares, sticky)
	default:
		p.line("  forward to %q", pick(p.Rand, "one", "two"))
	}
	w.rewrites()
	if p.chance(15) {
		p.line("  timeout %s", pick(p.Rand, "5s", "1ms", "1h30m"))
	}
	if p.chance(15) {
		p.line("  retry %d%s on %s%s", 1+p.IntN(10), pick(p.Rand, "", " per_try 20ms"),
			pick(p.Rand, `"5xx"`, `"503", "reset"`, `"unavailable", "502", "504"`, `"cancelled"`), pick(p.Rand, "", " for GET", " for POST, PUT"))
	}
}

// rewrites writes what the upstream gets instead.
func (c *place) rewrites() {
	p := c.policy
	if p.chance(20) {
		p.line("  rewrite path %q", c.target("", "/", "/v2", "/a%20b/", "/x?y=z", "/{}?y={}"))
	} else if p.chance(15) {
		tail, d := c.tail(" on error deny")
		p.line("  rewrite path = \"/\" + %s%s", d.expr("string", 3), tail)
	}
	if p.chance(10) {
		host := "in.test:80"
		for _, name := range c.captures {
			if name == "hostname.tenant" {
				host = "{hostname.tenant}.in.test"
			}
		}
		p.line("  rewrite host %q", host)
	}
}

// target makes a target of a beginning and captures.
func (c *place) target(start string, forms ...string) string {
	p := c.policy
	text := start + pick(p.Rand, forms...)
	capture := func() string {
		if len(c.captures) == 0 {
			return "c"
		}
		return "{" + strings.TrimPrefix(pick(p.Rand, c.captures...), "path.") + "}"
	}
	for strings.Contains(text, "{}") {
		text = strings.Replace(text, "{}", capture(), 1)
	}
	if !strings.Contains(text, "?") && !strings.Contains(text, "#") {
		for range p.IntN(3) {
			next := strings.TrimPrefix(pick(p.Rand, "/", "/x", "-")+capture(), pick(p.Rand, "", "/"))
			if strings.HasSuffix(text, "/") { // two would have two readings
				next = strings.TrimPrefix(next, "/")
			}
			text += next
		}
	}
	return text
}

// redirects writes an answer that sends the client elsewhere.
func (c *place) redirects() {
	p := c.policy
	status := pick(p.Rand, 301, 302, 303, 307, 308)
	w := c
	if c.guarded {
		w = c.with(func(c *place) { c.identity, c.guarded = false, false })
	}
	switch p.IntN(4) {
	case 0:
		p.line("  redirect %d https", status)
	case 1:
		tail, d := w.tail(" on error deny")
		p.line("  redirect %d = %s + %s%s", status, pick(p.Rand, `"/"`, `"https://a.test/"`, `"/a?"`, `"http://"`, `"/a#"`), d.expr("string", 3), tail)
	default:
		p.line("  redirect %d %q", status, c.target(pick(p.Rand, "", "https://a.test", "http://A.test:8080"), "/", "/n", "/{}?x={}", "/x#{}", "/é/"))
	}
}
