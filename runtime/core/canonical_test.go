package core

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestCanonicalPaths(t *testing.T) {
	for path, decoded := range map[string]string{
		"/": "/", "/a": "/a", "/a/": "/a/", "/a/b?x=1": "/a/b", "/?": "/", "/a?x//y/..;%zz": "/a",
		"/%20": "/ ", "/%C3%A9/x": "/é/x", "/%3f": "/?", "/%3B": "/;", "/...": "/...", "/.a": "/.a", "/..a/": "/..a/", "/a.": "/a.",
		"/%25": "/%", "/%2525": "/%25", "/a:b@c!$&'()*+,=": "/a:b@c!$&'()*+,=", "/?é": "/",
	} {
		r := open(t, get(path))
		if r.DecodedPath() != decoded {
			t.Errorf("%q decoded to %q, want %q", path, r.DecodedPath(), decoded)
		}
	}
	for _, path := range []string{
		"", "*", "a", "?", "//", "/a//b", "/a//", "//?", "/.", "/..", "/./", "/a/.", "/a/../b", "/..?x", "/.?", "/%2e", "/%2E%2e", "/.%2e",
		"/%2f", "/%2F", "/%5c", "/%5C", "/%00", "/%", "/%4", "/%zz", "/%-1", "/%41", "/%7e", "/%2d", "/%5f", "/%30",
		"/a;b", "/\\", "/a#b", "/a b", "/a\tb", "/a\x00", "/a\x7f", "/%1f", "/%7f", "/%0a", "/\xff", "/é", "/%ff", "/%c3", "/%c3/%a9", "/%c0%af",
		"/a?b#c", "/a?b\\c", "/a?b c", "/a?\x7f", "/a?\n",
	} {
		k := get(path)
		if r := new(Request); r.Open(k.f, shop) {
			t.Errorf("%q passed as %q", path, r.DecodedPath())
			continue
		}
		k.wantReply(t, 400, "moe.shop.canonical", "bad request\n")
	}
}

// naivePath says the same as readPath in as few words as the language's text.
func naivePath(raw string) bool {
	path, query, _ := strings.Cut(raw, "?")
	if strings.ContainsAny(raw, "\\# \x7f") || strings.IndexFunc(raw, func(r rune) bool { return r < ' ' }) >= 0 ||
		!strings.HasPrefix(raw, "/") || strings.Contains(path, "//") || strings.Contains(path, ";") {
		return false
	}
	_ = query
	for _, s := range strings.Split(path, "/") {
		if s == "." || s == ".." {
			return false
		}
	}
	for _, hex := range strings.Split(path, "%")[1:] {
		if len(hex) < 2 {
			return false
		}
		c, err := url.PathUnescape("%" + hex[:2])
		if err != nil || strings.Contains("/\\\x7f-._~", c) || c[0] < ' ' ||
			c[0] >= '0' && c[0] <= '9' || c[0] >= 'a' && c[0] <= 'z' || c[0] >= 'A' && c[0] <= 'Z' {
			return false
		}
	}
	for i := range len(path) {
		if path[i] >= 0x80 {
			return false
		}
	}
	decoded, err := url.PathUnescape(path)
	return err == nil && utf8.ValidString(decoded)
}

func TestCanonicalPathAgreesWithNaiveCheck(t *testing.T) {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{"/", "a", ".", "..", "%2e", "%20", "%C3%A9", "%c3", "%", "%4", "?", "&", "=", ";", "\\", "#", " ", "//", "%2F", "%3a", "é", "\xff", "+"}),
		rapid.StringN(0, 2, -1),
		rapid.Custom(func(t *rapid.T) string { return string([]byte{rapid.Byte().Draw(t, "b")}) }),
	)
	rapid.Check(t, func(t *rapid.T) {
		path := "/" + strings.Join(rapid.SliceOfN(piece, 0, 6).Draw(t, "pieces"), "")
		k := get(path)
		r := new(Request)
		r.f, r.spec, r.path = k.f, shop, path
		got := r.readPath()
		if want := naivePath(path); got != want {
			t.Fatalf("%q: %v, naively %v", path, got, want)
		}
		if got {
			want, _ := url.PathUnescape(path[:r.pathLen])
			if r.DecodedPath() != want {
				t.Fatalf("%q decoded to %q", path, r.DecodedPath())
			}
		}
	})
}

func TestAuthorities(t *testing.T) {
	for authority, host := range map[string]string{
		"": "", "a": "a", "Shop.Example.COM": "shop.example.com", "a:80": "a", "a.:80": "a", "a_b-c.d": "a_b-c.d", "[::1]": "[::1]", "[::1]:80": "[::1]",
		"[FE80::A]:1": "[fe80::a]", "10.0.0.1:8080": "10.0.0.1", "123": "123",
	} {
		r := open(t, newFake(":method", "GET", ":authority", authority, ":path", "/"))
		if r.Host() != host {
			t.Errorf("%q is host %q, want %q", authority, r.Host(), host)
		}
	}
	for _, authority := range []string{"a,b", "a b", "a/b", "a?b", "a#b", "u@a", "a\x00", "a\n", "a\x7f", "\ta", "a..", ".a", "a..b", ".", "a:", ":80", "a:b", "a:80:80", "a:-1", "a:+80", "a:80.", "a:123456", "a.:x", "a;x", "a&x", "a%2eb", "*.a", "[::1", "[]", "[::1]x", "[::1]:", "[::g]", "a[::1]", "\xc3\xa9"} {
		if r := new(Request); r.Open(newFake(":method", "GET", ":authority", authority, ":path", "/").f, shop) {
			t.Errorf("%q passed", authority)
		}
	}
}

func TestAuthorization(t *testing.T) {
	for value, ok := range map[string]bool{
		"": true, "Bearer abc": true, "bearer   abc": true, "Basic a=": true, "Digest a, b": true, "Negotiate x": true,
		"Bearer": false, "Bearer ": false, "Bearer a b": false, "Bearer a,b": false, "Basic a,Basic b": false, "Bearer a ": false, "Bearer a, Bearer b": false, "NEGOTIATE a b": false,
		"Bearer\ta": true, // another scheme, strange as it is
	} {
		r := new(Request)
		if got := r.Open(get("/", "Authorization", value).f, shop); got != ok {
			t.Errorf("%q: %v", value, got)
		}
	}
	if r := new(Request); r.Open(get("/", "authorization", "Digest a", "authorization", "Digest b").f, shop) {
		t.Error("two authorization headers passed")
	}
}

func TestMethodsAndPseudoHeaders(t *testing.T) {
	for _, headers := range [][]string{
		{":method", "CONNECT", ":path", "/"}, {":path", "/"}, {":method", "GET"}, {":method", "OPTIONS", ":path", "*"},
		{":method", "GET", ":path", "/", ":path", "/b"}, {":method", "GET", ":method", "GET", ":path", "/"},
	} {
		k := newFake(headers...)
		if r := new(Request); r.Open(k.f, shop) {
			t.Errorf("%q passed", headers)
		}
		k.wantReply(t, 400, "moe.shop.canonical", "bad request\n")
	}
}

func FuzzOpen(f *testing.F) {
	f.Add("GET", "shop.example.com", "/a%20b?q=1&q=2", "x-tag", "v", "cookie", "sid=1; key=2")
	f.Add("", "[", "/%", "X_Moe_Cluster", "\x00", "authorization", "Bearer")
	f.Fuzz(func(t *testing.T, method, authority, path, k1, v1, k2, v2 string) {
		k := newFake(":method", method, ":authority", authority, ":path", path, k1, v1, k2, v2, k1, v2)
		r := new(Request)
		if !r.Open(k.f, shop) {
			if k.f.Verdict != VerdictReply || k.f.Status != 400 && k.f.Status != 500 {
				t.Fatalf("refused without an answer: %d %d", k.f.Verdict, k.f.Status)
			}
			return
		}
		if !utf8.ValidString(r.DecodedPath()) || !strings.HasPrefix(r.DecodedPath(), "/") {
			t.Fatalf("decoded path %q", r.DecodedPath())
		}
		r.Forward("c", "shop.r")
		r.SetHeader("moe.shop.r.set", "x-user", r.Header(1)+r.Query(0)+r.Cookie(0))
		r.Done()
		if unsound(k.f) != "" {
			t.Fatal(unsound(k.f))
		}
		for i := uint32(0); i < k.f.NActions; i++ {
			if a := &k.f.Actions[i]; a.Key.view() == "" || !writable(a.Value.view()) && a.Key.view() != "cookie" {
				t.Fatalf("action %d %q=%q", a.Op, a.Key.view(), a.Value.view())
			}
		}
	})
}
