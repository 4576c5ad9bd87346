package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// echo is a request header that makes the upstream answer with what it
// received.
const echo = "x-echo"

// upstream answers every request alike. It returns its port.
func upstream() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go serve(conn)
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

func serve(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	plain := answer("ok\n")
	for {
		head, err := readHead(in)
		if err != nil {
			return
		}
		out := plain
		if bytes.Contains(head, []byte("\r\n"+echo+": ")) {
			out = answer(string(head))
		}
		if _, err := conn.Write(out); err != nil {
			return
		}
	}
}

func answer(body string) []byte {
	return fmt.Appendf(nil, "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: %d\r\n\r\n%s", len(body), body)
}

// readHead reads up to the empty line. What it returns is good until the next
// read.
func readHead(in *bufio.Reader) ([]byte, error) {
	for seen := 1; ; {
		text, err := in.Peek(seen)
		if err != nil {
			return nil, err
		}
		text, _ = in.Peek(in.Buffered())
		if end := bytes.Index(text, []byte("\r\n\r\n")); end >= 0 {
			in.Discard(end + 4)
			return text[:end+4], nil
		}
		seen = len(text) + 1
	}
}

// request is what every client sends, with a key of its own.
func request(key, agent string, more ...string) []byte {
	return []byte("GET /orders/7 HTTP/1.1\r\nhost: shop.example.com\r\nuser-agent: " + agent + "\r\naccept: */*\r\nx-api-key: " + key +
		"\r\nx-internal-trace: 1\r\n" + strings.Join(more, "") + "\r\n")
}

// caller is one connection to Envoy.
type caller struct {
	conn net.Conn
	in   *bufio.Reader
}

func dial(port int) (*caller, error) {
	conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, err
	}
	// Whatever does not end is a mistake, also where requests are slowed down.
	return &caller{conn, bufio.NewReader(conn)}, conn.SetDeadline(time.Now().Add(10 * time.Minute))
}

// send returns the head of the answer and its body.
func (c *caller) send(request []byte) (head string, body string, err error) {
	if _, err := c.conn.Write(request); err != nil {
		return "", "", err
	}
	h, err := readHead(c.in)
	if err != nil {
		return "", "", err
	}
	head = string(h)
	_, length, ok := strings.Cut(head, "\r\ncontent-length: ")
	if !ok {
		return head, "", nil
	}
	length, _, _ = strings.Cut(length, "\r\n")
	n, err := strconv.Atoi(length)
	if err != nil {
		return head, "", err
	}
	text := make([]byte, n)
	_, err = io.ReadFull(c.in, text)
	return head, string(text), err
}

// times sends a request so many times one after the other, all of which must
// be forwarded.
func (c *caller) times(count int, request []byte) error {
	for range count {
		head, _, err := c.send(request)
		if err != nil {
			return err
		}
		if !strings.HasPrefix(head, "HTTP/1.1 200 ") {
			return fmt.Errorf("answered %q", head)
		}
	}
	return nil
}

// connections is how many clients ask at once.
const connections = 16

// load sends at least so many requests, each client with a key of its own, and
// returns when all are answered.
func load(port, count int) error {
	done := make(chan error)
	for i := range connections {
		go func() {
			c, err := dial(port)
			if err == nil {
				defer c.conn.Close()
				err = c.times((count+connections-1)/connections, request(clients()[i*6].key, "bench/1.0"))
			}
			done <- err
		}()
	}
	var failed error
	for range connections {
		if err := <-done; err != nil {
			failed = err
		}
	}
	return failed
}
