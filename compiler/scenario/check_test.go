package scenario_test

import (
	"strings"
	"testing"

	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/dsl/diag"
)

func TestRefused(t *testing.T) {
	for _, c := range []struct{ steps, want string }{
		{`hold { hold { send GET "/" } }; send GET "/"; expect forward`, "M0801 a hold does not stand in a hold: its requests would end with the inner one @hold { send GET \"/\" }"},
		{`hold { send GET "/"; expect forward { response.code == 200 } }`, "M0801 a request that is held has not been answered yet @response.code"},
		{`hold { send GET "/" }; expect forward { response.headers["a"] == "" || request.path == "/" }`, "M0801 a request that is held has not been answered yet @response.headers"},
		{`hold { send GET "/"; expect 403 { response.code == 403 } }`, ""},
		{`hold { send GET "/" }; send GET "/"; expect forward { response.code == 200 }`, ""},
		{`choose "c"; send GET "/"; expect forward`, "M0801 no route splits its requests so that some go to \"c\" @choose \"c\""},
		{`table plans = {}; send GET "/"; expect forward`, "M0801 there is no table plans @plans"},
		{`sign as robots { subject: "1" }; send GET "/"; expect forward`, "M0401 sign as is not supported yet @sign as robots { subject: \"1\" }"},
		{`send GET "/"`, "M0801 the test expects nothing: it could not fail @\"t\""},
		{`expect forward`, "M0801 there is no send before this expectation @expect forward"},
		{`send again; expect forward`, "M0801 there is no send before this one @send again"},
		{`send GET "/"; expect 403 by nothing`, "M0801 nothing that can answer is called nothing @nothing"},
		{`send GET "/"; expect 403 by clock.owner`, "M0801 nothing that can answer is called clock.owner @clock.owner"},
		{`send GET "/"; expect 403 by bots`, "M0801 bots can mean shop.items.bots or shop.orders.bots @bots"},
		{`send GET "/"; expect forward to "nowhere"`, `M0801 no route forwards to "nowhere" @"nowhere"`},
		{`send GET "a"; expect forward`, `M0801 a URL is "/path?query" or "http://host/path" @"a"`},
		{`send GET "http:///a"; expect forward`, `M0801 the URL has no host @"http:///a"`},
		{`send GET "/" { "b ad": "1" }; expect forward`, `M0801 "b ad" is not a header name @"b ad"`},
		{`send GET "/" { ":path": "1" }; expect forward`, `M0801 ":path" is not a header name @":path"`},
		{`send GET "/" { "a": "1\n2" }; expect forward`, `M0801 a header value cannot hold CR, LF or NUL @"1\n2"`},
		{`send GET "/" { "host": "a", "Host": "b" }; expect forward`, `M0801 a request has one host @"Host"`},
		{`send GET "/" from "here"; expect forward`, `M0801 "here" is not an IP address @"here"`},
		{`at "yesterday"; send GET "/"; expect forward`, `M0801 "yesterday" is not a time @"yesterday"`},
		{`send GET "/"; at "2026-01-01T00:00:00Z"; expect forward`, `M0801 at sets the start of the clock: it stands before the first send and wait @at "2026-01-01T00:00:00Z"`},
		{`repeat 0 { send GET "/" }; send GET "/"; expect forward`, `M0801 repeat runs its steps 1 to 100000 times, not 0 @0`},
		{`upstream 101; send GET "/"; expect forward`, `M0801 an upstream answers with a status from 200 to 599, not 101 @101`},
		{`send GET "/"; expect forward { header("a") == "" }`, `M0801 header(...) reads the incoming request; an assertion is about the forwarded one`},

		{`as nothing { subject: "1" }`, "M0801 the bundle has no auth nothing @nothing"},
		{`as robots`, "M0801 as robots does not say who @as robots"},
		{`as robots { claims: { level: 1 } }`, "M0801 the identity has no subject @{ claims: { level: 1 } }"},
		{`as robots { subject: "", claims: { level: 1 } }`, `M0801 a subject is a string, and not empty @""`},
		{`as robots { subject: 7, claims: { level: 1 } }`, "M0801 a subject is a string, and not empty @7"},
		{`as robots { subject: alice, claims: { level: 1 } }`, "M0801 alice is not a value @alice"},
		{`as robots { subject: "1" }`, `M0801 claim level is missing, which auth robots requires @{ subject: "1" }`},
		{`as robots { subject: "1", claims: { level: "1" } }`, `M0801 claim level is of type int, not string @"1"`},
		{`as robots { subject: "1", claims: { level: 1, plan: ["a"] } }`, `M0801 claim plan is of type string?, not list`},
		{`as robots { subject: "1", claims: { level: 1, size: 2 } }`, `M0801 auth robots declares no claim size @size`},
		{`as robots { subject: "1", level: 1 }`, `M0801 an identity has no member level @level`},
		{`as robots { subject: "1", subject: "2", claims: { level: 1 } }`, `M0801 subject is said twice @subject`},
		{`as robots { subject: "1", groups: "ops", claims: { level: 1 } }`, `M0801 groups are a list of strings @"ops"`},
		{`as robots { subject: "1", claims: "gold" }`, `M0801 claims are a map @"gold"`},
	} {
		steps := c.steps
		if strings.HasPrefix(steps, "as ") {
			steps += `; send GET "/"; expect forward`
		}
		b := compiled(t, "\ntest \"t\" {\n"+steps+"\n}\n")
		var diags diag.List
		scenario.Check(b, &diags)
		scenario.Credentials(b, &diags)
		var got []string
		for _, d := range diags.Sorted() {
			line := d.Code.ID + " " + d.Message
			if strings.Contains(c.want, " @") {
				line += " @" + d.Span.Text()
			}
			got = append(got, line)
		}
		if strings.Join(got, "\n") != c.want {
			t.Errorf("%s\nsays\n%s\nnot\n%s", steps, strings.Join(got, "\n"), c.want)
		}
	}
}

func TestCredentialsLeaveTheBundleAlone(t *testing.T) {
	b := compiled(t, `
test "t" {
  as links { subject: "type int string list in x" }
  as robots { subject: "1", claims: { level: 1 } }
  as robots { claims: { level: 1 }, subject: "1" }
  as robots { subject: "2", claims: { level: 1 } }
  send GET "/clock"
  expect forward
}`)
	var diags diag.List
	extended, _ := scenario.Credentials(b, &diags)
	if diags.Len() > 0 {
		t.Fatal(diags.Sorted()[0])
	}
	if n := len(b.Auths[0].Keys); n != 1 {
		t.Errorf("the bundle has %d keys", n)
	}
	if n := len(extended.Auths[0].Keys); n != 3 {
		t.Errorf("the copy has %d keys: one of the file and two of tests", n)
	}
	for i, r := range extended.Routes {
		for j, a := range r.Auths {
			if a != extended.Auths[j] || b.Routes[i].Auths[j] != b.Auths[j] {
				t.Errorf("route %s points at another bundle's auth", r.Name)
			}
		}
	}
}
