package envoy

import (
	"encoding/json"
	"maps"
	"os"
	"strconv"
	"strings"
	"testing"

	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/tests/envoy/harness"
)

// counters are a bundle's counters as Envoy shows them, those that are not 0.
func counters(t *testing.T, x *harness.Executor, bundle string) map[string]int {
	t.Helper()
	page, err := x.Envoy().AdminPage(`/stats?filter=^[a-z]*\.` + bundle + `\.`)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, line := range strings.Split(strings.TrimSpace(page), "\n") {
		name, number, _ := strings.Cut(line, ": ")
		_, name, _ = strings.Cut(name, "."+bundle+".")
		n, err := strconv.Atoi(number)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if n != 0 {
			out[name] = n
		}
	}
	return out
}

// Every decision is counted once by what decided it, in the stats of a real
// Envoy.
func TestCounters(t *testing.T) {
	library := bundlesLibrary(t)
	eachVersion(t, func(t *testing.T, version string) {
		x := start(t, version, []harness.Listener{chain(library, "one", "tally"), chain(library, "two", "tally")}, "up")
		if got := counters(t, x, "tally"); len(got) > 0 {
			t.Errorf("before the first request: %v", got)
		}
		want := map[string]int{}
		for _, c := range []struct {
			listener, method, path string
			headers                []string
			counted                []string
		}{
			{"one", "GET", "/items/7", []string{"x-api-key", key}, []string{"rule.items"}},
			{"two", "GET", "/items/7", []string{"x-api-key", key}, []string{"rule.items"}},
			{"one", "GET", "/items/odd", []string{"x-api-key", key}, []string{"rule.items.odd", "denied"}},
			{"one", "GET", "/items/8", []string{"x-api-key", key}, []string{"rule.items.allow", "denied"}},
			{"one", "GET", "/items/88", []string{"x-api-key", key, "x-soon", "1"}, []string{"rule.items.allow", "denied", "shadowed", "shadow.items.long", "shadow.everything.soon"}},
			{"one", "GET", "/items/7", nil, []string{"rule.items.auth", "denied"}},
			{"one", "GET", "/here", nil, []string{"rule.here.respond"}},
			{"one", "GET", "/here", []string{"x-banned", "1"}, []string{"rule.everything.banned", "denied"}},
			{"one", "GET", "/moved", nil, []string{"rule.moved.redirect"}},
			{"one", "GET", "/nowhere", []string{"x-soon", "1"}, []string{"rule.unmatched", "denied", "shadowed", "shadow.everything.soon"}},
			{"one", "POST", "/here", nil, []string{"rule.method", "denied"}},
			{"one", "GET", "/a//b", nil, []string{"rule.canonical", "denied"}},
			{"one", "GET", "/numbers", nil, []string{"rule.numbers", "rule.numbers.set.response.x-twice", "denied"}},
		} {
			r := scenario.Request{Method: c.method, Path: c.path, Authority: "a", Headers: named(c.headers...)}
			if _, err := x.Send(c.listener, r); err != nil {
				t.Fatal(err)
			}
			for _, name := range c.counted {
				want[name]++
			}
			if got := counters(t, x, "tally"); !maps.Equal(got, want) {
				t.Errorf("after %s %s %q: %v, want %v", c.method, c.path, c.headers, got, want)
				want = got
			}
		}

		// What names a decision in the logs.
		access, err := os.ReadFile(x.Envoy().AccessLog())
		if err != nil {
			t.Fatal(err)
		}
		var digest string
		shadows := ""
		for _, r := range records(t, x.Envoy().Log(), func(full string) { digest = full[:12] }) {
			if r["shadow"] != nil {
				b, _ := json.Marshal(r["shadow"])
				shadows += string(b)
			}
		}
		if want := `["tally.items.long","tally.everything.soon"]["tally.everything.soon"]`; shadows != want {
			t.Errorf("the records say %s, want %s", shadows, want)
		}
		for _, part := range []string{
			`"details":"moe.tally.items.odd@` + digest + `"`, `"digest":"` + digest + `"`, `"rule":"tally.numbers.set.response.x-twice"`,
			`"shadow":"tally.items.long,tally.everything.soon"`,
		} {
			if digest == "" || !strings.Contains(string(access), part) {
				t.Errorf("%s is not in the access log\n%s", part, access)
			}
		}
	})
}

// A file that is refused when it is read again is counted with the next request
// of any configuration that uses it.
func TestRefusedFilesAreCounted(t *testing.T) {
	library := bundlesLibrary(t)
	eachVersion(t, func(t *testing.T, version string) {
		dir := dataDir(t, `{"gold": {"rate": 10}}`)
		x := start(t, version, []harness.Listener{
			live(library, "one", `{"root": "`+dir+`"}`), live(library, "same", `{"root": "`+dir+`"}`),
		}, "up")
		refused := func() string {
			for _, listener := range []string{"one", "same"} {
				if got := ask(t, x, listener, "/plans/gold", "x-rate"); got != "10" {
					t.Fatalf("rate %s", got)
				}
			}
			return strconv.Itoa(counters(t, x, "live")["files_refused"])
		}
		if got := refused(); got != "0" {
			t.Errorf("%s are refused at first", got)
		}
		put(t, dir, "plans.json", "{")
		until(t, "1", refused)
		put(t, dir, "plans.yaml", "gold: 1\n")
		until(t, "2", refused)
	})
}
