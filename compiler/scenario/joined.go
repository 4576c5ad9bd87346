package scenario

import "strings"

// joined are the request headers that Envoy keeps in one slot: lines that
// repeat arrive joined with a comma, as one value. All others arrive one by
// one. tests/envoy measures the list against real Envoys.
var joined = map[string]bool{
	"accept":                         true,
	"accept-encoding":                true,
	"access-control-request-headers": true,
	"access-control-request-method":  true,
	"authorization":                  true,
	"cache-control":                  true,
	"cdn-loop":                       true,
	"content-encoding":               true,
	"content-type":                   true,
	"expect":                         true,
	"grpc-accept-encoding":           true,
	"grpc-timeout":                   true,
	"host":                           true,
	"if-match":                       true,
	"if-modified-since":              true,
	"if-none-match":                  true,
	"if-range":                       true,
	"if-unmodified-since":            true,
	"origin":                         true,
	"pragma":                         true,
	"proxy-status":                   true,
	"referer":                        true,
	"user-agent":                     true,
	"via":                            true,
	"x-client-trace-id":              true,
	"x-envoy-is-timeout-retry":       true,
	"x-forwarded-for":                true,
	"x-forwarded-host":               true,
	"x-forwarded-port":               true,
	"x-request-id":                   true,
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
