package protocol

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A client that leaves, at each moment of a request, takes its stream along
// and nothing else.
func testClientResets(t *testing.T, w *world) {
	const head = "POST /read/r HTTP/1.1\r\nhost: shop.example\r\ncontent-length: 1000\r\n"
	for _, c := range []struct {
		name, text string
		wait       func(in *bufio.Reader) // before leaving
		requests   int                    // that Envoy counts
		reached    bool                   // the upstream, which notices
	}{
		{name: "before its headers end", text: head[:40], requests: 1},
		{name: "after its headers", text: head + "\r\n", requests: 1},
		{name: "in its body", text: head + "\r\n0123456789", requests: 1},
		{name: "in a chunk", text: "POST /read/r HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nff\r\nabc", requests: 1},
		{name: "while the upstream is silent", text: "GET /plain/r HTTP/1.1\r\nhost: a\r\nx-silent: 1\r\n\r\n", requests: 1, reached: true},
		{name: "while the upstream answers", text: "GET /read/r HTTP/1.1\r\nhost: a\r\nx-stall: 1\r\n\r\n", requests: 1, reached: true,
			wait: func(in *bufio.Reader) { in.ReadString('\n') }},
		{name: "while a large answer comes", text: "GET /read/r HTTP/1.1\r\nhost: a\r\nx-size: 4000000\r\n\r\n", requests: 1,
			wait: func(in *bufio.Reader) { in.Discard(100_000) }},
	} {
		for _, how := range []string{"resets", "closes"} {
			t.Run("a client "+how+" "+c.name, func(t *testing.T) {
				left := w.plain.left.Load()
				w.counting(t, "http.main.downstream_rq_total", c.requests, func() {
					w.counting(t, "moec.wire.denied", 0, func() {
						conn := connect(t, w.ports["main"])
						io.WriteString(conn, c.text)
						if c.wait != nil {
							c.wait(bufio.NewReader(conn))
						} else if c.requests > 0 {
							eventually(t, "the request", func() bool { return stats(t, w.Envoy)["http.main.downstream_rq_active"] == 1 })
						}
						if how == "resets" {
							conn.SetLinger(0)
						}
						conn.Close()
					})
				})
				if c.reached {
					eventually(t, "the upstream to notice", func() bool { return w.plain.left.Load() > left })
				}
			})
		}
	}
	// RST_STREAM: others on the connection go on.
	for _, c := range []struct {
		name string
		body bool
		head string
		read int
	}{
		{name: "in its body", body: true, head: "x-user"},
		{name: "while the upstream is silent", head: "x-silent"},
		{name: "while the upstream answers", head: "x-stall", read: 5},
		{name: "while a large answer comes", head: "x-size", read: 1000},
	} {
		t.Run("an HTTP/2 stream is reset "+c.name, func(t *testing.T) {
			client := http2Client(w.ports["main"])
			defer client.CloseIdleConnections()
			exchange(t, client, "GET", "/own", nil)
			var body io.Reader
			if c.body {
				in, out := io.Pipe()
				go io.WriteString(out, "some")
				t.Cleanup(func() { out.Close() })
				body = in
			}
			ctx, cancel := context.WithCancel(context.Background())
			r := newRequest(t, "POST", "/read/r", body, c.head, "4000000", "x-up", "2").WithContext(ctx)
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				answer, err := client.Do(r)
				if err == nil {
					_, err = io.ReadFull(answer.Body, make([]byte, c.read))
				}
				if c.read == 0 {
					return
				}
				if err != nil {
					t.Error(err)
				}
				cancel()
				answer.Body.Close()
			}()
			if c.read == 0 {
				eventually(t, "the request", func() bool { return stats(t, w.Envoy)["cluster.up2.upstream_rq_active"] == 1 })
				cancel()
			}
			<-ended
			cancel()
			w.settle(t)
			if answer, _ := exchange(t, client, "GET", "/own", nil); answer.StatusCode != 200 {
				t.Errorf("afterwards: %s", answer.Status)
			}
		})
	}
}

// An upstream that breaks off, at each moment of its answer. What Envoy answers
// in its place passes the response rules of the route.
func testUpstreamResets(t *testing.T, w *world) {
	const begun = "HTTP/1.1 200 OK\r\nx-up: 1\r\ncontent-length: 100\r\n\r\n"
	for _, c := range []struct {
		name   string
		play   []func(*net.TCPConn, *bufio.Reader)
		path   string
		status int  // 0: none came, or it could not be read
		whole  bool // the body came whole
	}{
		{name: "closes before its headers", play: plays(says("")), path: "/script", status: 503, whole: true},
		{name: "resets before its headers", play: plays(breaks("")), path: "/script", status: 503, whole: true},
		{name: "closes in its headers", play: plays(says("HTTP/1.1 200 OK\r\nx-a")), path: "/script", status: 502, whole: true},
		{name: "resets in its headers", play: plays(breaks("HTTP/1.1 200 OK\r\nx-a")), path: "/script", status: 502, whole: true},
		{name: "speaks something else", play: plays(says("SSH-2.0-OpenSSH\r\n\r\n")), path: "/script", status: 502, whole: true},
		{name: "closes after its headers", play: plays(says(begun)), path: "/script", status: 200},
		{name: "resets after its headers", play: plays(breaks(begun)), path: "/script", status: 200},
		{name: "resets in its body", play: plays(breaks(begun + "12345")), path: "/script", status: 200},
		{name: "answers in parts", play: plays(says("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n" + begun + strings.Repeat("x", 100))), path: "/script", status: 200, whole: true},
		{name: "is not there", path: "/dead", status: 503, whole: true},
		{name: "is too slow", play: plays(stays("")), path: "/slow", status: 504, whole: true},
		{name: "is too slow in its body", play: plays(stays(begun)), path: "/slow", status: 200},
		{name: "resets twice and is tried again", play: plays(breaks(""), breaks("HTTP/1.1 2"), says(begun+strings.Repeat("x", 100))), path: "/again", status: 200, whole: true},
		{name: "resets each time", play: plays(breaks(""), breaks(""), breaks("")), path: "/again", status: 503, whole: true},
	} {
		for _, listener := range []string{"main", "twice"} {
			t.Run("an upstream "+c.name+", "+listener, func(t *testing.T) {
				w.script.expect(c.play...)
				w.counting(t, "http."+listener+".downstream_rq_total", 1, func() {
					w.counting(t, "moec.wire.denied", 0, func() {
						client := http1Client(w.ports[listener])
						defer client.CloseIdleConnections()
						answer, err := client.Do(newRequest(t, "GET", c.path, nil))
						if err != nil {
							t.Fatal(err)
						}
						defer answer.Body.Close()
						_, err = io.ReadAll(answer.Body)
						if answer.StatusCode != c.status || (err == nil) != c.whole {
							t.Errorf("%s, %v", answer.Status, err)
						}
						if got := answer.Header.Get("x-was"); got != fmt.Sprint(c.status) {
							t.Errorf("the response rule saw %q", got)
						}
					})
				})
			})
		}
	}
}

// An HTTP/2 upstream resets single streams.
func testUpstreamStreams(t *testing.T, w *world) {
	for _, where := range []string{"headers", "body", "trailers"} {
		for _, client := range []*http.Client{http1Client(w.ports["main"]), http2Client(w.ports["main"])} {
			answer, err := client.Do(newRequest(t, "GET", "/read/r", nil, "x-up", "2", "x-break", where))
			if err != nil {
				t.Fatal(err)
			}
			_, err = io.ReadAll(answer.Body)
			answer.Body.Close()
			client.CloseIdleConnections()
			status := map[bool]int{true: 503, false: 200}[where == "headers"]
			if answer.StatusCode != status || (err == nil) != (where == "headers") || answer.Header.Get("x-was") != fmt.Sprint(status) {
				t.Errorf("reset in its %s: %s, %v, %v", where, answer.Status, answer.Header, err)
			}
		}
	}
	w.settle(t)
}

func plays(all ...func(*net.TCPConn, *bufio.Reader)) []func(*net.TCPConn, *bufio.Reader) { return all }

// Streams on which nothing happens are ended by Envoy, in each phase.
func testIdle(t *testing.T, w *world) {
	cases := []struct {
		name, text string
		status     int
	}{
		{"a body that does not come", "POST /read/r HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n123", 408},
		{"an answer that does not come", "GET /plain/r HTTP/1.1\r\nhost: a\r\nx-silent: 1\r\n\r\n", 504},
		{"an answer that does not end", "GET /read/r HTTP/1.1\r\nhost: a\r\nx-stall: 1\r\n\r\n", 200},
		{"headers that do not end", "GET /plain/r HTTP/1.1\r\nhost: a\r\nx-a", 408},
	}
	began := time.Now()
	var conns []net.Conn
	for _, c := range cases {
		conn := connect(t, w.ports["idle"])
		io.WriteString(conn, c.text)
		conns = append(conns, conn)
	}
	for i, c := range cases {
		answer, err := http.ReadResponse(bufio.NewReader(conns[i]), nil)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		_, err = io.ReadAll(answer.Body)
		if answer.StatusCode != c.status || (err == nil) != (c.status != 200) || time.Since(began) > 8*time.Second {
			t.Errorf("%s: %s, %v, after %v", c.name, answer.Status, err, time.Since(began))
		}
	}
}

// Answers that other filters or Envoy itself give: before ours saw the
// request, and after.
func testOthersAnswers(t *testing.T, w *world) {
	for _, c := range []struct {
		listener, path, route string
		headers               []string
		status                int
	}{
		{"before", "/plain/a", "", []string{"x-abort", "1"}, 503},
		{"behind", "/plain/a", "plain", []string{"x-abort", "1"}, 503},
		{"behind", "/read/a", "", []string{"x-abort", "1"}, 503},
		{"before", "/plain/a", "plain", []string{"x-deny", "1"}, 403},
		{"behind", "/plain/a", "plain", []string{"x-deny", "1", "x-abort", "1"}, 403},
	} {
		for _, client := range []*http.Client{http1Client(w.ports[c.listener]), http2Client(w.ports[c.listener])} {
			answer, _ := exchange(t, client, "POST", c.path, strings.NewReader(strings.Repeat("x", 100_000)), c.headers...)
			was := ""
			if c.path == "/read/a" {
				was = "503"
			}
			if answer.StatusCode != c.status || answer.Header.Get("x-route") != c.route || answer.Header.Get("x-was") != was {
				t.Errorf("%s %s %v: %s, %v", c.listener, c.path, c.headers, answer.Status, answer.Header)
			}
		}
	}
	// What Envoy cannot parse never was a request to a filter. Requests that
	// follow a refused one on its connection are each decided; they are not sent
	// together, for Envoy may close after answering two of those by itself.
	w.counting(t, "moec.wire.denied", 2, func() {
		conn := connect(t, w.ports["main"])
		in := bufio.NewReader(conn)
		for _, c := range []struct {
			text string
			want int
		}{
			{"GET /own HTTP/1.1\r\nhost: a\r\n\r\n", 200},
			{"GET /plain/a HTTP/1.1\r\nhost: a\r\nx-deny: 1\r\n\r\n", 403},
			{"GET /plain/a HTTP/1.1\r\nhost: a\r\n\r\n", 200},
			{"HEAD /read/a HTTP/1.1\r\nhost: a\r\nx-deny: 1\r\n\r\n", 403},
			{"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400},
		} {
			io.WriteString(conn, c.text)
			method, _, _ := strings.Cut(c.text, " ")
			answer, err := http.ReadResponse(in, &http.Request{Method: method})
			if err != nil {
				t.Fatalf("%q: %v", c.text, err)
			}
			io.Copy(io.Discard, answer.Body)
			if answer.StatusCode != c.want {
				t.Errorf("%q: %s, want %d", c.text, answer.Status, c.want)
			}
		}
	})
}
