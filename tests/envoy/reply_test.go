package envoy

import (
	"fmt"
	"sort"
	"testing"

	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/tests/envoy/harness"
)

// What Envoy makes of a reply that a filter hands to it is imitated by
// scenario.HostReply, for the executors that have no Envoy. Here it is held
// against each real one.
func TestHostReply(t *testing.T) {
	library := probeLibrary(t)
	statuses := []int{200, 400, 401, 403, 404, 405, 413, 418, 429, 431, 500, 502, 503, 504}
	bodies := []string{"", "no bots\n", "100% caf\u00e9 ~ \"x\"\t\u007f"}
	var listeners []harness.Listener
	name := func(status int, body string) string { return fmt.Sprintf("reply.%d.%s", status, body) }
	for _, status := range statuses {
		for i, body := range bodies {
			listeners = append(listeners, harness.Listener{Name: fmt.Sprintf("%d-%d", status, i),
				Filters: []harness.Filter{{Library: library, Bundle: name(status, body)}}})
		}
	}
	requests := []scenario.Request{
		{Method: "GET"},
		{Method: "HEAD"},
		{Method: "POST", Headers: named("content-type", "application/grpc")},
		{Method: "POST", Headers: named("content-type", "application/grpc+json")},
		{Method: "POST", Headers: named("content-type", "application/grpc;x=1")},
		{Method: "POST", Headers: named("content-type", "application/grpc-web")},
		{Method: "POST", Headers: named("content-type", "application/grpcx")},
	}
	eachVersion(t, func(t *testing.T, version string) {
		x := start(t, version, listeners)
		for _, status := range statuses {
			for i, body := range bodies {
				for _, r := range requests {
					r.Path, r.Authority = "/", "a"
					out, err := x.Send(fmt.Sprintf("%d-%d", status, i), r)
					if err != nil {
						t.Fatal(err)
					}
					want := scenario.HostReply(r, status, nil, body)
					if got := fmt.Sprintf("%+v", ordered(out.Response)); got != fmt.Sprintf("%+v", ordered(want)) {
						t.Errorf("%s %v, %s: Envoy sends %s, HostReply %+v", r.Method, r.Headers, name(status, body), got, ordered(want))
					}
				}
			}
		}
	})
}

// ordered sorts headers by name, of which the order means nothing.
func ordered(r scenario.Response) scenario.Response {
	sort.SliceStable(r.Headers, func(i, j int) bool { return r.Headers[i].Name < r.Headers[j].Name })
	return r
}
