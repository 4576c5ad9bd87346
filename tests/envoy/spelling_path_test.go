package envoy

import (
	"testing"

	"moec.dev/moec/compiler/scenario"
)

// spellings of paths, with what becomes of them under paths refuse and under
// paths normalize, over HTTP/1.1 and HTTP/2 alike.
var spellings = []struct{ path, refuse, normalize string }{
	// Plain ones, which must arrive.
	{"/", as, as}, {"/a", as, as}, {"/a/", as, as}, {"/A", as, as}, {"/a.b", as, as}, {"/a..b/..c/d..", as, as}, {"/...", as, as},
	{"/a-_.~b", as, as}, {"/a!$&'()*+,=:@b", as, as}, {"/a%20b", as, as}, {"/caf%C3%A9", as, as}, {"/%E2%82%AC", as, as}, {"/a%3Ab", as, as},
	{"/a?b=c", as, as}, {"/a?", as, as}, {"/a??", as, as}, {"/a?b/../c//d;e", as, as}, {"/a?%2e%2e%2f%00", as, as}, {"/a?%zz", as, as}, {"/?/admin", as, as},
	{"/*", as, as}, {"/a*b", as, as}, {"/http://a.example/b", refused, "/http:/a.example/b"}, {"/a@b.example", as, as}, {"/administrator", as, as},

	// The denied path itself, and its cases: paths are compared as they are.
	{"/admin", denied, denied}, {"/admin/", denied, denied}, {"/admin/x", denied, denied}, {"/admin?x", denied, denied},

	// Dot segments (CVE-2019-9901).
	{"/.", refused, "/"}, {"/./", refused, "/"}, {"/..", refused, refused}, {"/../", refused, refused}, {"/../admin", refused, refused},
	{"/a/..", refused, "/"}, {"/a/../", refused, "/"}, {"/a/../b", refused, "/b"}, {"/a/./b", refused, "/a/b"}, {"/a/.", refused, "/a/"},
	{"/a/../admin", refused, denied}, {"/./admin", refused, denied}, {"/admin/.", refused, denied}, {"/admin/../a", refused, "/a"}, {"/a/b/../../admin", refused, denied},
	{"/a/.././admin/x", refused, denied}, {"/a/b/../../../admin", refused, refused}, {"/a/...//admin", refused, "/a/.../admin"}, {"/.admin", as, as},

	// Escaped dots, once and twice.
	{"/%2e", refused, "/"}, {"/%2E", refused, "/"}, {"/%2e%2e/admin", refused, refused}, {"/a/%2e%2e/admin", refused, denied}, {"/a/%2E%2e/admin", refused, denied},
	{"/a/.%2e/admin", refused, denied}, {"/a/%2e./admin", refused, denied}, {"/%2e/admin", refused, denied}, {"/a/%252e%252e/admin", as, as}, {"/%252e/admin", as, as},
	{"/a/%u002e%u002e/admin", refused, refused}, {"/a/%c0%ae%c0%ae/admin", refused, refused}, {"/a/%e0%80%ae/admin", refused, refused}, {"/a/%ef%bc%8e%ef%bc%8e/b", as, "/a/%EF%BC%8E%EF%BC%8E/b"},
	{"/a/..%00/admin", refused, refused}, {"/a/..%0d/admin", refused, refused}, {"/a/..%09/admin", refused, refused}, {"/a/%20../b", as, as}, {"/a/..%20/admin", as, as},

	// Escaped slashes and backslashes (CVE-2021-29492).
	{"/%2fadmin", refused, refused}, {"/a%2fb", refused, refused}, {"/a%2Fb", refused, refused}, {"/a%2f..%2fadmin", refused, refused}, {"/a/..%2fadmin", refused, refused},
	{"/%5cadmin", refused, refused}, {"/a%5C..%5cadmin", refused, refused}, {"/a/..%5cadmin", refused, refused}, {"/a%252fadmin", as, as}, {"/%c0%afadmin", refused, refused},
	{"/%e2%88%95admin", as, "/%E2%88%95admin"}, {"/a%ef%bc%8fadmin", as, "/a%EF%BC%8Fadmin"}, {"/\\admin", refused, refused}, {"/a\\..\\admin", refused, refused}, {"\\admin", refused, refused}, {"/a/..\\admin", refused, refused},

	// Repeated slashes.
	{"//", refused, "/"}, {"///", refused, "/"}, {"//admin", refused, denied}, {"///admin", refused, denied}, {"//a.example/admin", refused, "/a.example/admin"}, {"/a//b", refused, "/a/b"},
	{"/a//", refused, "/a/"}, {"/admin//", refused, denied}, {"/admin//x", refused, denied}, {"/a//../admin", refused, refused}, {"//../admin", refused, refused}, {"/a/..//admin", refused, denied}, {"/a//?b", refused, "/a/?b"},

	// Parameters of segments (CVE-2026-73511, CVE-2026-73551).
	{"/a;b", refused, refused}, {"/;/admin", refused, refused}, {"/admin;x", refused, refused}, {"/admin;/x", refused, refused}, {"/..;/admin", refused, refused}, {"/a/..;x=y/admin", refused, refused}, {"/.;/admin", refused, refused},
	{"/;admin", refused, refused}, {"/a%3bb", as, "/a%3Bb"}, {"/a/..%3b/b", as, "/a/..%3B/b"}, {"/a?;b", as, as},

	// Escapes of what needs none, and case of hex digits.
	{"/%61dmin", refused, denied}, {"/%61%64%6d%69%6e", refused, denied}, {"/adm%69n/x", refused, denied}, {"/a%7Eb", refused, "/a~b"}, {"/a%2db", refused, "/a-b"}, {"/a%5fb", refused, "/a_b"}, {"/%41", refused, "/A"}, {"/%30", refused, "/0"},
	{"/%2561dmin", as, as}, {"/caf%c3%a9", as, "/caf%C3%A9"}, {"/a%3ab", as, "/a%3Ab"}, {"/a%2b%2B", as, "/a%2B%2B"}, {"/%e2%82%aC", as, "/%E2%82%AC"},

	// Escapes that are none.
	{"/%", refused, refused}, {"/a%", refused, refused}, {"/a%4", refused, refused}, {"/%zz", refused, refused}, {"/%g0", refused, refused}, {"/%0", refused, refused}, {"/%%36%31dmin", refused, refused}, {"/%u0061dmin", refused, refused}, {"/%-1", refused, refused}, {"/%+1", refused, refused}, {"/% 1", refused, refused},

	// Bytes beyond ASCII, and text that is none (CVE-2026-73552).
	{"/%ff", refused, refused}, {"/%c3", refused, refused}, {"/%c3%28", refused, refused}, {"/%ed%a0%80", refused, refused}, {"/%f4%90%80%80", refused, refused}, {"/%c1%a1dmin", refused, refused}, {"/%e0%81%a1dmin", refused, refused}, {"/caf\xc3\xa9", refused, refused}, {"/\xff", refused, refused}, {"/a\xc0\xaf", refused, refused},

	// Control characters (CVE-2019-9900).
	{"/a%00", refused, refused}, {"/admin%00", refused, refused}, {"/a%00/../admin", refused, refused}, {"/a%0a", refused, refused}, {"/a%0d%0aX:%20y", refused, refused}, {"/a%1f", refused, refused}, {"/a%7f", refused, refused}, {"/a\x00b", refused, refused}, {"/a\x01b", refused, refused}, {"/a\x7fb", refused, refused}, {"/a\tb", refused, refused}, {"/a?b\x01", refused, refused}, {"/a?b\\c", refused, refused},

	// Fragments (CVE-2021-39156), and targets of other forms.
	{"/a#b", refused, refused}, {"/a#/../admin", refused, refused}, {"/a?b#c", refused, refused}, {"#", refused, refused}, {"/#", refused, refused}, {"/a%23b", as, as}, {"a", refused, refused}, {"admin", refused, refused}, {".", refused, refused}, {"?a", refused, refused}, {"%2fadmin", refused, refused}, {"./admin", refused, refused}, {"a:80", refused, refused},
}

func TestSpellingsOfPaths(t *testing.T) {
	if n := len(spellings); n < 150 {
		t.Errorf("there are %d spellings; there once were 150", n)
	}
	eachSpelling(t, func(t *testing.T, bundle string, x *spelled) {
		for _, s := range spellings {
			want := s.refuse
			if bundle == "spellnorm" {
				want = s.normalize
			}
			if want == as {
				want = s.path
			}
			check := func(how string, r result, err error) {
				t.Helper()
				if err == nil {
					err = r.decided()
				}
				if err != nil || r.what != want {
					t.Errorf("%s %q: %s, want %s; %v", how, s.path, r.what, want, err)
				}
			}
			r, err := x.send1("GET " + s.path + " HTTP/1.1\r\nhost: a.example\r\n\r\n")
			check("HTTP/1.1", r, err)
			r, err = x.send2([]scenario.Header{{Name: ":method", Value: "GET"}, {Name: ":scheme", Value: "http"}, {Name: ":authority", Value: "a.example"}, {Name: ":path", Value: s.path}}, "")
			check("HTTP/2", r, err)
		}
	})
}
