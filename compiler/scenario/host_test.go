package scenario

import (
	"fmt"
	"testing"
)

func TestHostReply(t *testing.T) {
	for _, c := range []struct {
		method, contentType string
		status              int
		headers             []Header
		body, want          string
	}{
		{"GET", "", 403, nil, "no", "{403 [{content-type text/plain}] no}"},
		{"GET", "", 403, []Header{{"Content-Type", "x/y"}}, "no", "{403 [{Content-Type x/y}] no}"},
		{"GET", "", 204, []Header{{"content-type", "x/y"}, {"a", "b"}}, "", "{204 [{a b}] }"},
		{"HEAD", "", 403, nil, "no", "{403 [{content-type text/plain}] }"},
		{"POST", "application/grpc", 403, []Header{{"grpc-status", "7"}, {"content-type", "x"}}, "a\n~%\xc3",
			"{200 [{grpc-status 7} {content-type application/grpc} {grpc-message a%0A%7E%25%C3}] }"},
		{"POST", "application/grpc+x", 503, nil, "", "{200 [{content-type application/grpc} {grpc-status 0}] }"},
		{"POST", "application/grpcx", 503, nil, "", "{503 [] }"},
	} {
		r := Request{Method: c.method, Headers: []Header{{"content-type", c.contentType}}}
		if got := fmt.Sprint(HostReply(r, c.status, c.headers, c.body)); got != c.want {
			t.Errorf("%s %s %d: %s, not %s", c.method, c.contentType, c.status, got, c.want)
		}
	}
}
