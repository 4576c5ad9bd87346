package envoy

import (
	"path/filepath"
	"sync"
	"testing"

	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/tests/envoy/harness"
)

// probe is the C module of testdata, built once.
var probe = sync.OnceValues(func() (string, error) {
	return harness.BuildModule(scratch, filepath.Join("testdata", "probe.c"))
})

func probeLibrary(t *testing.T) string {
	t.Helper()
	library, err := probe()
	if err != nil {
		t.Fatal(err)
	}
	return library
}

// eachVersion runs a test on every supported Envoy.
func eachVersion(t *testing.T, test func(t *testing.T, version string)) {
	for _, version := range harness.Supported {
		t.Run(version, func(t *testing.T) { test(t, version) })
	}
}

func start(t *testing.T, version string, listeners []harness.Listener, clusters ...string) *harness.Executor {
	t.Helper()
	x, err := harness.NewChains(version, listeners, clusters)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("log of Envoy %s:\n%s", version, x.Envoy().Log())
		}
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

// The harness itself, on a module that is known: what it reports must be what
// was sent.
func TestHarness(t *testing.T) {
	library := probeLibrary(t)
	eachVersion(t, func(t *testing.T, version string) {
		x := start(t, version, []harness.Listener{
			{Name: "list", Filters: []harness.Filter{{Library: library, Bundle: "list"}}},
			{Name: "pass", Filters: []harness.Filter{{Library: library, Bundle: "pass.orders"}}},
			{Name: "deny", Filters: []harness.Filter{{Library: library, Bundle: "deny.moe.shop.bots"}}},
		}, "orders")
		odd := scenario.Request{
			Method: "POST", Authority: "a.example:81", Path: "/a/../b%2Fc;x//?q=%00", Body: "hello", Source: "203.0.113.9:4711",
			Headers: []scenario.Header{{Name: "x-two", Value: "1"}, {Name: "x-two", Value: "2"}, {Name: "x-moe-cluster", Value: "evil"}},
			Upstream: scenario.Response{Status: 201, Body: "made", Headers: []scenario.Header{
				{Name: "set-cookie", Value: "a=1"}, {Name: "set-cookie", Value: "b=2"}}},
		}
		out, err := x.Send("pass", odd)
		if err != nil {
			t.Fatal(err)
		}
		same(t, out, scenario.Outcome{
			Forward: true, Cluster: "orders", By: "probe.orders",
			Request: []scenario.Header{
				{Name: ":method", Value: "POST"}, {Name: ":scheme", Value: "http"}, {Name: ":authority", Value: "a.example:81"},
				{Name: ":path", Value: "/a/../b%2Fc;x//?q=%00"}, {Name: "x-two", Value: "1"}, {Name: "x-two", Value: "2"}},
			Response: odd.Upstream,
		})

		for _, contentType := range []string{"text/plain", "application/grpc"} {
			odd.Headers = []scenario.Header{{Name: "content-type", Value: contentType}}
			out, err = x.Send("deny", odd)
			if err != nil {
				t.Fatal(err)
			}
			if want := map[string]int{"text/plain": 403}[contentType]; out.Forward || out.By != "shop.bots" || out.Status != want {
				t.Errorf("denial of %s: %+v", contentType, out)
			}
		}

		if out, err = x.Send("list", scenario.Request{Method: "GET", Path: "/with#fragment", Authority: "a"}); err != nil {
			t.Fatal(err)
		} else if out.By != "list.canonical" || out.Status != 400 || x.HostRefusals != 1 {
			t.Errorf("a path with a fragment: %+v (%d refused by Envoy)", out, x.HostRefusals)
		}
	})
}
