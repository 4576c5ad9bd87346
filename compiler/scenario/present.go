package scenario

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
)

// What a send does not say.
const (
	defaultAuthority = "localhost"
	defaultIP        = "127.0.0.1"
	sourcePort       = 50000
)

// address is the part of a request that a URL gives.
type address struct{ scheme, authority, path string }

// parseURL reads the URL of a send: /path?query, http://host/path, * or, for
// CONNECT, host:port. Paths are not cleaned: odd ones are there to be sent.
func parseURL(method, url string) (address, string) {
	if strings.ContainsAny(url, "\r\n\x00") {
		return address{}, "a URL cannot hold CR, LF or NUL"
	}
	for _, scheme := range []string{"http", "https"} {
		rest, ok := strings.CutPrefix(url, scheme+"://")
		if !ok {
			continue
		}
		end := strings.IndexAny(rest, "/?#")
		if end < 0 {
			end = len(rest)
		}
		if rest[:end] == "" {
			return address{}, "the URL has no host"
		}
		path := rest[end:]
		if !strings.HasPrefix(path, "/") {
			path = "/" + path
		}
		return address{scheme, rest[:end], path}, ""
	}
	switch {
	case method == "CONNECT":
		return address{"http", url, ""}, ""
	case strings.HasPrefix(url, "/"), url == "*":
		return address{"http", defaultAuthority, url}, ""
	}
	return address{}, `a URL is "/path?query" or "http://host/path"`
}

// present makes the request of a send, without credentials, clock and
// upstream. Check has said what is wrong with a send before; present repeats
// the first such reason as its error.
func present(s *ast.Send) (Request, error) {
	at, why := parseURL(s.Method.Text, s.URL.Value)
	if why != "" {
		return Request{}, fmt.Errorf("%s: %s", s.URL.Span(), why)
	}
	ip := defaultIP
	if s.From != nil {
		ip = s.From.Value
	}
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return Request{}, fmt.Errorf("%s: %q is not an IP address", s.Span(), ip)
	}
	r := Request{
		Method: s.Method.Text, Scheme: at.scheme, Authority: at.authority, Path: at.path,
		Source: netip.AddrPortFrom(addr, sourcePort).String(),
	}
	var lines []Header
	for _, p := range s.Headers {
		if strings.EqualFold(p.Name.Value, "host") {
			r.Authority = p.Value.Value
			continue
		}
		lines = append(lines, Header{Name: p.Name.Value, Value: p.Value.Value})
	}
	if s.Body != nil {
		r.Body = s.Body.Value
		if len(headerValues(lines, "content-length"))+len(headerValues(lines, "transfer-encoding")) == 0 {
			lines = append(lines, Header{Name: "content-length", Value: strconv.Itoa(len(r.Body))})
		}
	}
	r.Headers = asTheHostJoins(lines)
	return r, nil
}

// checkSend reports what is wrong with a send.
func checkSend(s *ast.Send, diags *diag.List) {
	if _, why := parseURL(s.Method.Text, s.URL.Value); why != "" {
		diags.Add(diag.BadTest, s.URL.Span(), "%s", why)
	}
	if s.From != nil {
		if _, err := netip.ParseAddr(s.From.Value); err != nil {
			diags.Add(diag.BadTest, s.From.Span(), "%q is not an IP address", s.From.Value).
				Helpf(`from "192.0.2.1"`)
		}
	}
	hosts := 0
	for _, p := range s.Headers {
		checkPair(p, diags)
		if strings.EqualFold(p.Name.Value, "host") {
			if hosts++; hosts > 1 {
				diags.Add(diag.BadTest, p.Name.Span(), "a request has one host")
			}
		}
	}
}

func checkPair(p ast.Pair, diags *diag.List) {
	name := p.Name.Value
	bad := name == ""
	for _, c := range []byte(name) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		bad = bad || !letter && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0
	}
	if bad {
		diags.Add(diag.BadTest, p.Name.Span(), "%q is not a header name", name).
			Helpf("the method, the host and the path are said by send itself")
	}
	if strings.ContainsAny(p.Value.Value, "\r\n\x00") {
		diags.Add(diag.BadTest, p.Value.Span(), "a header value cannot hold CR, LF or NUL")
	}
}

// attach adds a credential to a request, unless the request already has
// something in its place.
func attach(r Request, c credential) Request {
	switch c.auth.Place {
	case resolve.InHeader:
		if len(headerValues(r.Headers, c.auth.Field)) == 0 {
			r.Headers = append(r.Headers, Header{Name: c.auth.Field, Value: c.key})
		}
	case resolve.InQuery:
		path, query, has := strings.Cut(r.Path, "?")
		for _, piece := range strings.Split(query, "&") {
			if name, _, _ := strings.Cut(piece, "="); name == c.auth.Field {
				return r
			}
		}
		if has && query != "" {
			query += "&"
		}
		r.Path = path + "?" + query + c.auth.Field + "=" + c.key
	case resolve.InCookie:
		pair := c.auth.Field + "=" + c.key
		for i, h := range r.Headers {
			if h.Name != "cookie" {
				continue
			}
			for _, piece := range strings.Split(h.Value, ";") {
				if name, _, _ := strings.Cut(strings.TrimSpace(piece), "="); name == c.auth.Field {
					return r
				}
			}
			r.Headers[i].Value = h.Value + "; " + pair
			return r
		}
		r.Headers = append(r.Headers, Header{Name: "cookie", Value: pair})
	}
	return r
}

func headerValues(headers []Header, name string) []string {
	var values []string
	for _, h := range headers {
		if strings.EqualFold(h.Name, name) {
			values = append(values, h.Value)
		}
	}
	return values
}
