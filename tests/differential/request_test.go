package differential

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"moec.dev/moec/compiler/scenario"
)

// request makes a random request as a host presents it: names in lower case,
// values of headers that Envoy joins already joined.
func (p *policy) request(r *rand.Rand) scenario.Request {
	q := scenario.Request{
		Method:    pick(r, "GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "CONNECT"),
		Scheme:    pick(r, "http", "https"),
		Authority: pick(r, "h.test", "h.test:8080", "H.Test.", "t.h.test", "x.sub.h.test", ".h.test", "other", "[::1]:80", "", "h.test,x"),
		Path:      path(r) + query(r),
		Source:    pick(r, "10.1.2.3:1", "192.0.2.9:50000", "[2001:db8:1:2:3::4]:99", "[::ffff:10.0.0.1]:7"),
		Now:       time.Unix(pick[int64](r, 0, 1767225600, -1, 9223372036), int64(r.IntN(2))*500_000_001).UTC(),
		Upstream:  scenario.Response{Status: pick(r, 200, 200, 404, 503, 204), Body: "up"},
	}
	q.Tables = p.otherTables(r)
	q.Choose = pick(r, "", "one", "two", "three")
	if r.IntN(100) < 85 {
		p.matches[r.IntN(len(p.matches))].aim(r, &q)
	}
	header := func(percent int, name string, values ...string) {
		if r.IntN(100) < percent {
			q.Headers = append(q.Headers, scenario.Header{Name: name, Value: pick(r, values...)})
		}
	}
	some := []string{"a", "b", "", "é🙂", "1", "-5", "9223372036854775808", "1.5", "a,b", "10.0.0.1", "90s", "2026-01-02T03:04:05Z", "true", "x\tb",
		`{"a":"1","b":[1,2.5]}`, `[1,"a"]`, `"a"`, `{"a":{"a":true}}`, "null", "aGVsbG8=", "8J-Zgg", "%s", "b, a ,a", "::1", "10.0.0.0/8"}
	for range 3 {
		header(40, "h1", some...)
		header(30, "h2", some...)
		header(15, "a-1", some...)
	}
	header(40, "accept", "a", "a,b", "")
	header(10, "content-type", "application/grpc", "application/grpc+proto", "text/plain", "application/grpcx")
	header(45, "x-api-key", "good-robots-0", "good-robots-1", "bad", "")
	header(5, "x-api-key", "good-robots-0")
	header(5, "x_api_key", "good-robots-0")
	header(40, "cookie", "ck=good-apps-0", "sid=1; ck=good-apps-1", "ck=bad", "sid=1", `sid="q"`, "ck=; sid=1", "sid=1;sid=2", "=x; ck", "a=b;;  ck=good-apps-0 ;c=d=e")
	header(10, "cookie", "ck=good-apps-0", "sid=3", "zz=1")
	header(10, "authorization", "Bearer abc", "Bearer a b", "Basic x, y", "bearer  abc", "Custom a b, c", "Bearer", "")
	header(3, "authorization", "Bearer abc")
	header(15, "w-1", "spoof")
	header(10, "w_1", "spoof")
	header(10, "w-3", "spoof")
	header(10, "x-moe-cluster", "spoof")
	header(10, "x-envoy-retry-on", "5xx")
	header(10, "x_envoy_internal", "true")
	header(10, "x-envoy-internal", "true")
	header(10, "user-agent", "ua")
	header(10, "referer", "http://r/")
	header(10, "x-request-id", "id-1")
	if r.IntN(4) == 0 {
		q.Body = strings.Repeat("x", r.IntN(15))
		switch r.IntN(3) {
		case 0:
			header(100, "transfer-encoding", "chunked")
		case 1:
			header(100, "content-length", "0", "3", "11", "12", "999999999999999999999999", "x")
		default:
			header(100, "content-length", strconv.Itoa(len(q.Body)))
		}
	}
	asking(r, header)
	for range 2 {
		if r.IntN(2) == 0 {
			q.Upstream.Headers = append(q.Upstream.Headers, scenario.Header{Name: pick(r, "u1", "u2", "content-type", "w1", "u1"), Value: pick(r, "a", "", "5", "é")})
		}
	}
	return q
}

func path(r *rand.Rand) string {
	if r.IntN(60) == 0 {
		return pick(r, "*", "", "a/b", "http://x/")
	}
	var out strings.Builder
	for range r.IntN(5) {
		out.WriteString("/")
		switch {
		case r.IntN(40) == 0:
			out.WriteString(pick(r, ".", "..", "%2e%2E", "a%2Fb", "a%5cb", "%00", "a;b", "%zz", "%4", "%61", "\\", "a#b", "%ff", "é", "%C3", "%0a", "%7F", "", "%C3%A9%F0%9F%99%82"))
		default:
			out.WriteString(pick(r, "a", "b", "a", "b", "%C3%A9", "p1", "q.s", "p2.s", "pp3", "p", ".s", "p.s", "A", "%20", "%25", "a+b", "%3B", "..a", "a.b"))
		}
	}
	if r.IntN(6) == 0 || out.Len() == 0 {
		out.WriteString("/")
	}
	return out.String()
}

func query(r *rand.Rand) string {
	if r.IntN(2) == 0 {
		return ""
	}
	pairs := make([]string, r.IntN(4))
	for i := range pairs {
		pairs[i] = pick(r, "q", "q", "key", "key", "m", "%71", "ke%79", "z", "") + pick(r, "=", "=", "=", "") +
			pick(r, "", "1", "a", "good-links-0", "good-links-1", "good%2Dlinks-0", "a+b", "%C3%A9", "a=b", "%zz", "%ff", "%0d%0ax", "90s")
	}
	return "?" + strings.Join(pairs, pick(r, "&", "&", "&", "&&"))
}

// aim makes a request that the match line takes.
func (m match) aim(r *rand.Rand, q *scenario.Request) {
	if methods := strings.FieldsFunc(m.methods, func(c rune) bool { return c == ',' || c == ' ' }); len(methods) > 0 {
		q.Method = pick(r, methods...)
	} else if q.Method == "CONNECT" {
		q.Method = "GET"
	}
	q.Authority = "h.test"
	switch {
	case strings.HasPrefix(m.hosts, `"*.h`), strings.HasPrefix(m.hosts, `"{`):
		q.Authority = pick(r, "t.h.test", "T.H.test:80", "x.y.h.test")
	case strings.Contains(m.hosts, "sub"):
		q.Authority = pick(r, "h.test.", "x.sub.h.test")
	}
	value := func() string { return pick(r, "a", "b", "1", "%C3%A9", "p", "x.s", "%20b", "..a", "%25") }
	path := ""
	for _, s := range strings.Split(strings.Trim(m.template, "/"), "/") {
		switch {
		case s == "**", s == "{rest=**}":
			for range r.IntN(3) {
				path += "/" + value()
			}
		case s == "é":
			path += "/" + "%C3%A9"
		default:
			for _, capture := range []string{"{x}", "{y}", "*"} {
				s = strings.Replace(s, capture, value(), 1)
			}
			path += "/" + s
		}
	}
	if r.IntN(6) == 0 {
		path += "/"
	}
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	q.Path = path + query(r)
}
