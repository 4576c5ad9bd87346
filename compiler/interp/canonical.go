package interp

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"moec.dev/moec/compiler/scenario"
)

// maxValues is how many values a query parameter that is read as a list has at
// most.
const maxValues = 64

// canonicalReason returns why a request is not canonical, or "" when it is.
// The visible headers are those that are not removed before rules see them; the
// reads are what the bundle reads as one value.
func canonicalReason(r scenario.Request, visible []scenario.Header, reads reads) string {
	if r.Method == "" || r.Method == "CONNECT" {
		return "the method has no path"
	}
	if r.Scheme != "" && r.Scheme != "http" && r.Scheme != "https" {
		return "the scheme is neither http nor https"
	}
	if why := badAuthority(r.Authority); why != "" {
		return why
	}
	if why := badPath(r.Path); why != "" {
		return why
	}
	if why := badAuthorization(valuesOf(r.Headers, "authorization")); why != "" {
		return why
	}
	for _, name := range reads.query {
		if why := badParameter(queryOf(r.Path), name); why != "" {
			return why
		}
	}
	for _, name := range reads.lists {
		values := rawQueryValues(queryOf(r.Path), name)
		if len(values) > maxValues {
			return "too many query parameters " + name
		}
		for _, raw := range values {
			if _, ok := queryValue(raw); !ok {
				return "query parameter " + name + " cannot be read"
			}
		}
	}
	for _, name := range reads.cookies {
		if len(cookieValues(visible, name)) > 1 {
			return "two cookies " + name
		}
	}
	return ""
}

// oneHost is an authority with one reading: a name of non-empty labels, with a
// dot at its end or not, or an IPv6 address in brackets; then perhaps a port.
var oneHost = regexp.MustCompile(`^(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z_-]+(\.[0-9A-Za-z_-]+)*\.?)(:[0-9]{1,5})?$`)

func badAuthority(a string) string {
	if a != "" && !oneHost.MatchString(a) {
		return "the authority is not one host"
	}
	return ""
}

func badPath(raw string) string {
	if !strings.HasPrefix(raw, "/") {
		return "the path does not start with a slash"
	}
	for i := 0; i < len(raw); i++ {
		if c := raw[i]; c <= ' ' || c == 0x7f || c == '\\' || c == '#' {
			return "a raw character that a path must escape"
		}
	}
	path := pathOf(raw)
	if strings.Contains(path, "//") {
		return "an empty segment"
	}
	if strings.Contains(path, ";") {
		return "a path parameter"
	}
	for _, segment := range strings.Split(path, "/") {
		if segment == "." || segment == ".." {
			return "a dot segment"
		}
	}
	for i := 0; i < len(path); i++ {
		if path[i] != '%' {
			continue
		}
		c, ok := escape(path[i:])
		if !ok {
			return "a bad escape"
		}
		switch {
		case c == '/' || c == '\\' || c == 0:
			return "an escaped slash, backslash or NUL"
		case unreserved(c):
			return "an escape of a character that needs none"
		case c < ' ' || c == 0x7f:
			return "an escaped control character"
		}
	}
	for i := 0; i < len(path); i++ {
		if path[i] >= 0x80 {
			return "a raw byte beyond ASCII"
		}
	}
	decoded, _ := percentDecode(path, false)
	if !utf8.ValidString(decoded) {
		return "the decoded path is not UTF-8"
	}
	return ""
}

func badAuthorization(values []string) string {
	if len(values) > 1 {
		return "two authorization headers"
	}
	if len(values) == 0 {
		return ""
	}
	scheme, rest, spaced := strings.Cut(values[0], " ")
	switch lower(scheme) {
	case "basic", "bearer", "negotiate":
	default:
		return ""
	}
	credential := strings.TrimLeft(rest, " ")
	if !spaced || credential == "" || strings.ContainsAny(credential, " ,") {
		return "authorization is not one credential"
	}
	return ""
}

// badParameter holds one query parameter that the bundle reads as one value.
func badParameter(query, name string) string {
	values := rawQueryValues(query, name)
	if len(values) > 1 {
		return "two query parameters " + name
	}
	for _, raw := range values {
		if _, ok := queryValue(raw); !ok {
			return "query parameter " + name + " cannot be read"
		}
	}
	return ""
}

// queryValue decodes the value of a query parameter; false for a bad escape,
// bytes that are not UTF-8, and control characters.
func queryValue(raw string) (string, bool) {
	value, ok := percentDecode(raw, true)
	if !ok || !utf8.ValidString(value) {
		return "", false
	}
	for i := 0; i < len(value); i++ {
		if value[i] < ' ' || value[i] == 0x7f {
			return "", false
		}
	}
	return value, true
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		strings.IndexByte("-._~", c) >= 0
}
