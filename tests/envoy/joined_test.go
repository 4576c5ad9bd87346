package envoy

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/tests/envoy/harness"
)

var update = flag.Bool("update", false, "rewrite the recorded lists of joined headers")

// candidates are request headers that clients send or that Envoy knows.
var candidates = strings.Fields(`
accept accept-charset accept-encoding accept-language access-control-request-headers access-control-request-method
authorization baggage cache-control cdn-loop client-trace-id connection content-encoding content-language
content-length content-type cookie date dnt etag expect forwarded from grpc-accept-encoding grpc-encoding
grpc-timeout host http2-settings if-match if-modified-since if-none-match if-range if-unmodified-since keep-alive
last-modified link max-forwards origin pragma prefer priority proxy-authorization proxy-connection proxy-status
range referer save-data sec-ch-ua sec-fetch-dest sec-fetch-mode sec-fetch-site server signature signature-input
te trace-context traceparent tracestate trailer transfer-encoding upgrade upgrade-insecure-requests user-agent
via warning www-authenticate x-amzn-trace-id x-api-key x-b3-traceid x-client-trace-id x-content-digest
x-correlation-id x-csrf-token x-forwarded-client-cert x-forwarded-for x-forwarded-host x-forwarded-port
x-forwarded-proto x-original-host x-ot-span-context x-real-ip x-request-id x-requested-with content-digest
x-envoy-downstream-service-cluster x-envoy-downstream-service-node x-envoy-expected-rq-timeout-ms
x-envoy-external-address x-envoy-force-trace x-envoy-hedge-on-per-try-timeout x-envoy-internal
x-envoy-ip-tags x-envoy-is-timeout-retry x-envoy-max-retries x-envoy-original-path x-envoy-retriable-status-codes
x-envoy-retry-on x-envoy-upstream-alt-stat-name x-envoy-upstream-rq-timeout-ms`)

// A filter that sees "a,b" cannot know whether a client sent one header or
// two. Which headers Envoy joins is therefore part of what we stand on, and of
// what the other executors imitate: it is recorded for each version, and this
// test fails when an Envoy behaves in another way.
//
// Each line of testdata/joined-VERSION.txt has a header sent twice, with the
// values of the second and third column, and what the filter saw.
func TestJoinedHeaders(t *testing.T) {
	library := probeLibrary(t)
	eachVersion(t, func(t *testing.T, version string) {
		x := start(t, version, []harness.Listener{{Name: "list", Filters: []harness.Filter{{Library: library, Bundle: "list"}}}})
		var lines strings.Builder
		for _, name := range candidates {
			one, two := twoValues(name)
			fmt.Fprintf(&lines, "%-34s %-12s %-12s %s\n", name, one, two, seenByFilter(t, x, name, one, two))
		}
		golden := filepath.Join("testdata", "joined-"+version+".txt")
		if *update {
			if err := os.WriteFile(golden, []byte(lines.String()), 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		same(t, strings.Split(lines.String(), "\n"), strings.Split(string(want), "\n"))
	})
}

// twoValues gives values that are legal where Envoy looks into a header.
func twoValues(name string) (string, string) {
	switch name {
	case "content-length":
		return "0", "0"
	case "transfer-encoding":
		return "chunked", "chunked"
	case "expect":
		return "a", "b"
	case "te":
		return "trailers", "gzip"
	}
	return "a", "b"
}

// seenByFilter says how a header that was sent twice arrives: "joined" as "a,b",
// "separate", "absent", "replaced VALUE" by one that Envoy wrote, or
// "refused STATUS".
func seenByFilter(t *testing.T, x *harness.Executor, name, one, two string) string {
	t.Helper()
	r := scenario.Request{Method: "GET", Path: "/", Authority: "a",
		Headers: []scenario.Header{{Name: name, Value: one}, {Name: name, Value: two}}}
	shown := name
	if name == "host" {
		r.Authority, shown = "", ":authority"
	}
	if name == "transfer-encoding" {
		r.Body = "0\r\n\r\n" // no chunks
	}
	answer, err := harness.SendText(x.Port("list"), "GET", requestText(r))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if answer.Status != 200 {
		return fmt.Sprintf("refused %d", answer.Status)
	}
	var seen []string
	for _, line := range strings.Split(answer.Body, "\n") {
		if value, ok := strings.CutPrefix(line, shown+": "); ok {
			seen = append(seen, value)
		}
	}
	switch {
	case len(seen) == 0:
		return "absent"
	case len(seen) == 2 && seen[0] == one && seen[1] == two:
		return "separate"
	case len(seen) == 1 && seen[0] == one+","+two:
		return "joined"
	case len(seen) == 1:
		return "replaced " + seen[0]
	}
	return fmt.Sprintf("as %q", seen)
}

func requestText(r scenario.Request) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s %s HTTP/1.1\r\n", r.Method, r.Path)
	if r.Authority != "" {
		fmt.Fprintf(&out, "host: %s\r\n", r.Authority)
	}
	for _, h := range r.Headers {
		fmt.Fprintf(&out, "%s: %s\r\n", h.Name, h.Value)
	}
	return out.String() + "\r\n" + r.Body
}
