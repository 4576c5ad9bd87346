package envoy

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/tests/envoy/harness"
)

// Envoy answers what it cannot parse by itself: our filter then gets response
// hooks of a stream whose request it never saw, and must not mind.
func TestEarly400(t *testing.T) {
	library := bundlesLibrary(t)
	eachVersion(t, func(t *testing.T, version string) {
		x := start(t, version, []harness.Listener{chain(library, "guard", "guard"), chain(library, "both", "guard", "inner")}, "up")
		for _, listener := range []string{"guard", "both"} {
			for _, text := range []string{
				"GET / HTTP/1.1\r\nhost: a\r\nno colon\r\n\r\n",
				"GET / HTTP/1.1\r\n\r\n", // no host
				"GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
				"GET /#x HTTP/1.1\r\nhost: a\r\n\r\n",
			} {
				answer, err := harness.SendText(x.Port(listener), "GET", text)
				if err != nil {
					t.Fatalf("%q: %v\n%s", text, err, x.Envoy().Log())
				}
				if answer.Status != http.StatusBadRequest {
					t.Errorf("%q: %d", text, answer.Status)
				}
			}
		}
		out, err := x.Send("guard", scenario.Request{Method: "GET", Path: "/", Authority: "a", Headers: named("x-api-key", key)})
		if err != nil || !out.Forward {
			t.Errorf("afterwards: %+v, %v", out, err)
		}
	})
}

// gRPC callers do not read HTTP statuses: a refusal must carry its own.
func TestHTTP2AndGRPC(t *testing.T) {
	library := bundlesLibrary(t)
	eachVersion(t, func(t *testing.T, version string) {
		x := start(t, version, []harness.Listener{chain(library, "guard", "guard")}, "up")
		client := harness.HTTP2(x.Port("guard"))
		defer client.CloseIdleConnections()
		x.Upstream().Expect(scenario.Response{Body: "hello"})
		for _, test := range []struct {
			name       string
			headers    []scenario.Header
			status     int
			grpcStatus string
			body       string
		}{
			{name: "let through", headers: named("x-api-key", key), status: 200, body: "hello"},
			{name: "refused", status: 401, body: "unauthorized\n"},
			{name: "grpc", headers: named("content-type", "application/grpc"), status: 200, grpcStatus: "16"},
			{name: "grpc with a format", headers: named("content-type", "application/grpc+proto", "user-agent", "BadBot/1"), status: 200, grpcStatus: "7"},
			{name: "grpc-web is not grpc", headers: named("content-type", "application/grpc-web"), status: 401, body: "unauthorized\n"},
		} {
			request, err := http.NewRequest("POST", "http://a/x.Y/Z", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range test.headers {
				request.Header.Set(h.Name, h.Value)
			}
			answer, err := client.Do(request)
			if err != nil {
				t.Fatalf("%s: %v", test.name, err)
			}
			body, err := io.ReadAll(answer.Body)
			answer.Body.Close()
			if err != nil {
				t.Fatalf("%s: %v", test.name, err)
			}
			if answer.ProtoMajor != 2 || answer.StatusCode != test.status || answer.Header.Get("grpc-status") != test.grpcStatus || string(body) != test.body {
				t.Errorf("%s: %s %s, grpc-status %q, body %q", test.name, answer.Proto, answer.Status, answer.Header.Get("grpc-status"), body)
			}
		}
	})
}

// A response rule that fails turns the upstream's answer into a 500 by its
// name; nothing of that answer gets out.
func TestFailingResponseRule(t *testing.T) {
	library := bundlesLibrary(t)
	eachVersion(t, func(t *testing.T, version string) {
		x := start(t, version, []harness.Listener{chain(library, "inner", "inner")}, "up")
		send := func(number string) scenario.Outcome {
			t.Helper()
			out, err := x.Send("inner", scenario.Request{Method: "GET", Path: "/number", Authority: "a",
				Upstream: scenario.Response{Body: "secret", Headers: named("x-number", number)}})
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		if out := send("21"); out.Response.Status != 200 || strings.Join(find(out.Response.Headers, "x-twice"), ";") != "42" {
			t.Errorf("a number: %+v", out)
		}
		for _, bad := range []string{"abc", "9223372036854775807"} {
			out := send(bad)
			if out.Response.Status != 500 || strings.Contains(out.Response.Body, "secret") || !strings.HasPrefix(out.By, "inner.number.") ||
				len(find(out.Response.Headers, "x-number")) > 0 {
				t.Errorf("%s: %+v", bad, out)
			}
		}
	})
}

// Both workers at once: every answer is the right one, and every denial is
// counted.
func TestManyAtOnce(t *testing.T) {
	library := bundlesLibrary(t)
	eachVersion(t, func(t *testing.T, version string) {
		x := start(t, version, []harness.Listener{chain(library, "guard", "guard")}, "up")
		x.Upstream().Expect(scenario.Response{Body: "hello"})
		const clients, each = 8, 250
		var all sync.WaitGroup
		for n := range clients {
			all.Add(1)
			go func() {
				defer all.Done()
				client := harness.HTTP2(x.Port("guard"))
				defer client.CloseIdleConnections()
				for i := range each {
					want := http.StatusUnauthorized
					request, err := http.NewRequest("GET", "http://a/", nil)
					if err != nil {
						t.Error(err)
						return
					}
					if (n+i)%2 == 0 {
						want = http.StatusOK
						request.Header.Set("x-api-key", key)
					}
					answer, err := client.Do(request)
					if err != nil {
						t.Errorf("client %d, request %d: %v", n, i, err)
						return
					}
					_, err = io.Copy(io.Discard, answer.Body)
					answer.Body.Close()
					if err != nil || answer.StatusCode != want {
						t.Errorf("client %d, request %d: %s, want %d (%v)", n, i, answer.Status, want, err)
						return
					}
				}
			}()
		}
		all.Wait()
		stats, err := x.Envoy().AdminPage("/stats?filter=guard.denied")
		if err != nil || !strings.Contains(stats, ": 1000\n") {
			t.Errorf("counted denials: %q, %v", stats, err)
		}
	})
}

// SIGTERM in the middle of traffic ends Envoy with 0: nothing of ours keeps it
// or brings it down. start's clean-up sends it and looks at the exit.
func TestTermination(t *testing.T) {
	library := bundlesLibrary(t)
	eachVersion(t, func(t *testing.T, version string) {
		var all sync.WaitGroup
		end := make(chan struct{})
		t.Cleanup(func() { // after Envoy has ended
			close(end)
			all.Wait()
		})
		x := start(t, version, []harness.Listener{chain(library, "guard", "guard")}, "up")
		answered := make(chan bool, 4)
		for range cap(answered) {
			all.Add(1)
			go func() {
				defer all.Done()
				first := true
				for {
					select {
					case <-end:
						return
					default:
					}
					_, err := harness.SendText(x.Port("guard"), "GET", "GET / HTTP/1.1\r\nhost: a\r\nx-api-key: "+key+"\r\n\r\n")
					if first {
						answered <- err == nil
						first = false
					}
				}
			}()
		}
		for range cap(answered) {
			if !<-answered {
				t.Error("no answer before the end")
			}
		}
	})
}
