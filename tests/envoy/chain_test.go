package envoy

import (
	"strings"
	"testing"

	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/tests/envoy/harness"
)

const key = "open sesame"

// Two bundles of one library in one filter chain: each decides, and each sees
// what the one before it made of the request.
func TestTwoBundlesInAChain(t *testing.T) {
	library := bundlesLibrary(t)
	eachVersion(t, func(t *testing.T, version string) {
		x := start(t, version, []harness.Listener{
			chain(library, "both", "guard", "inner"),
			chain(library, "twice", "guard", "guard"),
		}, "up")
		for _, test := range []struct {
			name, listener, path string
			headers              []scenario.Header
			by                   string
			status               int // 0 if forwarded
			answered, not        []string
		}{
			{name: "both let it pass", listener: "both", path: "/open/a", headers: named("x-api-key", key),
				by: "inner.open", answered: []string{"x-guarded", "x-inner"}},
			{name: "the first refuses", listener: "both", path: "/open/a",
				by: "guard.everything.auth", status: 401, answered: []string{"x-guarded"}, not: []string{"x-inner"}},
			{name: "the second refuses", listener: "both", path: "/open/a", headers: named("x-api-key", key, "x-teapot", "1"),
				by: "inner.open.teapots", status: 418, answered: []string{"x-guarded", "x-inner"}},
			{name: "the second knows no route", listener: "both", path: "/other", headers: named("x-api-key", key),
				by: "inner.unmatched", status: 404, answered: []string{"x-guarded"}, not: []string{"x-inner"}},
			// The first removes the credential, as it must.
			{name: "one bundle twice", listener: "twice", path: "/", headers: named("x-api-key", key),
				by: "guard.everything.auth", status: 401},
		} {
			t.Run(test.name, func(t *testing.T) {
				out, err := x.Send(test.listener, scenario.Request{Method: "GET", Path: test.path, Authority: "a", Headers: test.headers})
				if err != nil {
					t.Fatal(err)
				}
				// Both leave their route's name on a request that they let pass.
				if out.Forward != (test.status == 0) || out.Status != test.status || !strings.HasSuffix(out.By, test.by) {
					t.Errorf("got %+v, want %d by %s", out, test.status, test.by)
				}
				for _, name := range test.answered {
					if got := find(out.Response.Headers, name); len(got) != 1 {
						t.Errorf("response header %s: %q", name, got)
					}
				}
				for _, name := range test.not {
					if got := find(out.Response.Headers, name); len(got) != 0 {
						t.Errorf("response header %s: %q", name, got)
					}
				}
				if out.Forward {
					for _, name := range []string{"x-guard", "x-inner"} {
						if got := find(out.Request, name); len(got) != 1 || got[0] != "r2" {
							t.Errorf("forwarded header %s: %q", name, got)
						}
					}
				}
			})
		}
	})
}

func named(pairs ...string) []scenario.Header {
	var all []scenario.Header
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, scenario.Header{Name: pairs[i], Value: pairs[i+1]})
	}
	return all
}

func find(headers []scenario.Header, name string) []string {
	var all []string
	for _, h := range headers {
		if h.Name == name {
			all = append(all, h.Value)
		}
	}
	return all
}
