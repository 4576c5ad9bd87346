package envoy

import (
	"io"
	"net"
	"net/http"
	"sort"
	"strings"
	"testing"

	"moec.dev/moec/compiler/envoyconf"
	"moec.dev/moec/tests/envoy/harness"
)

// What may not come as a header may not come as a trailer. Envoy gives trailers
// to upstreams that speak HTTP/2.
func TestTrailers(t *testing.T) {
	library := bundlesLibrary(t)
	arrived := make(chan string, 1)
	upstream, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	server := &http.Server{Protocols: &protocols, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		var names []string
		for name, values := range r.Trailer {
			if len(values) > 0 { // nil: announced, not sent
				names = append(names, strings.ToLower(name))
			}
		}
		sort.Strings(names)
		arrived <- strings.Join(names, " ")
	})}
	go server.Serve(upstream)
	defer server.Close()

	loopback := envoyconf.HostPort{Host: "127.0.0.1"}
	text, err := envoyconf.Write(envoyconf.Config{
		Bundle: "trailers", Library: library, Listen: loopback, Admin: &loopback, Forwards: []string{"up"},
		Clusters: []envoyconf.Cluster{{Name: "up", HTTP2: true, Endpoint: envoyconf.HostPort{Host: "127.0.0.1", Port: upstream.Addr().(*net.TCPAddr).Port}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	eachVersion(t, func(t *testing.T, version string) {
		e := serve(t, version, text)
		client := harness.HTTP2(port(t, e))
		body := &withTrailers{Reader: strings.NewReader("hello")}
		r, _ := http.NewRequest("POST", "http://shop.example/t", body)
		r.ContentLength = -1
		r.Trailer = http.Header{}
		for _, name := range []string{"X-User", "X-Moe-Cluster", "X-Envoy-Retry-On", "X-Key", "X-Internal-A", "X-Checksum"} {
			r.Trailer.Set(name, "evil")
		}
		r.Header.Set("te", "trailers")
		answer, err := client.Do(r)
		if err != nil {
			t.Fatalf("%v\n%s", err, e.Log())
		}
		answer.Body.Close()
		if answer.StatusCode != 200 {
			t.Fatalf("status %d\n%s", answer.StatusCode, e.Log())
		}
		same(t, <-arrived, "x-checksum")
	})
}

// withTrailers hides the reader's length, so that the body is sent with
// trailers.
type withTrailers struct{ io.Reader }
