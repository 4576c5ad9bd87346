package scenario

import "strings"

// joined are the request headers that Envoy keeps in one slot: lines that
// repeat arrive joined with a comma, as one value. All others arrive one by
// one. tests/envoy measures the list against real Envoys.
var joined = map[string]bool{
	"accept":              true,
	"authorization":       true,
	"cache-control":       true,
	"connection":          true,
	"content-type":        true,
	"expect":              true,
	"grpc-timeout":        true,
	"keep-alive":          true,
	"origin":              true,
	"proxy-connection":    true,
	"referer":             true,
	"te":                  true,
	"transfer-encoding":   true,
	"upgrade":             true,
	"user-agent":          true,
	"via":                 true,
	"x-client-trace-id":   true,
	"x-forwarded-for":     true,
	"x-forwarded-host":    true,
	"x-forwarded-proto":   true,
	"x-request-id":        true,
	"x-forwarded-port":    true,
	"x-envoy-retry-on":    true,
	"x-envoy-max-retries": true,
}

// asTheHostJoins returns header lines as a filter sees them: lower-case names,
// values without the spaces around them, repeated lines of some names joined.
func asTheHostJoins(lines []Header) []Header {
	var out []Header
	first := map[string]int{}
	for _, h := range lines {
		name, value := strings.ToLower(h.Name), strings.Trim(h.Value, " \t")
		if i, seen := first[name]; seen && joined[name] {
			out[i].Value += "," + value
			continue
		}
		first[name] = len(out)
		out = append(out, Header{Name: name, Value: value})
	}
	return out
}

// lowered returns header lines with lower-case names, nothing joined.
func lowered(lines []Header) []Header {
	var out []Header
	for _, h := range lines {
		out = append(out, Header{Name: strings.ToLower(h.Name), Value: strings.Trim(h.Value, " \t")})
	}
	return out
}
