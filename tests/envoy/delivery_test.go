package envoy

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"moec.dev/moec/compiler/envoyconf"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/tests/envoy/harness"
)

// patchy is an upstream that fails as often as the path says, and is slow where
// it says so.
type patchy struct {
	name string
	mu   sync.Mutex
	seen []*http.Request
}

func (p *patchy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.seen = append(p.seen, r)
	n := len(p.seen)
	p.mu.Unlock()
	w.Header().Set("x-upstream", p.name)
	if fails, ok := strings.CutPrefix(r.URL.Path, "/flaky/"); ok {
		if k, _ := strconv.Atoi(fails); n <= k {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		return
	}
	if r.URL.Path == "/slow" || r.URL.Path == "/tries" && n == 1 {
		select {
		case <-time.After(5 * time.Second):
		case <-r.Context().Done():
		}
	}
}

// take returns the requests since the last take.
func (p *patchy) take() []*http.Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	seen := p.seen
	p.seen = nil
	return seen
}

// The configuration that users get keeps the times and retries of the policy,
// which no client can change, and none of it shows to the upstream.
func TestDelivery(t *testing.T) {
	library := bundlesLibrary(t)
	clusters, ups := []envoyconf.Cluster{}, map[string]*patchy{}
	for _, name := range []string{"up", "other", "rest"} {
		p := &patchy{name: name}
		server := httptest.NewServer(p)
		t.Cleanup(server.Close)
		ups[name] = p
		port := server.Listener.Addr().(*net.TCPAddr).Port
		clusters = append(clusters, envoyconf.Cluster{Name: name, Endpoint: envoyconf.HostPort{Host: "127.0.0.1", Port: port}})
	}
	loopback := envoyconf.HostPort{Host: "127.0.0.1"}
	text, err := envoyconf.Write(envoyconf.Config{
		Bundle: "delivery", Library: library, Listen: loopback, Admin: &loopback, Clusters: clusters,
		Forwards: []string{"up", "other"}, OwnRoute: true, Default: "rest", Retries: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	spoof := named("x-envoy-max-retries", "9", "x-envoy-retry-on", "5xx", "x-envoy-upstream-rq-timeout-ms", "60000",
		"x-envoy-upstream-rq-per-try-timeout-ms", "1", "x-moe-cluster", "other")
	eachVersion(t, func(t *testing.T, version string) {
		e := serve(t, version, text)
		send := func(method, path string, headers ...scenario.Header) scenario.Response {
			t.Helper()
			answer, err := harness.SendText(port(t, e), method, requestText(scenario.Request{
				Method: method, Path: path, Authority: "shop.example", Headers: headers}))
			if err != nil {
				t.Fatal(err)
			}
			return answer
		}
		for _, p := range ups {
			p.take()
		}
		for _, test := range []struct {
			method, path, up string
			status, tries    int
		}{
			{"GET", "/flaky/0", "up", 200, 1},
			{"GET", "/flaky/2", "up", 200, 3},
			{"GET", "/flaky/3", "up", 503, 3},
			{"POST", "/flaky/1", "up", 503, 1},
			{"GET", "/tries", "up", 200, 2},
			{"GET", "/slow", "up", 504, 1},
			{"GET", "/guard", "rest", 200, 1},
			{"GET", "/anything?else", "rest", 200, 1},
		} {
			start := time.Now()
			answer := send(test.method, test.path, spoof...)
			took := time.Since(start)
			seen := ups[test.up].take()
			if answer.Status != test.status || len(seen) != test.tries {
				t.Errorf("%s %s: %d after %d tries, want %d after %d\n%s", test.method, test.path, answer.Status, len(seen), test.status, test.tries, e.Log())
			}
			if took > 3*time.Second {
				t.Errorf("%s %s took %s", test.method, test.path, took)
			}
			for _, r := range seen {
				for name := range r.Header {
					if n := strings.ToLower(name); n == "x-moe-cluster" || strings.HasPrefix(n, "x-envoy-") && n != "x-envoy-external-address" && n != "x-envoy-internal" && n != "x-envoy-expected-rq-timeout-ms" && n != "x-envoy-attempt-count" {
						t.Errorf("%s %s: the upstream received %s: %s", test.method, test.path, name, r.Header.Get(name))
					}
				}
			}
		}
		send("GET", "/moved/a%20b/c?q=1")
		if seen := ups["up"].take(); len(seen) != 1 || seen[0].RequestURI != "/new/a%20b/c?q=1" || seen[0].Host != "inner.example" {
			t.Errorf("rewritten to %+v", seen)
		}
		// Equal callers go to one place, whichever worker serves them.
		places := map[string]int{}
		for i := range 40 {
			user := scenario.Header{Name: "x-user", Value: "u" + strconv.Itoa(i%20)}
			answer := send("GET", "/split", user)
			where := find(answer.Headers, "x-upstream")
			if len(where) != 1 {
				t.Fatalf("answer %+v", answer)
			}
			places[user.Value+" "+where[0]]++
		}
		if len(places) != 20 {
			t.Errorf("20 callers went to %d places: %v", len(places), places)
		}
	})
}
