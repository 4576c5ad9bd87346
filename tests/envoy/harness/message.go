package harness

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"moec.dev/moec/compiler/scenario"
)

// message is an HTTP/1.1 message as it stood on the wire: net/http would hide
// the order of headers, repeated ones and odd paths.
type message struct {
	start   string // request line or status line
	headers []scenario.Header
	body    string
}

// values returns the values of a header, in order.
func (m *message) values(name string) []string { return values(m.headers, name) }

func values(headers []scenario.Header, name string) []string {
	var all []string
	for _, h := range headers {
		if h.Name == name {
			all = append(all, h.Value)
		}
	}
	return all
}

// readMessage reads one message. isAnswerTo is the method of the request that
// a response answers, empty for a request. Header names become lower case.
func readMessage(in *bufio.Reader, isAnswerTo string) (*message, error) {
	start, err := readLine(in)
	if err != nil {
		return nil, err
	}
	m := &message{start: start}
	if m.headers, err = readHeaders(in); err != nil {
		return nil, fmt.Errorf("after %q: %w", start, err)
	}
	if isAnswerTo != "" && !hasBody(start, isAnswerTo) {
		return m, nil
	}
	switch {
	case len(m.values("transfer-encoding")) > 0:
		m.body, err = readChunks(in)
	case len(m.values("content-length")) > 0:
		var n int
		if n, err = strconv.Atoi(m.values("content-length")[0]); err == nil {
			body := make([]byte, n)
			_, err = io.ReadFull(in, body)
			m.body = string(body)
		}
	case isAnswerTo != "":
		var body []byte
		body, err = io.ReadAll(in)
		m.body = string(body)
	}
	if err != nil {
		return nil, fmt.Errorf("body after %q: %w", start, err)
	}
	return m, nil
}

func hasBody(statusLine, method string) bool {
	status, _ := statusOf(statusLine)
	return method != http.MethodHead && status >= 200 && status != 204 && status != 304
}

func statusOf(statusLine string) (int, error) {
	fields := strings.SplitN(statusLine, " ", 3)
	if len(fields) < 2 || !strings.HasPrefix(fields[0], "HTTP/1.") {
		return 0, fmt.Errorf("no status line: %q", statusLine)
	}
	return strconv.Atoi(fields[1])
}

func readLine(in *bufio.Reader) (string, error) {
	line, err := in.ReadString('\n')
	if err != nil {
		return "", err
	}
	return strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"), nil
}

func readHeaders(in *bufio.Reader) ([]scenario.Header, error) {
	var all []scenario.Header
	for {
		line, err := readLine(in)
		if err != nil {
			return nil, err
		}
		if line == "" {
			return all, nil
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return nil, fmt.Errorf("header line %q has no colon", line)
		}
		all = append(all, scenario.Header{Name: strings.ToLower(name), Value: strings.Trim(value, " \t")})
	}
}

func readChunks(in *bufio.Reader) (string, error) {
	var body strings.Builder
	for {
		line, err := readLine(in)
		if err != nil {
			return "", err
		}
		size, err := strconv.ParseUint(line, 16, 31)
		if err != nil {
			return "", err
		}
		if size == 0 {
			_, err := readHeaders(in) // trailers
			return body.String(), err
		}
		if _, err := io.CopyN(&body, in, int64(size)); err != nil {
			return "", err
		}
		if _, err := readLine(in); err != nil {
			return "", err
		}
	}
}
