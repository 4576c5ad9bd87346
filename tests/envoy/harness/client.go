package harness

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"moec.dev/moec/compiler/scenario"
)

// Send writes a request exactly as it stands to a port of this machine, after
// a PROXY line that gives its source and id, and reads the answer. Nothing is
// checked, added or escaped but the host line and, with a body, its length.
func Send(port, id int, r scenario.Request) (scenario.Response, error) {
	proxy, err := proxyLine(r.Source, id)
	if err != nil {
		return scenario.Response{}, err
	}
	var out strings.Builder
	out.WriteString(proxy)
	fmt.Fprintf(&out, "%s %s HTTP/1.1\r\n", r.Method, r.Path)
	if r.Authority != "" {
		fmt.Fprintf(&out, "host: %s\r\n", r.Authority)
	}
	for _, h := range r.Headers {
		fmt.Fprintf(&out, "%s: %s\r\n", h.Name, h.Value)
	}
	chunked := len(values(r.Headers, "transfer-encoding")) > 0
	if r.Body != "" && !chunked && len(values(r.Headers, "content-length")) == 0 {
		fmt.Fprintf(&out, "content-length: %d\r\n", len(r.Body))
	}
	out.WriteString("\r\n")
	if chunked {
		fmt.Fprintf(&out, "%s0\r\n\r\n", chunks(r.Body))
	} else {
		out.WriteString(r.Body)
	}
	return SendText(port, r.Method, out.String())
}

// chunks is a body in chunks of three bytes, without the last one.
func chunks(body string) string {
	var out strings.Builder
	for body != "" {
		n := min(3, len(body))
		fmt.Fprintf(&out, "%x\r\n%s\r\n", n, body[:n])
		body = body[n:]
	}
	return out.String()
}

// SendText writes text to a port of this machine and reads one answer to a
// request of that method.
func SendText(port int, method, text string) (scenario.Response, error) {
	conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", port), 5*time.Second)
	if err != nil {
		return scenario.Response{}, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		return scenario.Response{}, err
	}
	// Envoy may answer and close before it has read everything.
	_, writeErr := conn.Write([]byte(text))
	m, err := readMessage(bufio.NewReader(conn), method)
	if err != nil {
		if writeErr != nil {
			err = writeErr
		}
		return scenario.Response{}, fmt.Errorf("%s: no answer: %w", method, err)
	}
	status, err := statusOf(m.start)
	return scenario.Response{Status: status, Headers: m.headers, Body: m.body}, err
}

// proxyLine is a PROXY protocol header, version 1: it says who the client is
// without a word in the request. The id is the port it claims to have reached.
func proxyLine(source string, id int) (string, error) {
	if source == "" {
		source = "127.0.0.1:50000"
	}
	address, err := netip.ParseAddrPort(source)
	if err != nil {
		return "", fmt.Errorf("source %q: %w", source, err)
	}
	family, here := "TCP4", "127.0.0.1"
	if address.Addr().Is6() {
		family, here = "TCP6", "::1"
	}
	return fmt.Sprintf("PROXY %s %s %s %d %d\r\n", family, address.Addr(), here, address.Port(), id), nil
}

// HTTP2 returns a client that speaks HTTP/2 without TLS to a port of this
// machine, whatever host its requests name.
func HTTP2(port int) *http.Client {
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	return &http.Client{
		Timeout: 20 * time.Second,
		Transport: &http.Transport{
			Protocols: &protocols,
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				var dialer net.Dialer
				return dialer.DialContext(ctx, network, fmt.Sprintf("127.0.0.1:%d", port))
			},
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
