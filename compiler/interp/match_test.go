package interp

import (
	"testing"
)

const specificity = `
route exact    { match GET "/a/b"; public; forward to "exact" }
route html     { match GET "/a/{x}.html"; public; forward to "html" }
route longer   { match GET "/a/pre-{x}.html"; public; forward to "longer" }
route capture  { match GET "/a/{x}"; public; set request.headers["x-cap"] = path.x; forward to "capture" }
route rest     { match "/a/**"; public; forward to "rest" }
route deep     { match GET "/a/{x}/c"; public; forward to "deep" }
route literal  { match GET "/a/b/{y}"; public; forward to "literal" }
route root     { match GET "/"; public; forward to "root" }
route post     { match POST "/only"; public; forward to "post" }
route below    { match GET "/only/**"; public; forward to "below" }
route hostly   { match GET "/a/**"; host "shop.example.com"; public; forward to "hostly" }
route wild     { match GET "/a/b"; host "*.example.com"; public; forward to "wild" }
route tenant   { match GET "/a/b"; host "{tenant}.eu.example.com"; public; set request.headers["x-tenant"] = hostname.tenant; forward to "tenant" }
route files    { match GET "/files/{rest=**}"; public; set request.headers["x-rest"] = path.rest; forward to "files" }
`

func TestSpecificity(t *testing.T) {
	b := compiled(t, specificity)
	for _, c := range []struct{ method, host, path, want string }{
		{"GET", "h", "/a/b", "to exact by b.exact"},
		{"GET", "h", "/a/b/", "to exact by b.exact"},
		{"HEAD", "h", "/a/b", "to exact by b.exact"},
		{"POST", "h", "/a/b", "405 by b.method"},
		{"GET", "h", "/a/x.html", "to html by b.html"},
		{"GET", "h", "/a/.html", "to capture by b.capture"},
		{"GET", "h", "/a/pre-x.html", "to longer by b.longer"},
		{"GET", "h", "/a/pre-.html", "to html by b.html"},
		{"GET", "h", "/a/x", "to capture by b.capture"},
		{"GET", "h", "/a", "to rest by b.rest"},
		{"GET", "h", "/a/", "to rest by b.rest"},
		{"GET", "h", "/a/x/y", "to rest by b.rest"},
		{"GET", "h", "/a/x/c", "to deep by b.deep"},
		{"GET", "h", "/a/b/c", "to literal by b.literal"},
		{"GET", "h", "/", "to root by b.root"},
		{"GET", "h", "/A/b", "404 by b.unmatched"},
		{"GET", "h", "/b", "404 by b.unmatched"},
		{"GET", "h", "/only", "405 by b.method"},
		{"POST", "h", "/only/x", "405 by b.method"},
		{"GET", "h", "/only/x", "to below by b.below"},
		{"GET", "shop.example.com", "/a/b", "to hostly by b.hostly"},
		{"GET", "SHOP.example.com.:8080", "/a/b", "to hostly by b.hostly"},
		{"POST", "shop.example.com", "/a/b", "405 by b.method"},
		{"GET", "x.example.com", "/a/b", "to wild by b.wild"},
		{"GET", "x.y.example.com", "/a/b", "to wild by b.wild"},
		{"GET", "example.com", "/a/b", "to exact by b.exact"},
		{"GET", "x.eu.example.com", "/a/b", "to tenant by b.tenant"},
		{"GET", "x.example.com", "/a/c", "to capture by b.capture"},
		{"GET", "", "/a/b", "to exact by b.exact"},
	} {
		r := request(c.method, c.path)
		r.Authority = c.host
		if got := said(sent(t, b, r)); got != c.want {
			t.Errorf("%s %s%s: %s, not %s", c.method, c.host, c.path, got, c.want)
		}
	}
}

func TestCaptures(t *testing.T) {
	b := compiled(t, specificity)
	for _, c := range []struct{ host, path, header, want string }{
		{"h", "/a/x%20y", "x-cap", "x y"},
		{"h", "/a/%E2%82%AC", "x-cap", "\u20ac"},
		{"h", "/a/%2541", "x-cap", "%41"},
		{"one.two.eu.example.com", "/a/b", "x-tenant", "one.two"},
		{"h", "/files/a/b", "x-rest", "a/b"},
		{"h", "/files/a/b/", "x-rest", "a/b/"},
		{"h", "/files", "x-rest", ""},
		{"h", "/files/", "x-rest", ""},
	} {
		r := request("GET", c.path)
		r.Authority = c.host
		o := sent(t, b, r)
		values := valuesOf(o.Request, c.header)
		if c.want == "" && len(values) == 0 {
			continue
		}
		if len(values) != 1 || values[0] != c.want {
			t.Errorf("%s%s: %s is %q, not %q", c.host, c.path, c.header, values, c.want)
		}
	}
}

const conditions = `
route canary { match GET "/x"; when header("x-canary") == "yes"; public; forward to "canary" }
route second { match GET, POST "/x"; when header("x-second") == "yes"; public; forward to "second" }
route plain  { match GET "/x"; public; forward to "plain" }
route only   { match DELETE "/x"; when header("x-delete") == "yes"; public; forward to "only" }
route wider  { match PATCH "/**"; public; forward to "wider" }
route broken { match GET "/y"; when int(header("x-n")) > 1; public; set response.headers["x-r"] = "1"; forward to "broken" }
route before { match GET "/z"; public; forward to "before" }
route after  { match GET "/z"; when header("x-canary") == "yes" && route.name == "after"; public; forward to "after" }
route rest   { match GET "/{a}/{b}"; when path.a == "p"; public; forward to "rest" }
`

func TestConditions(t *testing.T) {
	b := compiled(t, conditions)
	for _, c := range []struct{ method, path, header, want, allow string }{
		{"GET", "/x", "x-canary", "to canary by b.canary", ""},
		{"GET", "/x", "x-second", "to second by b.second", ""},
		{"GET", "/x", "x-none", "to plain by b.plain", ""},
		{"POST", "/x", "x-canary", "405 by b.method", "GET, HEAD"},
		{"POST", "/x", "x-second", "to second by b.second", ""},
		{"DELETE", "/x", "x-second", "405 by b.method", "GET, HEAD, POST"},
		{"DELETE", "/x", "x-delete", "to only by b.only", ""},
		{"PATCH", "/x", "x-none", "405 by b.method", "GET, HEAD"},
		{"PATCH", "/p", "x-none", "to wider by b.wider", ""},
		{"GET", "/y", "x-none", "500 by b.broken.when", ""},
		{"DELETE", "/y", "x-none", "500 by b.broken.when", ""},
		{"GET", "/z", "x-canary", "to after by b.after", ""},
		{"GET", "/z", "x-none", "to before by b.before", ""},
		{"GET", "/p/q", "x-none", "to rest by b.rest", ""},
		{"GET", "/q/q", "x-none", "405 by b.method", "PATCH"},
	} {
		o := sent(t, b, request(c.method, c.path, c.header, "yes"))
		if got := said(o); got != c.want {
			t.Errorf("%s %s with %s: %s, not %s", c.method, c.path, c.header, got, c.want)
		}
		allow := valuesOf(o.Response.Headers, "allow")
		if c.allow == "" && len(allow) > 0 || c.allow != "" && (len(allow) != 1 || allow[0] != c.allow) {
			t.Errorf("%s %s with %s: allow is %q, not %q", c.method, c.path, c.header, allow, c.allow)
		}
	}
	if o := sent(t, b, request("GET", "/y")); len(valuesOf(o.Response.Headers, "x-r")) > 0 {
		t.Error("response rules apply to a route that was not chosen")
	}
}
