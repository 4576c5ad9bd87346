package coverage

import (
	"testing"

	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
	"moec.dev/moec/dsl/syntax"
)

// Of a limit, tests should see that it lets pass and that it refuses.
func TestLimits(t *testing.T) {
	var diags diag.List
	f := syntax.Parse(source.New("p.moe", `limit per_net = 1/h key source.net cost header("x-free") == "" ? 1 : 0
route a { match GET "/a"; public; limit per_net; limit own 5/h key source.net when header("x") == "1"; respond 200 }
`), &diags)
	b := check.Check(resolve.Resolve(&ast.Bundle{Name: "p", Files: []*ast.File{f}}, &diags), &diags)
	if diags.HasErrors() {
		t.Fatal(diags.Sorted())
	}
	p := New(b)
	x := Counting([]*Profile{p}, b)
	send(t, x, "/a")
	want := "cover p\t50.0%, 5 of 10\n" + `    p.moe:1:41: p.per_net: ` + "`header(\"x-free\") == \"\"` was never false" + `
    p.moe:2:35: p.per_net: nobody was refused
    p.moe:2:84: p.a.own: ` + "`header(\"x\") == \"1\"` was never true" + `
    p.moe:2:50: p.a.own: no request passed
    p.moe:2:50: p.a.own: nobody was refused
`
	if got := text(t, p); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	send(t, x, "/a", "x-free", "1", "x", "1")
	send(t, x, "/a", "x", "1")
	if met, all := p.Tally(); met != all-1 {
		t.Errorf("%d of %d:\n%s", met, all, text(t, p))
	}
}
