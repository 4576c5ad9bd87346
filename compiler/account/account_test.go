package account

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
	"moec.dev/moec/dsl/syntax"
)

const policy = `auth robots = api_key { key from header "x-api-key"; keys from file "robots.keys"; claims { plan: string? } }
let ops = "ops" in identity.groups
let long(s: string) = size(s) > 3
route beta { match GET "/a/{id}"; when header("x-ring") == "beta"; public; respond 200 }
route a {
  match GET "/a/{id}"
  auth robots
  deny bots when header("user-agent") == "bot"
  deny odd when long(path.id) && header_values("x-t").exists(t, t == "1" || t == "2")
  deny bad when int(path.id) > 100 with 400 on error deny
  allow owner when identity.subject == path.id
  allow ops when ops
  set request.headers["x-user"] = identity.id
  remove request.headers["x-b"]
  forward to "a"
}
`

func compiled(t *testing.T) *check.Bundle {
	t.Helper()
	var diags diag.List
	f := syntax.Parse(source.New("p.moe", policy), &diags)
	key := fmt.Sprintf("sha256:%x 9\n", sha256.Sum256([]byte("k")))
	b := check.Check(resolve.Resolve(&ast.Bundle{Name: "p", Files: []*ast.File{f},
		Data: map[string]ast.Data{"robots.keys": {Source: source.New("robots.keys", key)}}}, &diags), &diags)
	if diags.HasErrors() {
		t.Fatal(diags.Sorted())
	}
	return b
}

func told(t *testing.T, q scenario.Question) *Account {
	t.Helper()
	var diags diag.List
	asked := scenario.Ask(compiled(t), q, &diags)
	if asked == nil {
		t.Fatal(diags.Sorted())
	}
	a, err := Of(asked)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func text(t *testing.T, a *Account) string {
	t.Helper()
	var out strings.Builder
	if err := a.WriteText(&out, func(_, s string) string { return s }); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestOf(t *testing.T) {
	got := text(t, told(t, scenario.Question{Method: "GET", URL: "/a/7", As: "robots", Subject: "7", Groups: []string{"x"},
		Claims:  []scenario.Header{{Name: "plan", Value: "gold"}},
		Headers: []scenario.Header{{Name: "X-User", Value: "me"}, {Name: "x-b", Value: "1"}}, From: "192.0.2.1"}))
	want := `GET /a/7
  host localhost, from 192.0.2.1:50000, at 2026-01-01T00:00:00Z
  x-user: me
  x-b: 1

   canonical  p.canonical: yes; the host is "localhost"
   removed    p: x-user, which nobody outside may send
   when       p.beta.when: does not hold  p.moe:4:35
                when header("x-ring") == "beta"
                  header("x-ring") == "beta" = false
                    header("x-ring") = ""
   route      p.beta: fits, but its when does not hold  p.moe:4:14
                  path.id = "7"
   route      p.a: takes the request  p.moe:6:3
                  path.id = "7"
   deny       p.a.bots: does not hold  p.moe:8:3
                deny bots when header("user-agent") == "bot"
                  header("user-agent") == "bot" = false
                    header("user-agent") = ""
   deny       p.a.odd: does not hold  p.moe:9:3
                deny odd when long(path.id) && header_values("x-t").exists(t, t == "1" || t == "2")
                  long(path.id) && header_values("x-t").exists(t, t == "1" || t == "2") = false
                    long(path.id) (let long) = false
                      size(s) > 3 = false
                        size(s) = 1
                          s = "7"
                      path.id = "7"
                    header_values("x-t").exists(t, t == "1" || t == "2") = not evaluated
   deny       p.a.bad: does not hold  p.moe:10:3
                deny bad when int(path.id) > 100 with 400 on error deny
                  int(path.id) > 100 = false
                    int(path.id) = 7
                      path.id = "7"
   auth       p.a.auth: robots: subject "7", groups ["x"]  p.moe:7:3
                auth robots
   allow      p.a.owner: holds: may pass  p.moe:11:3
                allow owner when identity.subject == path.id
                  identity.subject == path.id = true
                    identity.subject = "7"
                    path.id = "7"
   remove     p.a.remove.request.x-b: is carried out  p.moe:14:3
                remove request.headers["x-b"]
   set        p.a.set.request.x-user: value "robots:7"  p.moe:13:3
                set request.headers["x-user"] = identity.id
                  identity.id = "robots:7"
=> forward    p.a: to "a"  p.moe:15:3
                forward to "a"

not reached:
  p.a.ops  p.moe:12:3

forwarded to "a" by p.a
  request - x-user
  request - x-b
  request - x-api-key
  request + x-user: robots:7
  request + x-moe-cluster: a
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// decider is the step that decides, with its result.
func decider(t *testing.T, a *Account) string {
	t.Helper()
	var out []string
	for _, s := range a.Steps {
		if s.Decides {
			out = append(out, s.Kind+" "+s.Name+": "+s.Result)
		}
	}
	if len(out) != 1 {
		t.Errorf("%d steps decide: %v", len(out), out)
	}
	return strings.Join(out, "; ")
}

func TestDecides(t *testing.T) {
	for _, c := range []struct {
		q    scenario.Question
		want string
	}{
		{scenario.Question{Method: "GET", URL: "/a//"}, "canonical p.canonical: no: an empty segment"},
		{scenario.Question{Method: "GET", URL: "/"}, "answer p.unmatched: 404: no route fits the host and the path"},
		{scenario.Question{Method: "PUT", URL: "/a/7"}, "answer p.method: 405: no route takes the method there"},
		{scenario.Question{Method: "GET", URL: "/a/7"}, "auth p.a.auth: no credential that the route takes: refused"},
		{scenario.Question{Method: "GET", URL: "/a/seven"}, `deny p.a.bad: fails: type conversion error from 'string' to 'int'`},
		{scenario.Question{Method: "GET", URL: "/a/7", Headers: []scenario.Header{{Name: "user-agent", Value: "bot"}}}, "deny p.a.bots: holds: refused"},
		{scenario.Question{Method: "GET", URL: "/a/7", As: "robots", Subject: "8"}, "answer p.a.allow: 403: none of the allows holds"},
		{scenario.Question{Method: "GET", URL: "/a/7", Headers: []scenario.Header{{Name: "x-ring", Value: "beta"}}}, "answer p.beta.respond: 200: the route answers"},
		{scenario.Question{Method: "GET", URL: "/a/7", As: "robots", Subject: "8", Groups: []string{"ops"}}, `forward p.a: to "a"`},
	} {
		if got := decider(t, told(t, c.q)); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.q.Method, c.q.URL, got, c.want)
		}
	}
}

// A let is told where it is read; a loop by its conditions.
func TestValues(t *testing.T) {
	got := text(t, told(t, scenario.Question{Method: "GET", URL: "/a/0007", As: "robots", Subject: "8",
		Headers: []scenario.Header{{Name: "x-t", Value: "0"}, {Name: "x-t", Value: "2"}, {Name: "x-t", Value: "3"}}}))
	for _, want := range []string{
		`t == "1" = true: 0, false: 2`, `t == "2" = true: 1, false: 1`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if got = text(t, told(t, scenario.Question{Method: "GET", URL: "/a/7", As: "robots", Subject: "8"})); !strings.Contains(got, `
                  ops = false
                    "ops" in identity.groups = false
                      identity.groups = []
`) {
		t.Error(got)
	}
}

func TestJSON(t *testing.T) {
	text, err := json.Marshal(told(t, scenario.Question{Method: "GET", URL: "/a/7", As: "robots", Subject: "7"}))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"bundle":"p"`, `{"step":"allow","name":"p.a.owner","file":"p.moe","line":11,"column":3,`, `"decides":true`, `"cluster":"a"`, `"unreached":[{"name":"p.a.ops"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	if strings.Contains(string(text), "moec-test") {
		t.Error("the key that was made for the caller is shown")
	}
}
