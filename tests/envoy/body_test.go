package envoy

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"moec.dev/moec/compiler/envoyconf"
	"moec.dev/moec/tests/envoy/harness"
)

// raw is an upstream that leaves every connection to a function of the test,
// which has the head of the one request on it.
func raw(t *testing.T, serve func(head string, in *bufio.Reader, out net.Conn)) envoyconf.HostPort {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				conn.SetDeadline(time.Now().Add(20 * time.Second))
				in := bufio.NewReader(conn)
				if head, err := head(in); err == nil {
					serve(head, in, conn)
				}
			}()
		}
	}()
	return envoyconf.HostPort{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port}
}

// head reads up to the empty line.
func head(in *bufio.Reader) (string, error) {
	var text strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return text.String(), err
		}
		if line == "\r\n" {
			return strings.ToLower(text.String()), nil
		}
		text.WriteString(line)
	}
}

// bodies is a configuration of the bundle of that name, with what upgrades and
// informational answers need.
func bodies(t *testing.T, up envoyconf.HostPort, http2 bool) []byte {
	t.Helper()
	loopback := envoyconf.HostPort{Host: "127.0.0.1"}
	text, err := envoyconf.Write(envoyconf.Config{
		Bundle: "bodies", Library: bundlesLibrary(t), Listen: loopback, Admin: &loopback, Forwards: []string{"up"},
		Clusters: []envoyconf.Cluster{{Name: "up", HTTP2: http2, Endpoint: up}},
	})
	if err != nil {
		t.Fatal(err)
	}
	const at = "          codec_type: AUTO\n"
	if strings.Count(string(text), at) != 1 {
		t.Fatal("the configuration has changed")
	}
	return []byte(strings.Replace(string(text), at, at+"          upgrade_configs: [{ upgrade_type: websocket }]\n          proxy_100_continue: true\n", 1))
}

// client opens a connection to Envoy and writes to it.
func client(t *testing.T, e *harness.Envoy, text string) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port(t, e)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	return conn, bufio.NewReader(conn)
}

// expectHead reads the head of an answer and wants these pieces in it.
func expectHead(t *testing.T, in *bufio.Reader, want ...string) string {
	t.Helper()
	got, err := head(in)
	if err != nil {
		t.Fatalf("%q: %v", got, err)
	}
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("no %q in %q", w, got)
		}
	}
	return got
}

func chunk(n int) string { return fmt.Sprintf("%x\r\n%s\r\n", n, strings.Repeat("x", n)) }

// A body of unknown length goes on as it comes, up to the bound. The upstream then
// sees a request that ends before its end, and the client a 413.
func TestBodyIsCountedAsItComes(t *testing.T) {
	seen := make(chan string, 1)
	up := raw(t, func(_ string, in *bufio.Reader, _ net.Conn) {
		n := 0
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				seen <- fmt.Sprintf("%v after %v bytes", err, n >= 40_000)
				return
			}
			if n += len(line); strings.TrimSpace(line) == "0" {
				seen <- "all of it"
				return
			}
		}
	})
	text := bodies(t, up, false)
	eachVersion(t, func(t *testing.T, version string) {
		e := serve(t, version, text)
		conn, in := client(t, e, "POST /up/a HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n"+chunk(40_000))
		time.Sleep(100 * time.Millisecond)
		io.WriteString(conn, chunk(40_000))
		expectHead(t, in, "http/1.1 413 ", "x-name: a")
		if got := <-seen; got != "EOF after true bytes" && !strings.HasSuffix(got, "reset by peer after true bytes") {
			t.Errorf("the upstream saw %s", got)
		}
	})
}

// An answer that has begun is cut off.
func TestBodyTooLargeBesideAnAnswer(t *testing.T) {
	up := raw(t, func(_ string, in *bufio.Reader, out net.Conn) {
		io.WriteString(out, "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nbegun")
		io.Copy(io.Discard, in)
	})
	text := bodies(t, up, false)
	eachVersion(t, func(t *testing.T, version string) {
		e := serve(t, version, text)
		conn, in := client(t, e, "POST /asks/a HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n"+chunk(500))
		expectHead(t, in, "http/1.1 200 ", "x-name: a 200")
		io.WriteString(conn, chunk(5000))
		rest, err := io.ReadAll(in)
		if string(rest) != "begun" {
			t.Errorf("the client got %q, %v", rest, err)
		}
	})
}

// After 101 both sides talk as long as they like, whatever bounds a body; before
// it they do not.
func TestUpgradesPassUntouched(t *testing.T) {
	up := raw(t, func(head string, in *bufio.Reader, out net.Conn) {
		if strings.Contains(head, "x-refuse") {
			io.WriteString(out, "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
			return
		}
		io.WriteString(out, "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n")
		io.Copy(out, in)
	})
	text := bodies(t, up, false)
	const ask = "connection: upgrade\r\nupgrade: websocket\r\n"
	eachVersion(t, func(t *testing.T, version string) {
		e := serve(t, version, text)
		for _, path := range []string{"/up/a", "/asks/a"} {
			conn, in := client(t, e, "GET "+path+" HTTP/1.1\r\nhost: a\r\n"+ask+"\r\n")
			expectHead(t, in, "http/1.1 101 ", "x-name: a", "upgrade: websocket")
			said := strings.Repeat("0123456789abcdef", 20_000)
			go io.WriteString(conn, said)
			heard := make([]byte, len(said))
			if n, err := io.ReadFull(in, heard); err != nil || string(heard) != said {
				t.Errorf("%s: %d bytes of %d came back: %v", path, n, len(said), err)
			}
		}
		_, in := client(t, e, "GET /asks/b HTTP/1.1\r\nhost: a\r\nx-refuse: 1\r\n"+ask+"\r\n")
		expectHead(t, in, "http/1.1 403 ", "x-name: b 403")
		_, in = client(t, e, "GET /asks/b%2f HTTP/1.1\r\nhost: a\r\n"+ask+"\r\n")
		expectHead(t, in, "http/1.1 400 ")
		_, in = client(t, e, "CONNECT a:443 HTTP/1.1\r\nhost: a:443\r\n\r\n")
		if got := expectHead(t, in); strings.HasPrefix(got, "http/1.1 2") {
			t.Errorf("CONNECT: %q", got)
		}
	})
}

// Informational answers are no answers: no rule sees them.
func TestInformationalAnswersPassUntouched(t *testing.T) {
	up := raw(t, func(_ string, in *bufio.Reader, out net.Conn) {
		io.WriteString(out, "HTTP/1.1 100 Continue\r\n\r\n")
		body := make([]byte, 5)
		if _, err := io.ReadFull(in, body); err != nil {
			return
		}
		io.WriteString(out, "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"+string(body))
	})
	text := bodies(t, up, false)
	eachVersion(t, func(t *testing.T, version string) {
		e := serve(t, version, text)
		for _, path := range []string{"/up/a", "/asks/a"} {
			conn, in := client(t, e, "POST "+path+" HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n")
			if got := expectHead(t, in, "http/1.1 100 "); strings.Contains(got, "x-name") {
				t.Errorf("a rule changed %q", got)
			}
			io.WriteString(conn, "hello")
			expectHead(t, in, "http/1.1 200 ", "x-name: a")
			body := make([]byte, 5)
			if _, err := io.ReadFull(in, body); err != nil || string(body) != "hello" {
				t.Errorf("%q, %v", body, err)
			}
		}
		// Too large by what it says: not even a 100 comes before the 413.
		_, in := client(t, e, "POST /asks/a HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 5000\r\n\r\n")
		expectHead(t, in, "http/1.1 413 ", "x-name: a 413")
	})
}

// Trailers of an answer pass, whatever its headers are changed to.
func TestTrailersOfAnswersPassUntouched(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	server := &http.Server{Protocols: &protocols, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		w.Header().Set("trailer", "x-sum, x-name")
		fmt.Fprintf(w, "%d", n)
		w.Header().Set("x-sum", "7")
		w.Header().Set("x-name", "theirs")
	})}
	go server.Serve(listener)
	defer server.Close()
	text := bodies(t, envoyconf.HostPort{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port}, true)
	eachVersion(t, func(t *testing.T, version string) {
		e := serve(t, version, text)
		c := harness.HTTP2(port(t, e))
		defer c.CloseIdleConnections()
		for _, path := range []string{"/up/a", "/asks/a"} {
			r, _ := http.NewRequest("POST", "http://a"+path, &withTrailers{Reader: strings.NewReader("hello")})
			r.ContentLength = -1
			answer, err := c.Do(r)
			if err != nil {
				t.Fatalf("%v\n%s", err, e.Log())
			}
			body, err := io.ReadAll(answer.Body)
			answer.Body.Close()
			if err != nil || string(body) != "5" || !strings.HasPrefix(answer.Header.Get("x-name"), "a") {
				t.Errorf("%s: %q, %v, %v", path, body, err, answer.Header)
			}
			same(t, answer.Trailer.Get("x-sum")+" "+answer.Trailer.Get("x-name"), "7 theirs")
		}
		// HTTP/2 needs no chunks for a body of unknown length.
		r, _ := http.NewRequest("POST", "http://a/asks/a", &withTrailers{Reader: strings.NewReader(strings.Repeat("x", 5000))})
		r.ContentLength = -1
		if answer, err := c.Do(r); err != nil {
			t.Error(err)
		} else if answer.Body.Close(); answer.StatusCode != 413 {
			t.Errorf("status %d", answer.StatusCode)
		}
	})
}
