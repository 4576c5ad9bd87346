package scenario

import (
	"slices"
	"strings"
)

// IsGRPC reports whether a host takes a request for a gRPC call: it goes by
// the first content type.
func IsGRPC(headers []Header) bool {
	for _, h := range headers {
		if strings.EqualFold(h.Name, "content-type") {
			rest, ok := strings.CutPrefix(h.Value, "application/grpc")
			return ok && (rest == "" || rest[0] == '+')
		}
	}
	return false
}

// HostReply is what a client receives when the host sends a reply that a
// decision has handed to it: the last touch is Envoy's. It fixes the content
// type, turns the reply to a gRPC caller into its trailers-only form, and
// drops the body of an answer to HEAD.
//
// content-length is left out everywhere: it belongs to the connection.
func HostReply(r Request, status int, headers []Header, body string) Response {
	headers = slices.Clone(headers)
	drop := func(name string) {
		headers = slices.DeleteFunc(headers, func(h Header) bool { return strings.EqualFold(h.Name, name) })
	}
	add := func(name, value string) { headers = append(headers, Header{Name: name, Value: value}) }
	switch {
	case IsGRPC(r.Headers):
		drop("content-type")
		add("content-type", "application/grpc")
		if len(headerValues(headers, "grpc-status")) == 0 {
			add("grpc-status", "0") // so says the dynamic modules ABI
		}
		if body != "" {
			drop("grpc-message")
			add("grpc-message", percentEncoded(body))
		}
		status, body = 200, ""
	case body == "":
		drop("content-type")
	case len(headerValues(headers, "content-type")) == 0:
		add("content-type", "text/plain")
	}
	if r.Method == "HEAD" {
		body = ""
	}
	return Response{Status: status, Headers: headers, Body: body}
}

// percentEncoded writes a body as Envoy writes it into grpc-message.
func percentEncoded(body string) string {
	const digits = "0123456789ABCDEF"
	var out strings.Builder
	for i := 0; i < len(body); i++ {
		c := body[i]
		if c < ' ' || c >= '~' || c == '%' {
			out.Write([]byte{'%', digits[c>>4], digits[c&15]})
			continue
		}
		out.WriteByte(c)
	}
	return out.String()
}
