package interp

import (
	"fmt"
	"strings"
	"testing"

	"moec.dev/moec/compiler/celfront"
)

const watchedPolicy = `
auth robots = api_key { key from header "x-api-key"; keys from file "robots.keys"; claims { plan: string? } }
let odd = header("x-odd") == "1"
let long(s: string) = size(s) > 3
route beta { match GET "/a/{id}"; when header("x-ring") == "beta"; public; respond 200 }
route a {
  match GET "/a/{id}"
  auth robots
  deny odd when odd || long(path.id)
  allow owner when identity.subject == path.id
  set request.headers["x-user"] = identity.id
  remove request.headers["x-b"]
  forward to "a"
}
`

// steps is what a request went through, a line each.
func steps(w *Watch) string {
	var out []string
	var eval func(e *Evaluation, indent string)
	eval = func(e *Evaluation, indent string) {
		out = append(out, fmt.Sprintf("%s%s = %s", indent, e.Source.Text, celfront.Literal(e.Value)))
		for _, i := range e.Inner {
			eval(i, indent+"  ")
		}
	}
	for _, s := range w.Steps() {
		switch {
		case s.Canonical != nil:
			out = append(out, fmt.Sprintf("canonical %q %v %s", s.Canonical.Reason, s.Canonical.Removed, s.Canonical.Host))
		case s.Candidate != nil:
			out = append(out, fmt.Sprintf("%s %s %v", s.Route, s.Candidate.Outcome, s.Candidate.Captures))
		case s.Login != nil:
			out = append(out, fmt.Sprintf("login %v %s %s %v", s.Login.Accepted, s.Login.Method, s.Login.Subject, s.Login.Groups))
		case s.Eval != nil:
			eval(s.Eval, s.Route+": ")
		default:
			out = append(out, "rule "+s.Rule.Text())
		}
	}
	return strings.Join(out, "\n")
}

func TestWatch(t *testing.T) {
	b := compiled(t, watchedPolicy)
	w := Watching(b)
	send := func(method, path string, headers ...string) {
		t.Helper()
		r := request(method, path, headers...)
		got, err := w.Send("b", r)
		if err != nil {
			t.Fatal(err)
		}
		if want := sent(t, b, r); said(got) != said(want) {
			t.Errorf("watched it is %s, and otherwise %s", said(got), said(want))
		}
	}
	send("GET", "/a/one", "x-api-key", "robots-1", "x_user", "me", "x-b", "1")
	want := `canonical "" [x_user] localhost
b.beta: header("x-ring") == "beta" = false
b.beta when map[path.id:one]
b.a taken map[path.id:one]
b.a: odd || long(path.id) = false
b.a:   header("x-odd") == "1" = false
b.a:   size(s) > 3 = false
login true robots one [ops]
b.a: identity.subject == path.id = true
rule remove request.headers["x-b"]
b.a: identity.id = "robots:one"`
	if got := steps(w); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	send("GET", "/a/%2f")
	if got := steps(w); got != `canonical "an escaped slash, backslash or NUL" [] localhost` {
		t.Errorf("the request before is not forgotten:\n%s", got)
	}
	send("PUT", "/a/x")
	if got := steps(w); !strings.HasSuffix(got, "b.a method map[path.id:x]") {
		t.Error(got)
	}
	send("GET", "/a/one", "x-api-key", "guess")
	if got := steps(w); !strings.HasSuffix(got, "login false   []") {
		t.Error(got)
	}
}
