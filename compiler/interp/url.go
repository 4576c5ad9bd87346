package interp

import (
	"strconv"
	"strings"
)

// pathOf returns the raw path without its query.
func pathOf(raw string) string {
	path, _, _ := strings.Cut(raw, "?")
	return path
}

// queryOf returns the raw query without the question mark.
func queryOf(raw string) string {
	_, query, _ := strings.Cut(raw, "?")
	return query
}

// escape reads %XX at the start of s.
func escape(s string) (byte, bool) {
	if len(s) < 3 {
		return 0, false
	}
	// ParseUint alone would take a sign or an underscore for a digit.
	for _, c := range s[1:3] {
		if !strings.ContainsRune("0123456789abcdefABCDEF", c) {
			return 0, false
		}
	}
	n, err := strconv.ParseUint(s[1:3], 16, 8)
	return byte(n), err == nil
}

// percentDecode decodes once; false when an escape is malformed. In a query a
// plus is a space.
func percentDecode(s string, query bool) (string, bool) {
	var out []byte
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '%':
			c, ok := escape(s[i:])
			if !ok {
				return "", false
			}
			out = append(out, c)
			i += 2
		case s[i] == '+' && query:
			out = append(out, ' ')
		default:
			out = append(out, s[i])
		}
	}
	return string(out), true
}

// parameterNamed reports whether one piece of a query (name=value) has the
// given decoded name. A name that cannot be decoded is nobody's.
func parameterNamed(piece, name string) bool {
	raw, _, _ := strings.Cut(piece, "=")
	decoded, ok := percentDecode(raw, true)
	return ok && decoded == name && piece != ""
}

// rawQueryValues returns the values of a parameter, still encoded, in order.
func rawQueryValues(query, name string) []string {
	var values []string
	for _, piece := range strings.Split(query, "&") {
		if parameterNamed(piece, name) {
			_, value, _ := strings.Cut(piece, "=")
			values = append(values, value)
		}
	}
	return values
}

// withoutParameters returns a raw path without the named query parameters.
func withoutParameters(raw string, name string) string {
	path, query, has := strings.Cut(raw, "?")
	if !has || len(rawQueryValues(query, name)) == 0 {
		return raw
	}
	var kept []string
	for _, piece := range strings.Split(query, "&") {
		if !parameterNamed(piece, name) {
			kept = append(kept, piece)
		}
	}
	if rest := strings.Join(kept, "&"); rest != "" {
		return path + "?" + rest
	}
	return path
}

// canonicalHost lowers an authority and takes off its port and one trailing
// dot. An IPv6 literal keeps its brackets.
func canonicalHost(authority string) string {
	host := lower(authority)
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.Contains(host[i:], "]") &&
		strings.Trim(host[i+1:], "0123456789") == "" {
		host = host[:i]
	}
	return strings.TrimSuffix(host, ".")
}

// segmentsOf splits a canonical raw path into decoded segments, without the
// empty one after a trailing slash; trailing says whether there was one. Only
// the root has no segments.
func segmentsOf(path string) (segments []string, trailing bool) {
	for _, raw := range strings.Split(strings.TrimPrefix(path, "/"), "/") {
		decoded, _ := percentDecode(raw, false)
		segments = append(segments, decoded)
	}
	if last := len(segments) - 1; segments[last] == "" {
		return segments[:last], last > 0
	}
	return segments, false
}
