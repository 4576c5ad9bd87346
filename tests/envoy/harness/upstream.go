package harness

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"

	"moec.dev/moec/compiler/scenario"
)

// Upstream is an HTTP/1.1 server that records requests byte for byte and
// answers what it was told.
type Upstream struct {
	listener net.Listener
	mu       sync.Mutex
	answer   scenario.Response
	seen     []Received
	open     map[net.Conn]bool
	failed   error
}

// Received is a request as the upstream read it.
type Received struct {
	Line    string // method, path and version as on the wire
	Headers []scenario.Header
	Body    string
}

// NewUpstream starts an upstream on a free port of the loopback address.
func NewUpstream() (*Upstream, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	u := &Upstream{listener: listener, open: map[net.Conn]bool{}}
	go u.accept()
	return u, nil
}

// Port is where it listens.
func (u *Upstream) Port() int { return u.listener.Addr().(*net.TCPAddr).Port }

// Expect says what the next requests are answered with, and forgets those
// already seen. Status 0 means 200.
func (u *Upstream) Expect(answer scenario.Response) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.answer, u.seen, u.failed = answer, nil, nil
}

// Seen returns the requests since the last Expect, and the first failure to
// read or answer one.
func (u *Upstream) Seen() ([]Received, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.seen, u.failed
}

// Close stops the upstream and ends its connections.
func (u *Upstream) Close() error {
	err := u.listener.Close()
	u.mu.Lock()
	defer u.mu.Unlock()
	for conn := range u.open {
		conn.Close()
	}
	u.open = nil
	return err
}

func (u *Upstream) accept() {
	for {
		conn, err := u.listener.Accept()
		if err != nil {
			return
		}
		u.mu.Lock()
		if u.open == nil {
			conn.Close()
		} else {
			u.open[conn] = true
			go u.serve(conn)
		}
		u.mu.Unlock()
	}
}

func (u *Upstream) serve(conn net.Conn) {
	defer func() {
		conn.Close()
		u.mu.Lock()
		delete(u.open, conn)
		u.mu.Unlock()
	}()
	in := bufio.NewReader(conn)
	for {
		if _, err := in.Peek(1); err != nil {
			return // the client is done
		}
		m, err := readMessage(in, "")
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) {
			return // the request was cut off
		}
		if err != nil {
			u.fail(err)
			return
		}
		u.mu.Lock()
		u.seen = append(u.seen, Received{Line: m.start, Headers: m.headers, Body: m.body})
		answer := u.answer
		u.mu.Unlock()
		if _, err := conn.Write(responseText(answer, strings.HasPrefix(m.start, "HEAD "))); err != nil {
			u.fail(err)
			return
		}
	}
}

func (u *Upstream) fail(err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.failed == nil {
		u.failed = fmt.Errorf("upstream: %w", err)
	}
}

func responseText(r scenario.Response, head bool) []byte {
	status := r.Status
	if status == 0 {
		status = http.StatusOK
	}
	var out strings.Builder
	fmt.Fprintf(&out, "HTTP/1.1 %d %s\r\n", status, http.StatusText(status))
	for _, h := range r.Headers {
		fmt.Fprintf(&out, "%s: %s\r\n", h.Name, h.Value)
	}
	if status != 204 && status != 304 && len(values(r.Headers, "content-length")) == 0 {
		fmt.Fprintf(&out, "content-length: %d\r\n", len(r.Body))
	}
	out.WriteString("\r\n")
	if !head {
		out.WriteString(r.Body)
	}
	return []byte(out.String())
}
