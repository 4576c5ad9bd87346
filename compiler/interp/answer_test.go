package interp

import (
	"fmt"
	"testing"
)

const answers = `
bundle b {
  unmatched 410
  reply 403 json "{}"
  reply 405 "no such method"
}
route denied { match GET "/deny"; public; deny d when true; forward to "c" }
route own   { match GET "/own"; public; deny d when true with 403 "own: 100%"; forward to "c" }
route teapot { match GET "/teapot"; public; deny d when true with 418; forward to "c" }
route full  { match GET "/full"; public; deny d when true with 507; forward to "c" }
route err   { match GET "/err"; public; deny d when int(header("n")) > 0 with 429 on error deny; forward to "c" }
route ok    { match GET "/ok"; public; respond 200 "fine" }
route json  { match GET "/json"; public; respond 200 json "{}" }
route empty { match GET "/empty"; public; respond 204 }
route gone  { match GET "/gone"; public; respond 403 }
route html  { match GET "/html"; public; respond 200 "<p>"; set response.headers["content-type"] = "text/html" }
`

func TestAnswers(t *testing.T) {
	b := compiled(t, answers)
	for _, c := range []struct{ method, path, contentType, want string }{
		{"GET", "/deny", "", "403 by b.denied.d, 403 content-type: application/json {}"},
		{"GET", "/own", "", "403 by b.own.d, 403 content-type: text/plain own: 100%"},
		{"HEAD", "/own", "", "403 by b.own.d, 403 content-type: text/plain "},
		{"GET", "/teapot", "", "418 by b.teapot.d, 418 content-type: text/plain i'm a teapot\n"},
		{"GET", "/err", "", "429 by b.err.d, 429 content-type: text/plain too many requests\n"},
		{"GET", "/none", "", "410 by b.unmatched, 410 content-type: text/plain gone\n"},
		{"PUT", "/ok", "", "405 by b.method, 405 content-type: text/plain|allow: GET, HEAD no such method"},
		{"GET", "//", "", "400 by b.canonical, 400 content-type: text/plain bad request\n"},
		{"GET", "/ok", "", "200 by b.ok.respond, 200 content-type: text/plain fine"},
		{"HEAD", "/ok", "", "200 by b.ok.respond, 200 content-type: text/plain "},
		{"GET", "/json", "", "200 by b.json.respond, 200 content-type: application/json {}"},
		{"GET", "/empty", "", "204 by b.empty.respond, 204  "},
		{"GET", "/gone", "", "403 by b.gone.respond, 403 content-type: application/json {}"},
		{"GET", "/html", "", "200 by b.html.respond, 200 content-type: text/html <p>"},
		{"GET", "/own", "application/grpc", "403 by b.own.d, 200 grpc-status: 7|content-type: application/grpc|grpc-message: own: 100%25 "},
		{"GET", "/own", "application/grpc+proto", "403 by b.own.d, 200 grpc-status: 7|content-type: application/grpc|grpc-message: own: 100%25 "},
		{"GET", "/none", "application/grpc;x", "410 by b.unmatched, 410 content-type: text/plain gone\n"},
		{"GET", "/own", "application/grpc-web", "403 by b.own.d, 403 content-type: text/plain own: 100%"},
		{"PUT", "/ok", "application/grpc", "405 by b.method, 200 grpc-status: 12|allow: GET, HEAD|content-type: application/grpc|grpc-message: no such method "},
	} {
		r := request(c.method, c.path)
		if c.contentType != "" {
			r = request(c.method, c.path, "content-type", c.contentType)
		}
		o := sent(t, b, r)
		got := fmt.Sprintf("%s, %d %s %s", said(o), o.Response.Status, lines(o.Response.Headers), o.Response.Body)
		if got != c.want {
			t.Errorf("%s %s %s:\n got %q\nwant %q", c.method, c.path, c.contentType, got, c.want)
		}
	}
}

func TestGRPCStatus(t *testing.T) {
	for status, want := range map[int]int{400: 3, 401: 16, 403: 7, 404: 12, 405: 12, 413: 8, 429: 8,
		500: 13, 502: 14, 503: 14, 599: 14, 409: 3, 431: 3} {
		if got := grpcStatus(status); got != want {
			t.Errorf("%d becomes %d, not %d", status, got, want)
		}
	}
}
