package resolve

import (
	"sort"
	"strings"
)

// BadHeaderName says why a lower-case name cannot name a header, or "".
func BadHeaderName(n string) string {
	if n == "" {
		return "it is empty"
	}
	for i := 0; i < len(n); i++ {
		c := n[i]
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0:
		case c == ':' && i == 0:
			return "pseudo-headers are not headers"
		default:
			return "a name is made of letters, digits and !#$%&'*+-.^_`|~"
		}
	}
	return ""
}

// hopByHop are the headers that belong to a connection or frame a message
// (RFC 9110 section 7.6.1, RFC 9113 section 8.2.2).
var hopByHop = map[string]bool{
	"connection": true, "keep-alive": true, "proxy-connection": true, "transfer-encoding": true,
	"upgrade": true, "te": true, "trailer": true, "content-length": true,
	"proxy-authenticate": true, "proxy-authorization": true, "expect": true,
}

// forbiddenHeader says why a bundle may not write a header, or "".
func forbiddenHeader(n string) string {
	folded := strings.ReplaceAll(n, "_", "-")
	switch {
	case strings.HasPrefix(n, ":"):
		return "pseudo-headers belong to the protocol"
	case folded == "host":
		return "the host belongs to routing; use rewrite host"
	case hopByHop[folded]:
		return "it frames the message or belongs to one connection"
	case strings.HasPrefix(folded, "x-envoy-"), folded == "x-moe-cluster":
		return "it controls Envoy"
	case folded == "grpc-status", folded == "grpc-message":
		return "it is part of gRPC's answer"
	}
	return ""
}

// covers returns a header that no policy may change and that begins with the
// prefix, or "". Those that control Envoy are not among them: they are taken
// off every request before.
func covers(prefix string) string {
	names := []string{"host", "grpc-status"}
	for n := range hopByHop {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		if strings.HasPrefix(n, prefix) && len(prefix) > 1 {
			return n
		}
	}
	return ""
}
