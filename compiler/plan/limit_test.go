package plan

import (
	"fmt"
	"strings"
	"testing"
)

// Limits stand in the step in which they are taken, with what the declaration
// of a named one reads and costs, and the plan says what their buckets take.
func TestLimits(t *testing.T) {
	p, _ := planned(t, `auth robots = api_key { key from header "x-api-key"; keys from file "robots.keys" }
let who = identity.id
limit per_net = 10/min key source.net cost int_or(header("x-cost"), 1)
limit per_user = concurrency 2 key who max keys 50
policy guarded(by_whom: string) { limit bursts 5/min key by_whom, source.net; limit per_net when header("x-free") == "" }
route a { match GET "/a"; auth robots; limit per_user; limit own 5/h key cookie("c"), source.net announce when identity.subject == "1"; use guarded(by_whom: query("q")); forward to "a" }
scope s on a { shadow limit tried 5/s key header("x-scope"), source.net }
`)
	a := p.Routes[0]
	if got, want := rules(a), `4 p.a.guarded.bursts
4 p.per_net
4 p.s.tried
7 p.per_user
7 p.a.own
8 p.a.forward.a`; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, c := range []struct{ got, want any }{
		{a.Reads.Headers, []string{"x-api-key", "x-cost", "x-free", "x-scope"}}, {a.Reads.Queries, []string{"q"}}, {a.Reads.Cookies, []string{"c"}},
		{a.Reads.Attributes, []string{"source.net"}}, {a.Reads.Identity, []string{"identity.id", "identity.subject"}},
		{a.Steps[1].Rules[0].Lets, []string{"who"}},
		{p.Memory.Limits, []Buckets{{"p.per_net", 100000, 6407168, false}, {"p.per_user", 50, 1057792, false}, {"p.a.own", 100000, 6407168, true},
			{"p.a.guarded.bursts", 100000, 6407168, false}, {"p.s.tried", 100000, 6407168, false}}},
	} {
		if fmt.Sprint(c.got) != fmt.Sprint(c.want) {
			t.Errorf("%v, want %v", c.got, c.want)
		}
	}
	for _, s := range a.Steps {
		for _, k := range s.Rules {
			if k.Kind == "limit" && (k.Max == nil || *k.Max == 0) {
				t.Errorf("%s costs nothing", k.Name)
			}
		}
	}
	var text strings.Builder
	if err := p.WriteText(&text, func(_, s string) string { return s }); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"  limit     p.per_user: 1.0 MiB for the buckets of 50 keys\n", "  limit     p.a.own: 6.1 MiB for the buckets of 100000 keys, announced\n"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
}
