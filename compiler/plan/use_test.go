package plan

import (
	"fmt"
	"testing"
)

// The rules of policies and of scopes stand in the plan of each route, where they
// are tried, with what they read and cost there.
func TestShared(t *testing.T) {
	p, _ := planned(t, `auth robots = api_key { key from header "x-api-key"; keys from file "robots.keys" }
policy named(who: string) {
  deny bad when who == "bad"
  remove request.headers["x-gone"]
}
route a { match GET "/a/{id}"; auth robots; use named(who: identity.id); allow own when identity.id == path.id; forward to "a" }
route b { match GET "/b"; public; use named(who: header("x-who")) as mine; forward to "b" }
scope everything on all except b { deny tea when header("x-tea") != ""; set response.headers["x-f"] = "1" }
`)
	a, b := p.Routes[0], p.Routes[1]
	if got, want := rules(a), `3 p.everything.tea
6 p.a.named.bad
6 p.a.own
8 p.a.named.remove.request.x-gone
8 p.a.forward.a
9 p.everything.set.response.x-f`; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got, want := rules(b), `3 p.b.mine.bad
8 p.b.mine.remove.request.x-gone
8 p.b.forward.b`; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, c := range []struct{ got, want any }{
		{a.Reads.Headers, []string{"x-api-key", "x-tea"}}, {a.Reads.Identity, []string{"identity.id"}}, {b.Reads.Headers, []string{"x-who"}},
		{b.Reads.Identity, []string{}}, {b.Steps[0].Rules[0].Line, 7}, {a.Crossings, Crossings{1, 0}}, {len(p.Blocks), 2},
	} {
		if fmt.Sprint(c.got) != fmt.Sprint(c.want) {
			t.Errorf("%v, want %v", c.got, c.want)
		}
	}
	sum := uint64(0)
	for _, s := range b.Steps {
		for _, k := range s.Rules {
			sum += *k.Max
		}
	}
	if sum == 0 || *b.Max != sum {
		t.Errorf("%d in all, want %d", *b.Max, sum)
	}
}
