package interp

import (
	"slices"
	"strings"

	"moec.dev/moec/compiler/scenario"
)

// lower maps ASCII letters to lower case and leaves every other byte alone:
// names and hosts are not text in a human language.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// valuesOf returns the values of a header, in order.
func valuesOf(headers []scenario.Header, name string) []string {
	var values []string
	for _, h := range headers {
		if lower(h.Name) == lower(name) {
			values = append(values, h.Value)
		}
	}
	return values
}

// without returns the headers that a test does not pick.
func without(headers []scenario.Header, picked func(name string) bool) []scenario.Header {
	var kept []scenario.Header
	for _, h := range headers {
		if !picked(h.Name) {
			kept = append(kept, h)
		}
	}
	return kept
}

func named(name string) func(string) bool {
	return func(other string) bool { return lower(name) == lower(other) }
}

// withHeader returns the headers with one more at the end.
func withHeader(headers []scenario.Header, name, value string) []scenario.Header {
	return append(slices.Clone(headers), scenario.Header{Name: name, Value: value})
}

// folded is the form in which names of owned headers are compared: servers
// behind us may take an underscore for a dash.
func folded(name string) string {
	return strings.ReplaceAll(lower(name), "_", "-")
}

// clusterHeader carries the chosen cluster to the host's routing.
const clusterHeader = "x-moe-cluster"

// untrusted reports whether a header of an incoming request is removed before
// anything reads it.
func untrusted(name string, owned []string) bool {
	n := folded(name)
	switch {
	case n == clusterHeader:
		return true
	case lower(name) == "x-envoy-external-address" || lower(name) == "x-envoy-internal":
		// Set by the host itself, in exactly this spelling.
	case strings.HasPrefix(n, "x-envoy-"):
		return true
	}
	return slices.ContainsFunc(owned, func(o string) bool { return folded(o) == n })
}

// joinedHeaders is request.headers and response.headers: one entry a name, in
// the order in which names first come.
func joinedHeaders(headers []scenario.Header) (m map[string]string, names []string) {
	m = map[string]string{}
	for _, h := range headers {
		name := lower(h.Name)
		if before, twice := m[name]; twice {
			m[name] = before + "," + h.Value
		} else {
			m[name] = h.Value
			names = append(names, name)
		}
	}
	return m, names
}

// cookieValues returns the values of a cookie in all cookie headers.
func cookieValues(headers []scenario.Header, name string) []string {
	var values []string
	for _, line := range valuesOf(headers, "cookie") {
		for _, piece := range strings.Split(line, ";") {
			if n, value, ok := cookiePair(piece); ok && n == name {
				values = append(values, value)
			}
		}
	}
	return values
}

func cookiePair(piece string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(strings.Trim(piece, " \t"), "=")
	name, value = strings.Trim(name, " \t"), strings.Trim(value, " \t")
	if len(value) >= 2 && strings.HasPrefix(value, `"`) && strings.HasSuffix(value, `"`) {
		value = value[1 : len(value)-1]
	}
	return name, value, ok
}

// withoutCookie removes a cookie from the cookie headers; a header in which
// nothing is left goes with it.
func withoutCookie(headers []scenario.Header, name string) []scenario.Header {
	if len(cookieValues(headers, name)) == 0 {
		return headers
	}
	var kept []scenario.Header
	for _, h := range headers {
		if lower(h.Name) != "cookie" {
			kept = append(kept, h)
			continue
		}
		var pieces []string
		for _, piece := range strings.Split(h.Value, ";") {
			if n, _, ok := cookiePair(piece); !ok || n != name {
				pieces = append(pieces, piece)
			}
		}
		rest := h.Value
		if len(cookieValues([]scenario.Header{h}, name)) > 0 {
			rest = strings.Trim(strings.Join(pieces, ";"), " \t")
		}
		if rest != "" {
			kept = append(kept, scenario.Header{Name: h.Name, Value: rest})
		}
	}
	return kept
}
