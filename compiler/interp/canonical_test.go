package interp

import (
	"strings"
	"testing"

	"moec.dev/moec/compiler/scenario"
)

func TestBadPath(t *testing.T) {
	for _, path := range []string{
		"/", "/a", "/a/", "/a/b.html", "/a?x=/../;y", "/a?//", "/~u/-._", "/a%20b", "/%e2%82%ac", "/%E2%82%AC",
		"/a.b/..c/d..", "/...", "/a/.well-known", "/a?%", "/a?%zz", "/a?", "/a%25b", "/a%3Fb", "/a%23b", "/a%3bb", "/a:b@c!$&'()*+,=",
	} {
		if why := badPath(path); why != "" {
			t.Errorf("%q is refused: %s", path, why)
		}
	}
	for _, path := range []string{
		"", "*", "a", "http://h/", "?x",
		"/a b", "/a\tb", "/a\x00", "/a\x7f", "/a?b c", "/a\\b", "/a?b\\c", "/a#b", "/a?b#c",
		"/%", "/%1", "/%g1", "/%1g", "/%+1", "/%-1", "/%_1", "/a%", "/%%20",
		"/%2f", "/%2F", "/a%2fb", "/%5c", "/%5C", "/%00", "/a%00b",
		"/%41", "/%61", "/%7a", "/%30", "/%2d", "/%2e", "/%2E%2e", "/%5f", "/%7e", "/%7E",
		"/.", "/..", "/a/.", "/a/..", "/a/./b", "/a/../b", "/./", "/a/..?x",
		"//", "//a", "/a//b", "/a//", "/a;b", "/a;", "/;", "/a/b;c=d/e",
		"/\xff", "/\xc3\xa9", "/%ff", "/%c3", "/%c3/%a9", "/%e2%82", "/%c0%af", "/%ed%a0%80",
		"/%01", "/%1f", "/%7f", "/%0d%0a",
	} {
		if badPath(path) == "" {
			t.Errorf("%q is accepted", path)
		}
	}
}

func TestBadAuthority(t *testing.T) {
	for _, a := range []string{"", "example.com", "example.com:80", "[::1]:80", "Example.COM.", "a_b"} {
		if why := badAuthority(a); why != "" {
			t.Errorf("%q is refused: %s", a, why)
		}
	}
	for _, a := range []string{"a,b", "a b", "a/b", "a?b", "a#b", "u@a", "a\x00", "a\t", "a\x7f"} {
		if badAuthority(a) == "" {
			t.Errorf("%q is accepted", a)
		}
	}
}

func TestBadAuthorization(t *testing.T) {
	for _, v := range []string{"", "Bearer abc", "bearer  abc", "Basic dTpw", "NEGOTIATE x==", "Digest a=b, c=d", "Bearer_x a,b", "token"} {
		if why := badAuthorization([]string{v}); why != "" {
			t.Errorf("%q is refused: %s", v, why)
		}
	}
	for _, v := range []string{"Bearer", "Bearer ", "Bearer a b", "Bearer a,b", "Bearer a,Bearer b", "basic a, Basic b", "negotiate ,", "Bearer a "} {
		if badAuthorization([]string{v}) == "" {
			t.Errorf("%q is accepted", v)
		}
	}
	if badAuthorization([]string{"Digest a", "Digest b"}) == "" {
		t.Error("two headers are accepted")
	}
	if badAuthorization(nil) != "" {
		t.Error("no header is refused")
	}
}

const readsOne = `
let code = query("code")
route r { match "/**"; public; deny coded when code == "x" || cookie("sid") == "x"; forward to "c" }`

func TestOneValue(t *testing.T) {
	b := compiled(t, readsOne)
	for _, c := range []struct {
		path, cookie, want string
	}{
		{"/a?code=1", "", "to c by b.r"},
		{"/a?code=x", "", "403 by b.r.coded"},
		{"/a?c%6fde=x", "", "403 by b.r.coded"},
		{"/a?code=%78", "", "403 by b.r.coded"},
		{"/a?code", "", "to c by b.r"},
		{"/a?other=1&other=2&other=%zz", "", "to c by b.r"},
		{"/a?code=1&code=1", "", "400 by b.canonical"},
		{"/a?code=1&c%6Fde=2", "", "400 by b.canonical"},
		{"/a?code=%", "", "400 by b.canonical"},
		{"/a?code=%ff", "", "400 by b.canonical"},
		{"/a?code=%0a", "", "400 by b.canonical"},
		{"/a?code=a+b", "", "to c by b.r"},
		{"/a", "sid=x", "403 by b.r.coded"},
		{"/a", `sid="x"`, "403 by b.r.coded"},
		{"/a", "a=1; sid=x;b=2", "403 by b.r.coded"},
		{"/a", "sid = x", "403 by b.r.coded"},
		{"/a", "a; sid=x; =", "403 by b.r.coded"},
		{"/a", "sid", "to c by b.r"},
		{"/a", "SID=x", "to c by b.r"},
		{"/a", "sid=1; sid=2", "400 by b.canonical"},
		{"/a", "a=1; a=2", "to c by b.r"},
	} {
		r := request("GET", c.path)
		if c.cookie != "" {
			r.Headers = []scenario.Header{{Name: "cookie", Value: c.cookie}}
		}
		if got := said(sent(t, b, r)); got != c.want {
			t.Errorf("%s with cookie %q: %s, not %s", c.path, c.cookie, got, c.want)
		}
	}
	r := request("GET", "/a", "cookie", "sid=1", "cookie", "sid=2")
	if got := said(sent(t, b, r)); got != "400 by b.canonical" {
		t.Errorf("two cookie headers: %s", got)
	}
	if got := said(sent(t, b, request("CONNECT", ""))); got != "400 by b.canonical" {
		t.Errorf("CONNECT: %s", got)
	}
}

func TestUntrusted(t *testing.T) {
	owned := []string{"x-user"}
	for _, n := range strings.Fields("x-moe-cluster X-Moe_Cluster x-envoy-retry-on x-envoy-original-path x_envoy_max_retries x-user X_USER") {
		if !untrusted(n, owned) {
			t.Errorf("%s stays", n)
		}
	}
	for _, n := range strings.Fields("x-envoy-external-address x-envoy-internal x-envoyage x-users x-moe user") {
		if untrusted(n, owned) {
			t.Errorf("%s is removed", n)
		}
	}
}

func TestCanonicalHost(t *testing.T) {
	for in, want := range map[string]string{
		"Example.COM": "example.com", "example.com:8080": "example.com", "example.com.": "example.com",
		"example.com.:80": "example.com", "a..": "a.", "[::1]": "[::1]", "[2001:DB8::1]:443": "[2001:db8::1]",
		"": "", "192.0.2.1:80": "192.0.2.1", "host:name": "host:name",
	} {
		if got := canonicalHost(in); got != want {
			t.Errorf("%q becomes %q, not %q", in, got, want)
		}
	}
}
