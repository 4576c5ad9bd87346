package envoy

import (
	"strings"
	"testing"

	"moec.dev/moec/compiler/scenario"
)

const plainHost = "host: a.example\r\n"

// messages are spellings of everything but the path, over HTTP/1.1: what
// follows the path that the upstream must receive, or refused.
var messages = []struct{ text, want string }{
	// Hosts (CVE-2021-39155): lower case, without port and dot; one or none.
	{"GET /a HTTP/1.1\r\nhost: A.Example\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\nHOST: a.example:80\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\nhost: a.example.\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\nhost: A.EXAMPLE.:80\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\nhost: a_b.example\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\nhost: [::1]\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\nhost: [::1]:80\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\nhost:a.example\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\nhost: \ta.example \r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\nhost: a.example:\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: a.example:8x\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: a.example:123456\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: a..example\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: .a.example\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: .\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: a.example..\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: a.example, b.example\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: a.example\r\nhost: b.example\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: a.example\r\nHost: a.example\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: u@a.example\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: u:p@a.example\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: a.example/admin\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: a.example#b\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: a.example?b\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: a.example\\b\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: http://a.example\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: a.example b.example\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: %61.example\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: [::1\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: [a.example]\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: a.ex\xc3\xa4mple\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: a.example\x00\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost: a.example\r\n .b.example\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost : a.example\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\nhost:\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\n\r\n", refused},

	// Absolute targets: their host and path count.
	{"GET http://a.example/a HTTP/1.1\r\nhost: a.example\r\n\r\n", "/a"},
	{"GET http://b.example/a?c HTTP/1.1\r\nhost: a.example\r\n\r\n", "/a?c"},
	{"GET http://B.example:80/a HTTP/1.1\r\nhost: a.example\r\n\r\n", "/a"},
	{"GET http://a.example HTTP/1.1\r\nhost: a.example\r\n\r\n", "/"},
	{"GET http://a.example/admin HTTP/1.1\r\nhost: a.example\r\n\r\n", denied},
	{"GET http://a.example/a%2f..%2fadmin HTTP/1.1\r\nhost: a.example\r\n\r\n", refused},
	{"GET http://a.example/a;b HTTP/1.1\r\nhost: a.example\r\n\r\n", refused},
	{"GET http://a.example/a#b HTTP/1.1\r\nhost: a.example\r\n\r\n", refused},
	{"GET http://u@a.example/a HTTP/1.1\r\nhost: a.example\r\n\r\n", "/a"},
	{"GET http://a.example\\@b.example/a HTTP/1.1\r\nhost: a.example\r\n\r\n", refused},
	{"GET http://a..example/a HTTP/1.1\r\nhost: a.example\r\n\r\n", refused},
	{"GET http:///a HTTP/1.1\r\nhost: a.example\r\n\r\n", refused},
	{"GET http:/a HTTP/1.1\r\nhost: a.example\r\n\r\n", refused},
	{"GET http:a HTTP/1.1\r\nhost: a.example\r\n\r\n", refused},
	{"GET ftp://a.example/a HTTP/1.1\r\nhost: a.example\r\n\r\n", refused},
	{"GET file:///etc/passwd HTTP/1.1\r\nhost: a.example\r\n\r\n", refused},

	// Request lines.
	{"get /a HTTP/1.1\r\n" + plainHost + "\r\n", refused},
	{"GET  /a HTTP/1.1\r\n" + plainHost + "\r\n", "/a"},
	{"GET\t/a\tHTTP/1.1\r\n" + plainHost + "\r\n", "/a"},
	{"GET /a b HTTP/1.1\r\n" + plainHost + "\r\n", refused},
	{"GET /a HTTP/1.1 \r\n" + plainHost + "\r\n", "/a"},
	{"GET /a HTTP/1.2\r\n" + plainHost + "\r\n", "426"},
	{"GET /a HTTP/2.0\r\n" + plainHost + "\r\n", "426"},
	{"GET /a http/1.1\r\n" + plainHost + "\r\n", refused},
	{"GET /a\r\n\r\n", "426"},
	{" GET /a HTTP/1.1\r\n" + plainHost + "\r\n", refused},
	{"\r\nGET /a HTTP/1.1\r\n" + plainHost + "\r\n", "/a"},
	{"GET /a HTTP/1.1\n" + plainHost + "\n", "/a"},
	{"GET /a HTTP/1.1\r" + plainHost + "\r\n", refused},
	{"CONNECT a.example:80 HTTP/1.1\r\n" + plainHost + "\r\n", refused},
	{"CONNECT /a HTTP/1.1\r\n" + plainHost + "\r\n", refused},
	{"G\x00T /a HTTP/1.1\r\n" + plainHost + "\r\n", refused},

	// Headers that only Envoy or the policy may write.
	{"GET /a HTTP/1.1\r\n" + plainHost + "x-verified: root\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\n" + plainHost + "X-VERIFIED: root\r\nx-verified: root\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x_verified: root\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\n" + plainHost + "X_Verified: root\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x-verified : root\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x-verified\t: root\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x-other: a\r\n x-verified: root\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x-other: a\rx-verified: root\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x-other: a\nx-verified: root\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x-other: a\x00b\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x-verified\x00: root\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\n" + plainHost + ": root\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x-verified\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x verified: root\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\n" + plainHost + ":path: /admin\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\n" + plainHost + ":authority: b.example\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\n" + plainHost + "connection: x-verified\r\nx-verified: root\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\n" + plainHost + "connection: close, x-verified, x-decided, x-client\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x-decided: /admin\r\nx-host: b.example\r\nx-client: 192.0.2.1\r\nx-scheme: https\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x-moe-cluster: other\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\n" + plainHost + "X-Moe-Cluster: other\r\nx-moe-cluster: up, other\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x_moe_cluster: other\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x-envoy-original-path: /admin\r\nx-envoy-decorator-operation: x\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x-envoy-upstream-rq-timeout-ms: 1\r\nX-Envoy-Max-Retries: 9\r\nx-envoy-retry-on: 5xx\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x-envoy-internal: true\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x-envoy-external-address: 192.0.2.1\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x-original-url: /admin\r\nx-rewrite-url: /admin\r\nx-http-method-override: DELETE\r\n\r\n", "/a"},

	// Who the client is (CVE-2024-45806).
	{"GET /a HTTP/1.1\r\n" + plainHost + "x-forwarded-for: 192.0.2.1\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x-forwarded-for: 10.0.0.1, 127.0.0.2\r\nx-forwarded-for: 192.0.2.1\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x-forwarded-for: junk\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\n" + plainHost + "forwarded: for=192.0.2.1;host=b.example;proto=https\r\nx-real-ip: 192.0.2.1\r\ntrue-client-ip: 192.0.2.1\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x-forwarded-host: b.example\r\nx-forwarded-port: 443\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x-forwarded-proto: https\r\n\r\n", "/a"},
	{"GET /a HTTP/1.1\r\n" + plainHost + "x_forwarded_for: 192.0.2.1\r\n\r\n", refused},

	// Credentials that are two.
	{"GET /a HTTP/1.1\r\n" + plainHost + "authorization: Bearer a\r\nauthorization: Bearer b\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\n" + plainHost + "authorization: Bearer a, Bearer b\r\n\r\n", refused},
	{"GET /a HTTP/1.1\r\n" + plainHost + "authorization: Basic\r\n\r\n", refused},

	// Where a message ends: nothing of a body is a request.
	{"POST /a HTTP/1.1\r\n" + plainHost + "content-length: 5\r\n\r\nGET /", "/a"},
	{"POST /a HTTP/1.1\r\n" + plainHost + "content-length: 5\r\ncontent-length: 6\r\n\r\nabcdef", refused},
	{"POST /a HTTP/1.1\r\n" + plainHost + "content-length: 5\r\ncontent-length: 5\r\n\r\nabcde", refused},
	{"POST /a HTTP/1.1\r\n" + plainHost + "content-length: 5, 5\r\n\r\nabcde", refused},
	{"POST /a HTTP/1.1\r\n" + plainHost + "content-length: +5\r\n\r\nabcde", refused},
	{"POST /a HTTP/1.1\r\n" + plainHost + "content-length: -5\r\n\r\nabcde", refused},
	{"POST /a HTTP/1.1\r\n" + plainHost + "content-length: 0x5\r\n\r\nabcde", refused},
	{"POST /a HTTP/1.1\r\n" + plainHost + "content-length: 5 5\r\n\r\nabcde", refused},
	{"POST /a HTTP/1.1\r\n" + plainHost + "content-length:\r\n\r\n", refused},
	{"POST /a HTTP/1.1\r\n" + plainHost + "content-length: 99999999999999999999\r\n\r\n", refused},
	{"POST /a HTTP/1.1\r\n" + plainHost + "content_length: 5\r\n\r\n", refused},
	{"POST /a HTTP/1.1\r\n" + plainHost + "content-length: 40\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /admin HTTP/1.1\r\nhost: a.example\r\n", refused},
	{"POST /a HTTP/1.1\r\n" + plainHost + "transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n0\r\n\r\n", refused},
	{"POST /a HTTP/1.1\r\n" + plainHost + "transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "/a"},
	{"POST /a HTTP/1.1\r\n" + plainHost + "transfer-encoding: xchunked\r\n\r\n0\r\n\r\n", "501"},
	{"POST /a HTTP/1.1\r\n" + plainHost + "transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n", "501"},
	{"POST /a HTTP/1.1\r\n" + plainHost + "transfer-encoding: identity, chunked\r\n\r\n0\r\n\r\n", "501"},
	{"POST /a HTTP/1.1\r\n" + plainHost + "transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n", "501"},
	{"POST /a HTTP/1.1\r\n" + plainHost + "transfer-encoding : chunked\r\n\r\n0\r\n\r\n", refused},
	{"POST /a HTTP/1.1\r\n" + plainHost + "transfer-encoding: \x0bchunked\r\n\r\n0\r\n\r\n", refused},
	{"POST /a HTTP/1.1\r\n" + plainHost + "transfer_encoding: chunked\r\n\r\n0\r\n\r\n", refused},
	{"POST /a HTTP/1.1\r\n" + plainHost + "transfer-encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n", broken},
}

func TestSpellingsOfMessages(t *testing.T) {
	eachSpelling(t, func(t *testing.T, bundle string, x *spelled) {
		for _, m := range messages {
			r, err := x.send1(m.text)
			if err == nil {
				err = r.decided()
			}
			if r.what != m.want && m.want == broken {
				r = x.settle(r)
			}
			if err != nil || r.what != m.want {
				t.Errorf("%q: %s, want %s; %v", m.text, r.what, m.want, err)
			}
		}
	})
}

// fields are spellings over HTTP/2: name=value, a line each; those that are not
// said are :method=GET, :scheme=http, :authority=a.example and :path=/a.
var fields = []struct{ text, want string }{
	{"", "/a"},
	{"host=a.example", "/a"},
	{"host=b.example", "/a"},
	{":authority=A.EXAMPLE.:80", "/a"},
	{":authority=", refused},
	{":authority=a.example,b.example", refused},
	{":authority=u@a.example", refused},
	{":authority=a..example", refused},
	{":authority=a.example/b", refused},
	{":authority=a.example\x00", refused},
	{":authority=a.example\n:authority=b.example", refused},
	{":path=", refused},
	{":path=/a\n:path=/admin", refused},
	{":path=*", refused},
	{":path=http://a.example/a", refused},
	{":path=/a\x00", refused},
	{":path=/a b", refused},
	{":path=/a HTTP/1.1\r\nx-verified: root\r\nx: y", refused},
	{":method=", refused},
	{":method=GET\n:method=POST", refused},
	{":method=G T", refused},
	{":method=GET /admin HTTP/1.1\r\nhost: a\r\n\r\nGET", refused},
	{":method=CONNECT", refused},
	{":method=CONNECT\n:protocol=websocket", refused},
	{":scheme=https", "/a"},
	{":scheme=ftp", "/a"},
	{":scheme=http\n:scheme=https", refused},
	{":status=200", refused},
	{":unknown=a", refused},
	{"x-a=b\n:path=/admin", refused},
	{"x-verified=root", "/a"},
	{"x_verified=root", refused},
	{"X-Verified=root", refused},
	{"x-verified =root", refused},
	{"x-verified:=root", refused},
	{"x-a=b\r\nx-verified: root", refused},
	{"x-a=b\nx-verified=root", "/a"},
	{"x-a=b\x00c", refused},
	{"x-a= b ", "/a"},
	{"=b", refused},
	{"x-moe-cluster=other", "/a"},
	{"x-envoy-max-retries=9\nx-envoy-retry-on=5xx", "/a"},
	{"x-forwarded-for=192.0.2.1\nx-forwarded-proto=https", "/a"},
	{"connection=close", refused},
	{"connection=x-verified", refused},
	{"proxy-connection=keep-alive", refused},
	{"keep-alive=1", refused},
	{"upgrade=websocket", refused},
	{"transfer-encoding=chunked", refused},
	{"te=gzip", refused},
	{"te=trailers", "/a"},
	{":method=POST\ncontent-length=3\nbody=abc", "/a"},
	{":method=POST\ncontent-length=4\nbody=abc", broken},
	{":method=POST\ncontent-length=2\nbody=abc", broken},
	{":method=POST\ncontent-length=3\ncontent-length=4\nbody=abc", refused},
	{"authorization=Bearer a\nauthorization=Bearer b", refused},
}

func TestSpellingsOfFields(t *testing.T) {
	eachSpelling(t, func(t *testing.T, bundle string, x *spelled) {
		for _, f := range fields {
			list, body := fieldsOf(f.text)
			r, err := x.send2(list, body)
			if err == nil {
				err = r.decided()
			}
			if r.what != f.want && f.want == broken {
				r = x.settle(r)
			}
			if err != nil || r.what != f.want {
				t.Errorf("%q: %s, want %s; %v", f.text, r.what, f.want, err)
			}
		}
	})
}

func fieldsOf(text string) (list []scenario.Header, body string) {
	said := map[string]bool{}
	var own []scenario.Header
	for _, line := range strings.Split(text, "\n") {
		// A line may be the end of a value with a line break in it.
		at := strings.IndexByte(line, '=')
		if at < 0 && len(own) > 0 {
			own[len(own)-1].Value += "\n" + line
			continue
		}
		if at < 0 {
			continue
		}
		if line[:at] == "body" {
			body = line[at+1:]
			continue
		}
		said[line[:at]] = true
		own = append(own, scenario.Header{Name: line[:at], Value: line[at+1:]})
	}
	for _, h := range []scenario.Header{{Name: ":method", Value: "GET"}, {Name: ":scheme", Value: "http"}, {Name: ":authority", Value: "a.example"}, {Name: ":path", Value: "/a"}} {
		if late := strings.HasPrefix(text, "x-a=b\n:"); !said[h.Name] || late {
			list = append(list, h)
		}
	}
	return append(list, own...), body
}
