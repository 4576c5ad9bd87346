package account

import (
	"strings"
	"testing"

	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/interp"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
	"moec.dev/moec/dsl/syntax"
)

// An account tells what each limit was asked by and said: those of the bundle
// and of policies too, and those that were not reached.
func TestLimits(t *testing.T) {
	var diags diag.List
	f := syntax.Parse(source.New("p.moe", `limit per_net = 1/h key source.net
policy guarded(whom: string) { limit each 9/h key whom, source.net announce }
route a {
  match GET "/a"; public
  limit per_net when header("x-free") == ""
  use guarded(whom: header("x-who"))
  shadow limit tried 9/h key source.net cost int_or(header("x-cost"), 1)
  limit running concurrency 1 key source.net
  forward to "a"
}
`), &diags)
	b := check.Check(resolve.Resolve(&ast.Bundle{Name: "p", Files: []*ast.File{f}}, &diags), &diags)
	asked := func(headers ...scenario.Header) *scenario.Asked {
		q := scenario.Ask(b, scenario.Question{Method: "GET", URL: "/a", Headers: headers}, &diags)
		if q == nil || diags.HasErrors() {
			t.Fatal(diags.Sorted())
		}
		return q
	}
	watch := interp.Watching(b)
	for _, c := range []struct {
		headers []scenario.Header
		want    []string
	}{
		{[]scenario.Header{{Name: "x-who", Value: "1"}, {Name: "x-cost", Value: "10"}}, []string{
			"limit      p.per_net: lets it pass  p.moe:5:3", `source.net = "127.0.0.1"`,
			"limit      p.a.guarded.each: lets it pass; announces \"a.guarded.each\";r=8;t=400", `whom = "1"`,
			"limit      p.a.tried: refuses: a cost that no bucket has", "limit      p.a.running: lets it pass", `=> forward    p.a: to "a"`}},
		{[]scenario.Header{{Name: "x-who", Value: "1"}}, []string{
			"=> limit      p.per_net: refuses: too few tokens for the next 1h0m0s", "limit      p.a.guarded.each: lets it pass", "answered 429 by p.per_net"}},
		{[]scenario.Header{{Name: "x-free", Value: "1"}}, []string{
			"limit      p.per_net: does not hold", "=> limit      p.a.guarded.each: refuses: a part of the key is empty", "answered 403 by p.a.guarded.each"}},
	} {
		a, err := Tell(watch, asked(c.headers...))
		if err != nil {
			t.Fatal(err)
		}
		got := text(t, a)
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("no %q in\n%s", want, got)
			}
		}
	}
	held := asked(scenario.Header{Name: "x-free", Value: "1"}, scenario.Header{Name: "x-who", Value: "1"})
	held.Request.Hold = true
	if _, err := Tell(watch, held); err != nil {
		t.Fatal(err)
	}
	a, err := Tell(watch, held)
	if err != nil {
		t.Fatal(err)
	}
	if got := text(t, a); !strings.Contains(got, "=> limit      p.a.running: refuses: as many as may be on their way at once are") {
		t.Error(got)
	}
}
