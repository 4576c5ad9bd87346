package protocol

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"moec.dev/moec/tests/envoy/harness"
)

func http1Client(port int) *http.Client {
	return &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var dialer net.Dialer
			return dialer.DialContext(ctx, network, "127.0.0.1:"+strconv.Itoa(port))
		},
	}}
}

func http2Client(port int) *http.Client { return harness.HTTP2(port) }

// newRequest has these headers; a nil body is none.
func newRequest(t *testing.T, method, path string, body io.Reader, headers ...string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, "http://shop.example"+path, body)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// exchange sends a request and reads the whole answer.
func exchange(t *testing.T, c *http.Client, method, path string, body io.Reader, headers ...string) (*http.Response, string) {
	t.Helper()
	defer c.CloseIdleConnections()
	answer, err := c.Do(newRequest(t, method, path, body, headers...))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(text)
}

func TestProtocols(t *testing.T) {
	eachVersion(t, func(t *testing.T, w *world) {
		t.Run("grpc", func(t *testing.T) { testGRPC(t, w) })
		t.Run("large bodies", func(t *testing.T) { testBodies(t, w) })
		t.Run("trailers", func(t *testing.T) { testTrailers(t, w) })
		t.Run("many streams at once", func(t *testing.T) { testManyStreams(t, w) })
		t.Run("websocket", func(t *testing.T) { testWebSocket(t, w) })
		t.Run("resets", func(t *testing.T) { testClientResets(t, w); testUpstreamResets(t, w); testUpstreamStreams(t, w) })
		t.Run("idle", func(t *testing.T) { testIdle(t, w) })
		t.Run("answers of others", func(t *testing.T) { testOthersAnswers(t, w) })
		w.zero(t, "moec.wire.undecided")
	})
}

// Bodies of 1 MB pass both ways, over each protocol to each, with response
// rules of both kinds, and are refused without being read.
func testBodies(t *testing.T, w *world) {
	sent := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	for _, client := range []struct {
		name string
		new  func(int) *http.Client
	}{{"http1", http1Client}, {"http2", http2Client}} {
		for _, up := range []string{"1", "2"} {
			for _, path := range []string{"/plain/a", "/read/a"} {
				for _, listener := range []string{"main", "twice"} {
					answer, got := exchange(t, client.new(w.ports[listener]), "POST", path, bytes.NewReader(sent), "x-up", up, "x-number", "4")
					if answer.StatusCode != 200 || got != string(sent) || answer.Header.Get("x-proto") != "HTTP/"+map[string]string{"1": "1.1", "2": "2.0"}[up] {
						t.Errorf("%s, %s, to %s: %s, %d bytes, %v", client.name, path, up, answer.Status, len(got), answer.Header)
					}
					if path == "/read/a" && (answer.Header.Get("x-twice") != "8" || answer.Header.Get("x-was") != "200") || path == "/plain/a" && answer.Header.Get("x-route") != "plain" {
						t.Errorf("%s, %s, to %s: %v", client.name, path, up, answer.Header)
					}
				}
			}
			w.counting(t, "moec.wire.denied", 1, func() {
				r := newRequest(t, "POST", "/plain/a", io.MultiReader(bytes.NewReader(sent), bytes.NewReader(sent)), "x-up", up, "x-deny", "1")
				answer, err := client.new(w.ports["main"]).Do(r)
				var broken *net.OpError
				switch {
				case client.name == "http1" && errors.As(err, &broken): // Envoy has answered and closed while we still wrote
				case err != nil:
					t.Errorf("%s: refused: %v", client.name, err)
				default:
					defer answer.Body.Close()
					if answer.StatusCode != 403 || answer.Header.Get("x-route") != "plain" {
						t.Errorf("%s: %s, %v", client.name, answer.Status, answer.Header)
					}
				}
			})
		}
	}
}

func testTrailers(t *testing.T, w *world) {
	for _, path := range []string{"/plain/t", "/read/t"} {
		for _, up := range []string{"1", "2"} {
			for _, client := range []*http.Client{http1Client(w.ports["main"]), http2Client(w.ports["main"])} {
				r := newRequest(t, "POST", path, struct{ io.Reader }{strings.NewReader("12345")}, "x-up", up, "te", "trailers")
				r.Trailer = http.Header{"X-Checksum": {"abc"}, "X-Api-Key": {"evil"}, "X-Moe-Cluster": {"evil"}}
				answer, err := client.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(answer.Body)
				answer.Body.Close()
				client.CloseIdleConnections()
				if err != nil || string(body) != "12345" || answer.Trailer.Get("x-sum") != "5" || answer.Trailer.Get("x-got") != "x-checksum=abc" {
					t.Errorf("%s to %s: %s, %q, trailers %v, %v", answer.Proto, up, answer.Status, body, answer.Trailer, err)
				}
			}
		}
	}
}

// Streams by the hundred are under way at one moment on one connection: some
// are held by the upstream, some refused, some answered; each gets its own.
func testManyStreams(t *testing.T, w *world) {
	const n = 150
	w.plain.held.Store(0)
	w.plain.release = make(chan struct{})
	w.counting(t, "moec.wire.denied", n, func() {
		client := http2Client(w.ports["main"])
		defer client.CloseIdleConnections()
		exchange(t, client, "GET", "/own", nil) // the connection stands
		var all sync.WaitGroup
		send := func(want int, path string, headers ...string) {
			all.Add(1)
			r := newRequest(t, "GET", path, nil, headers...)
			go func() {
				defer all.Done()
				answer, err := client.Do(r)
				if err != nil {
					t.Error(err)
					return
				}
				io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
				if answer.StatusCode != want || answer.Header.Get("x-user") != r.Header.Get("x-user") && want == 200 && path != "/own" {
					t.Errorf("%s: %s, %v", path, answer.Status, answer.Header)
				}
			}()
		}
		for i := range n {
			send(200, "/plain/held", "x-hold", "1", "x-up", strconv.Itoa(1+i%2), "x-user", strconv.Itoa(i))
		}
		eventually(t, "all to be held", func() bool { return w.plain.held.Load() == n })
		for i := range n {
			send(403, "/read/refused", "x-deny", "1")
			send(200, "/own")
			send(200, "/read/a", "x-user", strconv.Itoa(i))
		}
		eventually(t, "the others", func() bool {
			return stats(t, w.Envoy)["http.main.downstream_rq_active"] == n
		})
		close(w.plain.release)
		all.Wait()
	})
}
