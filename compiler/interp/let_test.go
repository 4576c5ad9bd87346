package interp

import "testing"

const lets = `
auth robots = api_key { key from header "x-api-key"; keys from file "robots.keys"; claims { plan: string? } }
let n = int(header("n"))
let big = n > 10
let is(who: string) = identity.subject == who
let listed = ["a", "b"].exists(x, x == header("n"))
let me = identity.subject
let mine = me == "one"
let shadowed = ["one"].exists(me, me == "one")
route lazy   { match GET "/lazy"; public; deny d when header("go") == "yes" && big with 409; forward to "c" }
route broken { match GET "/broken"; auth robots; allow a when big on error skip; allow b when is("two"); forward to "c" }
route hard   { match GET "/hard"; auth robots; allow a when big on error deny; allow b when true; forward to "c" }
route later  { match GET "/later"; auth robots; deny d when is("two") with 410; deny e when listed with 411; forward to "c" }
route shade  { match GET "/shade"; auth robots; deny d when shadowed with 412; allow a when mine; forward to "c" }
`

func TestLets(t *testing.T) {
	b := compiled(t, lets)
	for _, c := range []struct{ path, headers, want string }{
		{"/lazy", "n: x", "to c by b.lazy"},
		{"/lazy", "n: x|go: yes", "409 by b.lazy.d"},
		{"/lazy", "n: 9|go: yes", "to c by b.lazy"},
		{"/lazy", "n: 11|go: yes", "409 by b.lazy.d"},
		{"/broken", "x-api-key: robots-1|n: 11", "to c by b.broken"},
		{"/broken", "x-api-key: robots-2|n: x", "to c by b.broken"},
		{"/broken", "x-api-key: robots-1|n: x", "403 by b.broken.allow"},
		{"/hard", "x-api-key: robots-1|n: x", "403 by b.hard.a"},
		{"/hard", "x-api-key: robots-1|n: 1", "to c by b.hard"},
		// A denial that reads the identity through a let waits for it.
		{"/later", "n: c", "401 by b.later.auth"},
		{"/later", "n: a", "411 by b.later.e"},
		{"/later", "x-api-key: robots-2|n: c", "410 by b.later.d"},
		{"/later", "x-api-key: robots-1|n: c", "to c by b.later"},
		// A name that a macro binds is not the let of that name.
		{"/shade", "", "412 by b.shade.d"},
	} {
		if got := said(sent(t, b, request("GET", c.path, pairs(c.headers)...))); got != c.want {
			t.Errorf("%s with %q: %s, not %s", c.path, c.headers, got, c.want)
		}
	}
}

func TestUnknownBundle(t *testing.T) {
	b := compiled(t, lets)
	if _, err := New(b).Send("c", request("GET", "/")); err == nil {
		t.Error("a bundle that is not there decides")
	}
	if _, err := New(b, b).Send("b", request("GET", "/")); err == nil {
		t.Error("two bundles share a name")
	}
}
