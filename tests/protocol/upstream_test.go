package protocol

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func listen(t testing.TB) (net.Listener, int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l, l.Addr().(*net.TCPAddr).Port
}

// plainServer echoes bodies and trailers over HTTP/1.1 and HTTP/2, takes upgrades, and
// does what the headers of a request ask for:
//
//	x-number    is sent back
//	x-size      the length of the answer, in place of the echo
//	x-hold      wait for the release of all that are held
//	x-stall     answer the headers and 5 bytes, and no more
//	x-silent    answer nothing
//	x-break     reset the stream before the headers, in the body or before the trailers
type plainServer struct {
	port    int
	held    atomic.Int64
	release chan struct{}
	// left counts requests whose clients went before the answer was complete.
	left atomic.Int64
}

func newPlain(t testing.TB) *plainServer {
	l, port := listen(t)
	p := &plainServer{port: port, release: make(chan struct{})}
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	server := &http.Server{Protocols: &protocols, Handler: p, HTTP2: &http.HTTP2Config{MaxConcurrentStreams: 1000}}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return p
}

func (p *plainServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("upgrade") != "" {
		p.upgrade(w, r)
		return
	}
	for _, name := range []string{"x-number", "x-user", "x-given"} {
		if v := r.Header.Get(name); v != "" {
			w.Header().Set(name, v)
		}
	}
	w.Header().Set("trailer", "x-sum, x-got")
	w.Header().Set("x-proto", r.Proto)
	switch {
	case r.Header.Get("x-break") != "":
		if where := r.Header.Get("x-break"); where != "headers" {
			io.WriteString(w, strings.Repeat("x", map[string]int{"body": 0, "trailers": 1000}[where]))
			w.(http.Flusher).Flush()
			time.Sleep(20 * time.Millisecond) // for what is written to arrive as data of its own
		}
		panic(http.ErrAbortHandler)
	case r.Header.Get("x-silent") != "":
		<-r.Context().Done()
		p.left.Add(1)
		return
	case r.Header.Get("x-hold") != "":
		p.held.Add(1)
		select {
		case <-p.release:
		case <-r.Context().Done():
			p.left.Add(1)
			return
		}
	case r.Header.Get("x-stall") != "":
		io.WriteString(w, "begun")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		p.left.Add(1)
		return
	}
	n := int64(0)
	if size := r.Header.Get("x-size"); size != "" {
		io.Copy(io.Discard, r.Body)
		length, _ := strconv.Atoi(size)
		io.WriteString(w, strings.Repeat("x", length))
	} else {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			p.left.Add(1)
			panic(http.ErrAbortHandler)
		}
		n = int64(len(body))
		w.(http.Flusher).Flush() // no content-length: HTTP/1.1 has no trailers with one
		w.Write(body)
	}
	var got []string
	for name, values := range r.Trailer {
		if len(values) == 0 {
			continue // announced, not sent
		}
		got = append(got, strings.ToLower(name)+"="+strings.Join(values, ","))
	}
	w.Header().Set("x-sum", fmt.Sprint(n))
	w.Header().Set("x-got", strings.Join(got, " "))
}

// upgrade accepts, and echoes until the client has closed its half.
func (p *plainServer) upgrade(w http.ResponseWriter, r *http.Request) {
	conn, in, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	fmt.Fprintf(conn, "HTTP/1.1 101 Switching Protocols\r\nupgrade: %s\r\nconnection: upgrade\r\nx-path: %s\r\n\r\n", r.Header.Get("upgrade"), r.URL.Path)
	io.Copy(conn, in)
}

// scriptServer reads a request's headers and plays the next of its scripts.
type scriptServer struct {
	port int
	mu   sync.Mutex
	next []func(conn *net.TCPConn, in *bufio.Reader)
}

func newScript(t testing.TB) *scriptServer {
	l, port := listen(t)
	s := &scriptServer{port: port}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(conn.(*net.TCPConn))
		}
	}()
	return s
}

func (s *scriptServer) serve(conn *net.TCPConn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	text := textproto.NewReader(in)
	if _, err := text.ReadLine(); err != nil {
		return
	}
	if _, err := text.ReadMIMEHeader(); err != nil {
		return
	}
	s.mu.Lock()
	play := func(*net.TCPConn, *bufio.Reader) {}
	if len(s.next) > 0 {
		play, s.next = s.next[0], s.next[1:]
	}
	s.mu.Unlock()
	play(conn, in)
}

// expect says what the next connections see.
func (s *scriptServer) expect(next ...func(conn *net.TCPConn, in *bufio.Reader)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next = next
}

// says writes a text and closes the connection in order.
func says(text string) func(*net.TCPConn, *bufio.Reader) {
	return func(conn *net.TCPConn, in *bufio.Reader) { io.WriteString(conn, text) }
}

// breaks writes a text and resets the connection.
func breaks(text string) func(*net.TCPConn, *bufio.Reader) {
	return func(conn *net.TCPConn, in *bufio.Reader) {
		io.WriteString(conn, text)
		time.Sleep(50 * time.Millisecond) // a reset overtakes what has not been read
		conn.SetLinger(0)
	}
}

// stays writes a text and keeps the connection until the other end closes it.
func stays(text string) func(*net.TCPConn, *bufio.Reader) {
	return func(conn *net.TCPConn, in *bufio.Reader) {
		io.WriteString(conn, text)
		io.Copy(io.Discard, in)
	}
}
