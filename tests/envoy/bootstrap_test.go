package envoy

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"moec.dev/moec/compiler/envoyconf"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/tests/envoy/harness"
)

// The bootstrap that users get is one that every Envoy accepts, and keeps what
// its comments promise.
func TestBootstrap(t *testing.T) {
	library := probeLibrary(t)
	upstream, err := harness.NewUpstream()
	if err != nil {
		t.Fatal(err)
	}
	defer upstream.Close()
	loopback := envoyconf.HostPort{Host: "127.0.0.1"}
	bootstrap := func(bundle string) []byte {
		text, err := envoyconf.Write(envoyconf.Config{
			Bundle: bundle, Library: library, Listen: loopback, Admin: &loopback,
			Clusters: []envoyconf.Cluster{
				{Name: "orders", Endpoint: envoyconf.HostPort{Host: "127.0.0.1", Port: upstream.Port()}},
				{Name: "rpc", HTTP2: true, Endpoint: envoyconf.HostPort{Host: "localhost", Port: 1}},
			},
			Forwards: []string{"rpc", "orders"},
		})
		if err != nil {
			t.Fatal(err)
		}
		return text
	}

	eachVersion(t, func(t *testing.T, version string) {
		e := serve(t, version, bootstrap("pass.orders"))
		get := func(path string, headers ...scenario.Header) scenario.Response {
			t.Helper()
			upstream.Expect(scenario.Response{Body: "hello", Headers: []scenario.Header{{Name: "server", Value: "mine"}}})
			answer, err := harness.SendText(port(t, e), "GET", requestText(scenario.Request{
				Method: "GET", Path: path, Authority: "shop.example", Headers: headers}))
			if err != nil {
				t.Fatal(err)
			}
			return answer
		}

		// The path that arrives is the path that was sent: refusing is the
		// filter's business, and it can refuse only what it sees.
		answer := get("/a/../b//c%2fd?key=secret",
			scenario.Header{Name: "x-moe-cluster", Value: "rpc"},
			scenario.Header{Name: "x-forwarded-for", Value: "192.0.2.1"})
		seen, err := upstream.Seen()
		if err != nil || len(seen) != 1 || answer.Status != 200 || answer.Body != "hello" {
			t.Fatalf("answer %+v, upstream saw %+v (%v)\n%s", answer, seen, err, e.Log())
		}
		if seen[0].Line != "GET /a/../b//c%2fd?key=secret HTTP/1.1" {
			t.Errorf("upstream received %q", seen[0].Line)
		}
		for _, h := range seen[0].Headers {
			switch {
			case h.Name == envoyconf.ClusterHeader:
				t.Errorf("upstream received %s: %s", h.Name, h.Value)
			case h.Name == "x-forwarded-for" && !strings.HasPrefix(h.Value, "192.0.2.1,"):
				t.Errorf("x-forwarded-for is %q: Envoy's own word is missing", h.Value)
			}
		}
		line, err := e.LogLine(0)
		if err != nil {
			t.Fatal(err)
		}
		for field, want := range map[string]any{
			"client": "127.0.0.1", "path": "/a/../b//c%2fd", "status": 200.0, "cluster": "orders",
			"route": "probe.orders", "details": "via_upstream", "method": "GET", "host": "shop.example",
		} {
			got := line[field]
			if field == "client" { // not the address that the client claimed
				got, _, _ = strings.Cut(got.(string), ":")
			}
			if got != want {
				t.Errorf("access log: %s is %v, want %v", field, got, want)
			}
		}

		if answer := get("/", scenario.Header{Name: "x_user", Value: "1"}); answer.Status != 400 {
			t.Errorf("a header with an underscore: %d", answer.Status)
		}
		if strings.Contains(e.Log(), "[warning]") && !strings.Contains(e.Log(), "ABI version") {
			t.Errorf("Envoy warns:\n%s", e.Log())
		}
	})
}

// envoy --mode validate accepts it as well, and refuses a library that is
// no module.
func TestBootstrapValidates(t *testing.T) {
	library := probeLibrary(t)
	broken := filepath.Join(t.TempDir(), "broken.so")
	if err := os.WriteFile(broken, []byte("no library"), 0o600); err != nil {
		t.Fatal(err)
	}
	eachVersion(t, func(t *testing.T, version string) {
		binary, err := harness.Binary(version)
		if err != nil {
			t.Fatal(err)
		}
		for path, good := range map[string]bool{library: true, broken: false} {
			text, err := envoyconf.Write(envoyconf.Config{Bundle: "list", Library: path, Listen: envoyconf.HostPort{Port: 0}})
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "bootstrap.yaml")
			if err := os.WriteFile(file, text, 0o600); err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command(binary, "--mode", "validate", "--use-dynamic-base-id", "-c", file).CombinedOutput()
			if (err == nil) != good {
				t.Errorf("%s: %v\n%s", filepath.Base(path), err, out)
			}
		}
	})
}

// serve starts an Envoy with a whole bootstrap, and stops it with the test.
func serve(t *testing.T, version string, bootstrap []byte) *harness.Envoy {
	t.Helper()
	e, err := harness.StartEnvoy(version, bootstrap)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Stop(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// port is that of the one listener which moec config writes.
func port(t *testing.T, e *harness.Envoy) int {
	t.Helper()
	ports, err := e.Ports()
	if err != nil || ports["moe"] == 0 {
		t.Fatalf("listeners %v: %v", ports, err)
	}
	return ports["moe"]
}
