package protocol

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"moec.dev/moec/tests/envoy/harness"
)

// key is one that testdata/wire/robots.keys knows.
const key = "open sesame"

var scratch string

func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "moec-protocol-tests-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(scratch)
	os.Exit(code)
}

// wire is the library of testdata/wire, made with the command that users type.
var wire = sync.OnceValues(func() (string, error) {
	moec := filepath.Join(scratch, "moec")
	if out, err := exec.Command("go", "build", "-o", moec, "moec.dev/moec/cmd/moec").CombinedOutput(); err != nil {
		return "", fmt.Errorf("building moec: %w\n%s", err, out)
	}
	library := filepath.Join(scratch, "wire.so")
	if out, err := exec.Command(moec, "compile", filepath.Join("testdata", "wire"), "-o", library).CombinedOutput(); err != nil {
		return "", fmt.Errorf("moec compile: %w\n%s", err, out)
	}
	return library, nil
})

// world is an Envoy in front of upstreams of all kinds.
type world struct {
	*harness.Envoy
	ports  map[string]int
	plain  *plainServer
	script *scriptServer
	rpc    *rpcServer
}

// eachVersion runs tests in a world of every supported Envoy. At the end of
// each nothing may be left of its streams.
func eachVersion(t *testing.T, test func(t *testing.T, w *world)) {
	library, err := wire()
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range harness.Supported {
		t.Run(version, func(t *testing.T) {
			t.Parallel() // most of the time goes into waiting
			w := newWorld(t, version, library)
			test(t, w)
			w.settle(t)
			w.zero(t, "moec.wire.shadowed")
		})
	}
}

func newWorld(t *testing.T, version, library string) *world {
	t.Helper()
	w := &world{plain: newPlain(t), script: newScript(t), rpc: newRPC(t)}
	ours := func() object { return module(library, "wire", "") }
	w.Envoy = envoy(t, version, bootstrap([]any{
		listener("main", nil, ours()),
		listener("twice", nil, ours(), ours()),
		listener("before", nil, abort(), ours()),
		listener("behind", nil, ours(), abort()),
		listener("idle", object{"stream_idle_timeout": "1s", "request_timeout": "3s"}, ours()),
	}, []any{
		cluster("up", w.plain.port, false), cluster("up2", w.plain.port, true),
		cluster("rpc", w.rpc.port, true), cluster("script", w.script.port, false), cluster("dead", 1, false),
	}))
	var err error
	if w.ports, err = w.Ports(); err != nil {
		t.Fatal(err)
	}
	return w
}

// envoy starts an Envoy and stops it with the test; it must stop cleanly.
func envoy(t *testing.T, version string, text []byte) *harness.Envoy {
	t.Helper()
	e, err := harness.StartEnvoy(version, text)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("log of Envoy %s:\n%s", version, e.Log())
		}
		if err := e.Stop(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// stats are Envoy's counters and gauges.
func stats(t *testing.T, e *harness.Envoy) map[string]int {
	t.Helper()
	page, err := e.AdminPage("/stats?type=All")
	if err != nil {
		t.Fatalf("%v\n%s", err, e.Log())
	}
	all := map[string]int{}
	for _, line := range strings.Split(page, "\n") {
		name, value, _ := strings.Cut(line, ": ")
		if n, err := strconv.Atoi(value); err == nil {
			all[name] = n
		}
	}
	if _, ok := all["server.uptime"]; !ok {
		t.Fatalf("these are no statistics: %.200q", page)
	}
	return all
}

// counting fails unless what is done moves a counter by so much.
func (w *world) counting(t *testing.T, name string, want int, do func()) {
	t.Helper()
	before := stats(t, w.Envoy)
	if _, ok := before[name]; !ok {
		t.Errorf("there is no counter %s", name)
	}
	do()
	w.settle(t)
	if got := stats(t, w.Envoy)[name] - before[name]; got != want {
		t.Errorf("%s went up by %d, want %d", name, got, want)
	}
}

func (w *world) zero(t *testing.T, name string) {
	t.Helper()
	if n, ok := stats(t, w.Envoy)[name]; !ok || n != 0 {
		t.Errorf("%s is %d (%v), want 0", name, n, ok)
	}
}

// settle waits until no request is under way, on either side of Envoy.
func (w *world) settle(t *testing.T) {
	t.Helper()
	settle(t, w.Envoy)
}

func settle(t *testing.T, e *harness.Envoy) {
	t.Helper()
	var left []string
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		left = nil
		for name, n := range stats(t, e) {
			active := strings.HasSuffix(name, ".downstream_rq_active") || strings.HasSuffix(name, ".upstream_rq_active") ||
				strings.HasSuffix(name, ".downstream_cx_upgrades_active") || strings.HasSuffix(name, ".upstream_rq_pending_active")
			if active && !strings.HasPrefix(name, "http.admin.") && n != 0 {
				left = append(left, fmt.Sprintf("%s is %d", name, n))
			}
		}
		if left == nil {
			return
		}
	}
	t.Errorf("streams hang: %s", strings.Join(left, ", "))
}
