package envoy

import (
	"testing"

	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/tests/envoy/harness"
)

// The path that was decided on is, byte for byte, the path that the upstream
// receives, or the request is refused with 400: by the bundle, or by Envoy
// where that is stricter.
func TestPathsArriveAsDecided(t *testing.T) {
	library := bundlesLibrary(t)
	good := []string{
		"/", "/a", "/a/", "/a/b", "/A/b", "/a.b/..c/d..", "/...", "/a%20b", "/caf%C3%A9", "/a+b", "/a=b&c", "/a,b",
		"/a:b@c", "/%24", "/a?b", "/a?", "/a?b//c/../d", "/a?x=%2f%2F%00", "/a?x=1&x=2", "/a?%zz", "/~a_b-c.d", "/a*", "/a!$'()",
	}
	refused := []string{
		"//", "//a", "/a//b", "/a//", "/.", "/..", "/./a", "/a/.", "/a/..", "/a/../b", "/a/./b",
		"/%2e", "/%2e%2e/a", "/a/%2E%2e/b", "/a/.%2e", "/%2f", "/a%2Fb", "/a%5cb", "/a%5Cb", "/a%00", "/%00",
		"/a\\b", "/a;b", "/a;", "/a%", "/a%4", "/a%zz", "/a%u0041", "/%41", "/a%7Eb", "/a%2Db", "/a%5F", "/a%30",
		"/a%ff", "/a%C3", "/a%C3%28", "/a%ED%A0%80", "/a%C0%AF", "/a%0a", "/a%0D%0A", "/a%1f", "/a%7f",
		"/a#b", "/a?b#c", "/caf\u00e9", "/a\x7f", "/a\tb",
		"a", "*", "http:/a",
	}
	eachVersion(t, func(t *testing.T, version string) {
		x := start(t, version, []harness.Listener{chain(library, "guard", "guard")}, "up")
		send := func(path string) scenario.Outcome {
			t.Helper()
			out, err := x.Send("guard", scenario.Request{Method: "GET", Path: path, Authority: "a", Headers: named("x-api-key", key)})
			if err != nil {
				t.Fatalf("%q: %v", path, err)
			}
			return out
		}
		for _, path := range good {
			if out := send(path); !out.Forward || find(out.Request, ":path")[0] != path {
				t.Errorf("%q: %+v", path, out)
			}
		}
		for _, path := range refused {
			if out := send(path); out.Status != 400 || out.By != "guard.canonical" || out.Request != nil {
				t.Errorf("%q: %+v", path, out)
			}
		}
		t.Logf("of %d refusals %d were Envoy's own", len(refused), x.HostRefusals)
	})
}

// The same for the other parts of a request that may have one reading only.
func TestAmbiguousRequestsAreRefused(t *testing.T) {
	library := bundlesLibrary(t)
	get := func(change func(*scenario.Request)) scenario.Request {
		r := scenario.Request{Method: "GET", Path: "/a", Authority: "a", Headers: named("x-api-key", key)}
		change(&r)
		return r
	}
	authority := func(host string) scenario.Request { return get(func(r *scenario.Request) { r.Authority = host }) }
	with := func(pairs ...string) scenario.Request {
		return get(func(r *scenario.Request) { r.Headers = append(r.Headers, named(pairs...)...) })
	}
	type request struct {
		name string
		scenario.Request
		status int // 0: forwarded
		by     string
	}
	all := []request{
		{"a host", authority("shop.example:8080"), 0, "guard.everything"},
		{"an IPv6 host", authority("[::1]:80"), 0, "guard.everything"},
		{"two hosts", with("host", "b"), 400, "guard.canonical"},
		{"a host with a comma", authority("a,b"), 400, "guard.canonical"},
		{"a host with a path", authority("a/b"), 400, "guard.canonical"},
		{"a host with a user", authority("u@a"), 400, "guard.canonical"},
		{"one authorization", with("authorization", "Bearer abc"), 0, "guard.everything"},
		{"two authorizations", with("authorization", "Bearer a", "authorization", "Bearer b"), 400, "guard.canonical"},
		{"two credentials in one", with("authorization", "Bearer a, Bearer b"), 400, "guard.canonical"},
		{"two keys", with("x-api-key", "another"), 401, "guard.everything.auth"},
		{"CONNECT", get(func(r *scenario.Request) { r.Method, r.Path = "CONNECT", "a:80" }), 400, "guard.canonical"},
		{"a control header", with("x-moe-cluster", "elsewhere"), 0, "guard.everything"},
		{"an owned header", with("x-guard", "r1"), 0, "guard.everything"},
		{"an owned header, underscored", with("x_guard", "r1"), 0, "guard.everything"},
		{"Envoy's headers", with("x-envoy-max-retries", "9", "X-Envoy-Retry-On", "5xx"), 0, "guard.everything"},
	}
	eachVersion(t, func(t *testing.T, version string) {
		x := start(t, version, []harness.Listener{chain(library, "guard", "guard")}, "up", "elsewhere")
		for _, test := range all {
			out, err := x.Send("guard", test.Request)
			if err != nil {
				t.Errorf("%s: %v", test.name, err)
				continue
			}
			if out.Forward != (test.status == 0) || out.Status != test.status || out.By != test.by {
				t.Errorf("%s: %+v", test.name, out)
				continue
			}
			if !out.Forward {
				continue
			}
			if guard := find(out.Request, "x-guard"); out.Cluster != "up" || len(guard) != 1 || guard[0] != "r2" {
				t.Errorf("%s: forwarded to %s with x-guard %q", test.name, out.Cluster, guard)
			}
			for _, name := range []string{"x-api-key", "x-moe-cluster", "x_guard", "x-envoy-max-retries", "x-envoy-retry-on"} {
				if got := find(out.Request, name); len(got) > 0 {
					t.Errorf("%s: the upstream got %s: %q", test.name, name, got)
				}
			}
		}
	})
}
