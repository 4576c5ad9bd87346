package interp

import (
	"fmt"
	"strings"
	"testing"

	"moec.dev/moec/compiler/scenario"
)

// lines writes headers without pseudo-headers and the cluster.
func lines(headers []scenario.Header) string {
	var out []string
	for _, h := range headers {
		if !strings.HasPrefix(h.Name, ":") && h.Name != clusterHeader {
			out = append(out, h.Name+": "+h.Value)
		}
	}
	return strings.Join(out, "|")
}

func TestRequestHeaders(t *testing.T) {
	for _, c := range []struct{ rules, in, want string }{
		{``, "a: 1|b: 2|a: 3", "a: 1|b: 2|a: 3"},
		{`set request.headers["a"] = "x"`, "a: 1|b: 2|a: 3", "b: 2|a: x"},
		{`set request.headers["a"] = header("b")`, "a: 1|b: 2|b: 3", "b: 2|b: 3|a: 2,3"},
		{`add request.headers["a"] = header("b")`, "a: 1|b: 2", "a: 1|b: 2|a: 2"},
		{`remove request.headers["a"]`, "a: 1|b: 2|a: 3", "b: 2"},
		{`remove request.headers["x-i-*"]`, "x-i-a: 1|x-i: 2|X-I-B: 3", "x-i: 2"},
		{`set request.headers["a"] = header("b") if absent`, "a: 1|b: 2", "a: 1|b: 2"},
		{`set request.headers["a"] = header("b") if absent`, "b: 2", "b: 2|a: 2"},
		// Removes come before sets, wherever they stand.
		{`add request.headers["a"] = header("b")
		  set request.headers["a"] = header("c") if absent
		  remove request.headers["a"]`, "a: 1|b: 2|c: 3", "b: 2|c: 3|a: 3|a: 2"},
		{`set request.headers["a"] = header("b")
		  remove request.headers["a"]`, "a: 1|b: 2", "b: 2|a: 2"},
		// What is there does not hide a rule that fails.
		{`set request.headers["a"] = string(int(header("b"))) if absent on error deny`, "a: 1|b: x", "500 by b.r.set.request.a"},
		{`set request.headers["a"] = header("b") + "\n" if absent`, "a: 1|b: x", "400 by b.r.set.request.a"},
		// Values are those of the incoming request.
		{`set request.headers["a"] = header("b")
		  set request.headers["b"] = header("a")`, "a: 1|b: 2", "a: 2|b: 1"},
		{`remove request.headers["a"]
		  set request.headers["b"] = header("a")`, "a: 1", "b: 1"},
		{`set request.headers["a"] = header("none")`, "a: 1", ""},
		{`add request.headers["a"] = header("none")`, "a: 1", "a: 1"},
		{`set request.headers["a"] = "x" when header("b") == "2"`, "b: 2", "b: 2|a: x"},
		{`set request.headers["a"] = "x" when header("b") == "2"`, "b: 3", "b: 3"},
		// Owned headers are removed whatever the condition says.
		{`set request.headers["x-user"] = "x" when header("b") == "2"`, "x-user: forged|x_user: forged", ""},
		{`set request.headers["a"] = string(int(header("b"))) on error skip`, "a: 1|b: two", "a: 1|b: two"},
		{`set request.headers["a"] = string(int(header("b"))) on error deny`, "a: 1|b: two", "500 by b.r.set.request.a"},
		{`set request.headers["a"] = header("b") when int(header("b")) > 1 on error deny`, "b: two", "500 by b.r.set.request.a"},
		{`set request.headers["a"] = header("b") when int(header("b")) > 1 on error skip`, "b: two", "b: two"},
		{`set request.headers["a"] = query("q")`, "", "400 by b.canonical"},
		{`set request.headers["a"] = header("b") + "\n"`, "b: 1", "400 by b.r.set.request.a"},
		{`add request.headers["a"] = header("b") + "\x00"`, "b: 1", "400 by b.r.add.request.a"},
		{`set request.headers["a"] = request.host + " " + request.method + " " + request.url_path + " " + request.query + " " + source.ip + " " + source.net + " " + string(source.port)`,
			"", "a: localhost GET /p q=%0a 192.0.2.7 192.0.2.7 50000"},
		{`set request.headers["a"] = string(now) + " " + string(request.time == now) + " " + request.path`, "", "a: 2026-01-02T03:04:05Z true /p?q=%0a"},
		{`set request.headers["a"] = request.headers[?"b"].orValue("-") + request.headers[?"x-envoy-retry-on"].orValue("-") + string(size(request.headers))`,
			"B: 1|b: 2|x-envoy-retry-on: 5xx", "B: 1|b: 2|a: 1,2-1"},
	} {
		b := compiled(t, "route r { match GET \"/p\"; public; forward to \"c\"\n"+c.rules+"\n}")
		o := sent(t, b, request("GET", "/p?q=%0a", pairs(c.in)...))
		got := lines(o.Request)
		if !o.Forward {
			got = said(o)
		}
		if got != c.want {
			t.Errorf("%s\nwith %q gives %q, not %q", c.rules, c.in, got, c.want)
		}
	}
}

func TestForwardedRequest(t *testing.T) {
	b := compiled(t, `route r { match "/**"; public; forward to "c" }`)
	r := request("PUT", "/a?b", "x-moe-cluster", "evil", "x-envoy-retry-on", "5xx", "x-envoy-internal", "true", "a", "1")
	r.Authority = "Host.Example:81"
	var got []string
	for _, h := range sent(t, b, r).Request {
		got = append(got, h.Name+" "+h.Value)
	}
	want := ":method PUT|:scheme http|:authority Host.Example:81|:path /a?b|x-envoy-internal true|a 1|x-moe-cluster c"
	if strings.Join(got, "|") != want {
		t.Errorf("forwarded %s", strings.Join(got, "|"))
	}
}

func TestResponseHeaders(t *testing.T) {
	const rules = `
auth robots = api_key { key from header "x-api-key"; keys from file "robots.keys"; claims { plan: string? } }
route r { match GET "/r"; auth robots; forward to "c"
  remove response.headers["server"]
  set response.headers["x-code"] = string(response.code)
  set response.headers["x-was"] = response.headers[?"server"].orValue("-") + response.headers[?"content-type"].orValue("-")
  set response.headers["cache-control"] = "no-store" if absent
  add response.headers["x-route"] = route.name
  set response.headers["x-bad"] = response.headers["x-n"] + "" when response.code == 299 on error deny
  set response.headers["x-crlf"] = response.headers[?"x-n"].orValue("") + "\n" when response.code == 298
}`
	b := compiled(t, rules)
	for _, c := range []struct {
		key    string
		status int
		in     string
		want   string
	}{
		{"robots-1", 200, "server: s|content-type: t", "200 content-type: t|x-code: 200|x-was: st|cache-control: no-store|x-route: r"},
		{"robots-1", 503, "cache-control: public", "503 cache-control: public|x-code: 503|x-was: --|x-route: r"},
		{"bad", 200, "server: s", `401 content-type: text/plain|www-authenticate: ApiKey realm="b", in="header", name="x-api-key"|x-code: 401|x-was: -text/plain|cache-control: no-store|x-route: r`},
		{"robots-1", 299, "server: s", "500 content-type: text/plain"},
		{"robots-1", 299, "x-n: 1|cache-control: a", "299 x-n: 1|cache-control: a|x-code: 299|x-was: --|x-bad: 1|x-route: r"},
		{"robots-1", 298, "x-n: 1", "500 content-type: text/plain"},
	} {
		r := request("GET", "/r", "x-api-key", c.key)
		r.Upstream = scenario.Response{Status: c.status}
		for p := pairs(c.in); len(p) > 0; p = p[2:] {
			r.Upstream.Headers = append(r.Upstream.Headers, scenario.Header{Name: p[0], Value: p[1]})
		}
		o := sent(t, b, r)
		if got := fmt.Sprintf("%d %s", o.Response.Status, lines(o.Response.Headers)); got != c.want {
			t.Errorf("key %s, upstream %d %q: %s, not %s", c.key, c.status, c.in, got, c.want)
		}
		if c.status == 299 && o.Response.Status == 500 && (said(o) != "500 by b.r.set.response.x-bad" || o.Request != nil) {
			t.Errorf("a failed response rule: %s", said(o))
		}
	}
}
