package protocol

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2"
)

// connect opens a connection that the test's patience bounds.
func connect(t *testing.T, port int) *net.TCPConn {
	t.Helper()
	conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", port), 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	return conn.(*net.TCPConn)
}

const upgrading = "host: shop.example\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

func testWebSocket(t *testing.T, w *world) {
	open := func(t *testing.T, listener, headers string) (*net.TCPConn, *bufio.Reader, *http.Response) {
		t.Helper()
		conn := connect(t, w.ports[listener])
		io.WriteString(conn, "GET /socket HTTP/1.1\r\n"+upgrading+headers+"\r\n")
		in := bufio.NewReader(conn)
		answer, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, w.Log())
		}
		return conn, in, answer
	}
	echoes := func(t *testing.T, conn *net.TCPConn, in *bufio.Reader, size int) {
		t.Helper()
		sent := strings.Repeat("frame---", size/8)
		go io.WriteString(conn, sent)
		got := make([]byte, len(sent))
		if _, err := io.ReadFull(in, got); err != nil || string(got) != sent {
			t.Errorf("%d bytes did not come back as they were: %v", size, err)
		}
	}
	for _, listener := range []string{"main", "twice", "behind"} {
		t.Run("through "+listener, func(t *testing.T) {
			conn, in, answer := open(t, listener, "origin: https://shop.example\r\n")
			if answer.StatusCode != 101 || answer.Header.Get("x-route") != "socket" || answer.Header.Get("x-path") != "/socket" {
				t.Fatalf("%s, %v", answer.Status, answer.Header)
			}
			for _, size := range []int{8, 64 << 10, 1 << 20} {
				echoes(t, conn, in, size)
			}
			conn.CloseWrite()
			if rest, err := io.ReadAll(in); err != nil || len(rest) > 0 {
				t.Errorf("after the end: %q, %v", rest, err)
			}
		})
	}
	t.Run("outlives the idle time between frames of neither", func(t *testing.T) {
		conn, in, answer := open(t, "idle", "")
		if answer.StatusCode != 101 {
			t.Fatalf("%s", answer.Status)
		}
		for range 5 { // a second of silence would end it
			time.Sleep(300 * time.Millisecond)
			echoes(t, conn, in, 8)
		}
	})
	t.Run("denied", func(t *testing.T) {
		w.counting(t, "moec.wire.denied", 1, func() {
			_, in, answer := open(t, "main", "origin: https://evil.example\r\n")
			if body, _ := io.ReadAll(in); answer.StatusCode != 403 || answer.Header.Get("x-route") != "socket" || strings.Contains(string(body), "HTTP/") {
				t.Errorf("%s, %v, %q", answer.Status, answer.Header, body)
			}
		})
	})
	// RFC 8441: a stream of an HTTP/2 connection becomes the socket.
	t.Run("over HTTP/2", func(t *testing.T) {
		w.counting(t, "moec.wire.denied", 2, func() {
			for _, c := range []struct {
				origin, path string
				want         int
			}{{"https://shop.example", "/socket", 200}, {"https://evil.example", "/socket", 403}, {"", "/elsewhere", 404}} {
				client := &http.Client{Timeout: 10 * time.Second, Transport: &http2.Transport{
					AllowHTTP: true,
					DialTLSContext: func(context.Context, string, string, *tls.Config) (net.Conn, error) {
						return connect(t, w.ports["main"]), nil
					},
				}}
				in, out := io.Pipe()
				r := newRequest(t, "CONNECT", c.path, in, ":protocol", "websocket", "sec-websocket-version", "13")
				if c.origin != "" {
					r.Header.Set("origin", c.origin)
				}
				answer, err := client.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				if answer.StatusCode != c.want {
					t.Errorf("%s from %q: %s", c.path, c.origin, answer.Status)
				} else if c.want == 200 {
					go io.WriteString(out, strings.Repeat("frame---", 1<<14))
					got := make([]byte, 8<<14)
					if _, err := io.ReadFull(answer.Body, got); err != nil || string(got) != strings.Repeat("frame---", 1<<14) || answer.Header.Get("x-route") != "socket" {
						t.Errorf("%v, %v", err, answer.Header)
					}
				}
				out.Close()
				answer.Body.Close()
				client.CloseIdleConnections()
			}
		})
	})
	t.Run("of no known kind", func(t *testing.T) {
		conn := connect(t, w.ports["main"])
		io.WriteString(conn, "GET /socket HTTP/1.1\r\n"+strings.Replace(upgrading, "websocket\r\n", "other\r\n", 1)+"\r\n")
		if answer, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil || answer.StatusCode == 101 || answer.StatusCode == 200 {
			t.Errorf("%v, %v", answer, err)
		}
	})
	t.Run("reset", func(t *testing.T) {
		conn, in, answer := open(t, "main", "")
		if answer.StatusCode != 101 {
			t.Fatalf("%s", answer.Status)
		}
		echoes(t, conn, in, 8)
		conn.SetLinger(0)
		conn.Close()
		w.settle(t)
	})
}
