package scenario_test

import (
	"strings"
	"testing"

	"moec.dev/moec/compiler/scenario"
)

func TestPassing(t *testing.T) {
	results := ran(t, `
test "identities" {
  as robots { subject: "7", claims: { level: 1 } }
  send GET "/orders/7"
  expect forward to "orders" {
    request.headers["x-user"] == "robots:7"
    request.headers["x-plan"] == "none"
    !("x-api-key" in request.headers)
    request.url_path == "/orders/7" && request.method == "GET" && request.host == "localhost"
    response.code == 200
  }
  send GET "/orders/8"
  expect 403 by orders.owner { response.headers["x-code"] == "403"; response.body == "forbidden\n" }
  as robots { subject: "x", groups: ["ops"], claims: { plan: "gold", level: 2 } }
  send again
  expect forward { request.headers["x-plan"] == "gold" }
  as links { subject: "9", groups: ["o" + "ps"] }
  send GET "/orders/8?a=1"
  expect forward { request.path == "/orders/8?a=1"; request.query == "a=1"; request.headers["x-user"] == "links:9" }
  as apps { subject: "9", groups: ["ops"] }
  send GET "/orders/8" { "cookie": "a=b" }
  expect forward { request.headers["cookie"] == "a=b" }
  as nobody
  send GET "/orders/8"
  expect 401 by orders.auth
  send GET "/orders/8" { "x-api-key": "real" }
  expect forward
}
test "what a send writes itself stays" {
  as robots { subject: "x", groups: ["ops"], claims: { level: 1 } }
  send GET "/orders/8" { "X-API-Key": "wrong" }
  expect 401
}
test "requests" {
  send GET "http://shop.example.com:81/clock"
  expect forward { request.host == "shop.example.com:81" }
  send GET "/clock" { "Host": "other" }
  expect forward { request.host == "other" }
  send GET "/clock" { "accept": "a", "Accept": "b", "x-two": "a", "x-two": "b" }
  expect forward { request.headers["accept"] == "a,b"; request.headers["x-two"] == "a,b" }
  send POST "/clock" body "abc"
  expect 405 by method { response.headers["allow"] == "GET, HEAD" }
  send GET "/nowhere"
  expect 404 by shop.unmatched
  send GET "//"
  expect 400 by canonical
  send OPTIONS "*"
  expect 400
  send CONNECT "h:1"
  expect 400
  send GET "/old"
  expect redirect "/new"
  send GET "/orders/1" { "user-agent": "BadBot/1", "content-type": "application/grpc" }
  expect 403 by orders.bots { response.code == 200; response.headers["grpc-status"] == "7"; response.headers["grpc-message"] == "no bots" }
}
test "the clock" {
  at "2026-02-03T04:05:06Z"
  send GET "/clock"
  expect forward { request.headers["x-now"] == "2026-02-03T04:05:06Z" }
  wait 1h
  repeat 3 { send again; expect forward { request.headers["x-now"].startsWith("2026-02-03T05:05:0") }; wait 1s }
  send again
  expect forward { request.headers["x-now"] == "2026-02-03T05:05:09Z" }
}
test "the upstream" {
  as robots { subject: "7", claims: { level: 1 } }
  upstream 503 { "X-Up": "1" }
  send GET "/orders/7"
  expect forward { response.code == 503; response.headers["x-code"] == "503"; response.headers["x-up"] == "1" }
}
`, scenario.Options{}, func(x scenario.Executor) scenario.Executor { return x })
	want := "ok   shop\t5 tests, 24 requests\n"
	if got := report(t, results); got != want {
		t.Errorf("report is\n%s", got)
	}
}

func TestFailing(t *testing.T) {
	for _, c := range []struct{ steps, want string }{
		{`send GET "/clock"; expect 403`, `the request was forwarded
sent:     GET /clock
expected: 403
happened: forwarded to clock by shop.clock, answered 200`},
		{`send GET "/no"; expect forward to "clock"`, `the request was not forwarded
sent:     GET /no
expected: forward to clock
happened: 404 by shop.unmatched`},
		{`send GET "/clock"; expect forward to "orders"`, `the request went to another cluster
sent:     GET /clock
expected: forward to orders
happened: forwarded to clock by shop.clock, answered 200`},
		{`send GET "/no"; expect 403`, `the status is another
sent:     GET /no
expected: 403
happened: 404 by shop.unmatched`},
		{`send GET "/no"; expect 404 by canonical`, `another rule answered
sent:     GET /no
expected: 404 by shop.canonical
happened: 404 by shop.unmatched`},
		{`send GET "/old"; expect redirect "/newer"`, `the redirect goes elsewhere
sent:     GET /old
expected: redirect to /newer
happened: 308 by shop.old.respond, location /new`},
		{`send GET "/no"; expect redirect "/newer"`, `the answer is not a redirect
sent:     GET /no
expected: redirect to /newer
happened: 404 by shop.unmatched`},
		{`as robots { subject: "7", claims: { level: 1 } }
		  send GET "/orders/8"; expect forward`, `the request was not forwarded
sent:     GET /orders/8 as robots { subject: "7", claims: { level: 1 } }
expected: forward
happened: 403 by shop.orders.owner`},
		{`send GET "/clock"; expect forward { request.headers["x-now"] == "never" && response.code == 201 }`,
			`the assertion request.headers["x-now"] == "never" && response.code == 201 is false
sent:     GET /clock
happened: forwarded to clock by shop.clock, answered 200
request.headers["x-now"]: "2026-01-01T00:00:00Z"
response.code: 200`},
		{`send GET "/clock"; expect forward { "x-none" in response.headers || request.headers["x-none"] == "" }`,
			`the assertion "x-none" in response.headers || request.headers["x-none"] == "" failed: no such key: x-none
sent:     GET /clock
happened: forwarded to clock by shop.clock, answered 200
response.headers: map[]
request.headers["x-none"]: absent`},
		{`send GET "/no"; expect 404 { request.path == "/no" }`,
			`the assertion request.path == "/no" failed: the request was not forwarded
sent:     GET /no
happened: 404 by shop.unmatched`},
		{`repeat 50 { send GET "/no"; expect forward }`, `the request was not forwarded
sent:     GET /no
expected: forward
happened: 404 by shop.unmatched`},
	} {
		results := ran(t, "\ntest \"t\" {\n"+c.steps+"\n}\n", scenario.Options{})
		var got []string
		for _, f := range results[0].Failures {
			if !f.Span.Valid() {
				t.Errorf("%s: a failure without a place", c.steps)
			}
			got = append(append(got, f.Message), f.Detail...)
		}
		if strings.Join(got, "\n") != c.want {
			t.Errorf("%s\nfails with\n%s\nnot\n%s", c.steps, strings.Join(got, "\n"), c.want)
		}
	}
}

// liar changes the outcomes of an executor.
type liar struct {
	scenario.Executor
	change func(*scenario.Outcome)
}

func (l liar) Name() string { return "liar" }

func (l liar) Send(bundle string, r scenario.Request) (scenario.Outcome, error) {
	o, err := l.Executor.Send(bundle, r)
	if err == nil {
		l.change(&o)
	}
	return o, err
}

func TestDisagreement(t *testing.T) {
	const steps = `
test "t" {
  send GET "/clock" { "a": "1", "b": "2", "c": "3", "c": "4" }
  expect forward
}`
	for _, c := range []struct {
		name   string
		change func(*scenario.Outcome)
		want   string
	}{
		{"order of names", func(o *scenario.Outcome) { o.Request[4], o.Request[5] = o.Request[5], o.Request[4] }, ""},
		{"order of values", func(o *scenario.Outcome) { o.Request[6], o.Request[7] = o.Request[7], o.Request[6] },
			`request header c: interpreter ["3" "4"], liar ["4" "3"]`},
		{"cluster", func(o *scenario.Outcome) { o.Cluster = "x" }, `cluster: interpreter clock, liar x`},
		{"by", func(o *scenario.Outcome) { o.By = "" }, `by: interpreter shop.clock, liar none`},
		{"header", func(o *scenario.Outcome) { o.Request[4].Value = "" }, `request header a: interpreter "1", liar ""`},
		{"more", func(o *scenario.Outcome) { o.Response.Headers = []scenario.Header{{Name: "x", Value: "1"}} },
			`response header x: interpreter absent, liar "1"`},
		{"status", func(o *scenario.Outcome) { o.Response.Status = 201 }, `response status: interpreter 200, liar 201`},
		{"body", func(o *scenario.Outcome) { o.Response.Body = "b" }, `response body: interpreter none, liar b`},
		{"answer", func(o *scenario.Outcome) { o.Status = 1 }, `status of the rule: interpreter 0, liar 1`},
	} {
		wrap := func(x scenario.Executor) scenario.Executor { return liar{x, c.change} }
		result := ran(t, steps, scenario.Options{}, wrap)[0]
		switch {
		case c.want == "" && result.Failed():
			t.Errorf("%s: fails with %q", c.name, result.Failures)
		case c.want == "":
		case len(result.Failures) != 1 || result.Failures[0].Message != "interpreter and liar disagree" ||
			strings.Join(result.Failures[0].Detail, "\n") != "sent:     GET /clock\n"+c.want:
			t.Errorf("%s: %q, not %s", c.name, result.Failures, c.want)
		}
		if loose := ran(t, steps, scenario.Options{Loose: true}, wrap)[0]; loose.Failed() && c.name != "cluster" {
			t.Errorf("%s: a loose run fails with %q", c.name, loose.Failures)
		}
	}
	wrong := ran(t, steps, scenario.Options{Loose: true}, func(x scenario.Executor) scenario.Executor {
		return liar{x, func(o *scenario.Outcome) { *o = scenario.Outcome{Status: 404, By: "shop.unmatched"} }}
	})[0]
	if len(wrong.Failures) != 1 || wrong.Failures[0].Message != "liar: the request was not forwarded" {
		t.Errorf("a loose run accepts a wrong outcome: %q", wrong.Failures)
	}
}

func TestLooseStatus(t *testing.T) {
	// A real host cannot show the status of a rule to a gRPC caller.
	const steps = `
test "t" {
  send GET "/nowhere" { "content-type": "application/grpc" }
  expect 404 by unmatched
}`
	hide := func(x scenario.Executor) scenario.Executor {
		return liar{x, func(o *scenario.Outcome) { o.Status = 0 }}
	}
	if r := ran(t, steps, scenario.Options{Loose: true}, hide)[0]; r.Failed() {
		t.Errorf("a hidden status fails: %q", r.Failures)
	}
	if r := ran(t, steps, scenario.Options{}, hide)[0]; len(r.Failures) != 2 {
		t.Errorf("a strict run says %q", r.Failures)
	}
}
