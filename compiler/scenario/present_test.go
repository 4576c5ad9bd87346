package scenario

import (
	"fmt"
	"strings"
	"testing"

	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/dsl/ast"
)

func text(s string) ast.Text { return ast.Text{Value: s} }

func TestPresent(t *testing.T) {
	for _, c := range []struct{ method, url, want string }{
		{"GET", "/a?b#c", "http localhost /a?b#c"},
		{"GET", "//a", "http localhost //a"},
		{"GET", "http://h", "http h /"},
		{"GET", "https://h:1?x", "https h:1 /?x"},
		{"GET", "http://h/a/../b", "http h /a/../b"},
		{"OPTIONS", "*", "http localhost *"},
		{"CONNECT", "h:443", "http h:443 "},
	} {
		r, err := present(&ast.Send{Method: ast.Name{Text: c.method}, URL: text(c.url)})
		if got := r.Scheme + " " + r.Authority + " " + r.Path; err != nil || got != c.want {
			t.Errorf("%s %s is %q (%v), not %q", c.method, c.url, got, err, c.want)
		}
	}
	from, body := text("2001:db8::1"), text("abc")
	r, err := present(&ast.Send{
		Method: ast.Name{Text: "PUT"}, URL: text("/a"), From: &from, Body: &body,
		Headers: []ast.Pair{
			{Name: text("X-Two"), Value: text(" a ")}, {Name: text("host"), Value: text("h")},
			{Name: text("User-Agent"), Value: text("u")}, {Name: text("x-two"), Value: text("b")}, {Name: text("user-agent"), Value: text("v")},
		},
	})
	got := fmt.Sprintf("%s %s %v %s", r.Authority, r.Source, r.Headers, r.Body)
	want := "h [2001:db8::1]:50000 [{x-two a} {user-agent u,v} {x-two b} {content-length 3}] abc"
	if err != nil || got != want {
		t.Errorf("the request is %s (%v), not %s", got, err, want)
	}
	bad := text("here")
	if _, err := present(&ast.Send{Method: ast.Name{Text: "GET"}, URL: text("/"), From: &bad}); err == nil {
		t.Error("a source that is no address is presented")
	}
}

func TestAttach(t *testing.T) {
	for _, c := range []struct {
		place               resolve.Place
		path, headers, want string
	}{
		{resolve.InHeader, "/", "", "/ k: key"},
		{resolve.InHeader, "/", "k: mine", "/ k: mine"},
		{resolve.InQuery, "/", "", "/?k=key "},
		{resolve.InQuery, "/?a=1", "", "/?a=1&k=key "},
		{resolve.InQuery, "/?", "", "/?k=key "},
		{resolve.InQuery, "/?k=mine", "", "/?k=mine "},
		{resolve.InQuery, "/?kk=1", "", "/?kk=1&k=key "},
		{resolve.InCookie, "/", "a: b", "/ a: b, cookie: k=key"},
		{resolve.InCookie, "/", "cookie: a=1", "/ cookie: a=1; k=key"},
		{resolve.InCookie, "/", "cookie: a=1; k=mine", "/ cookie: a=1; k=mine"},
	} {
		r := Request{Path: c.path}
		if name, value, ok := strings.Cut(c.headers, ": "); ok {
			r.Headers = []Header{{name, value}}
		}
		r = attach(r, credential{&resolve.Auth{Place: c.place, Field: "k"}, "key"})
		var lines []string
		for _, h := range r.Headers {
			lines = append(lines, h.Name+": "+h.Value)
		}
		if got := r.Path + " " + strings.Join(lines, ", "); got != c.want {
			t.Errorf("%s %q %q becomes %q, not %q", c.place, c.path, c.headers, got, c.want)
		}
	}
}
