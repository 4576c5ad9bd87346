package outline

import (
	"fmt"
	"strings"
	"testing"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
	"moec.dev/moec/dsl/syntax"
)

const policy = `
let inside = in_cidr(source.ip, "10.0.0.0/8")
limit per_user = 100/min key identity.id, path.x cost 2
policy strict(n: string) { deny odd when header(n) == "" }
route a {
  match GET "/a/{x}"
  when header("x") == "1"
  auth robots
  allow when inside
  shadow deny bots when header("ua") == "bot"
  limit per_user when inside
  limit own rate (7) per min at most 10 burst (3) key source.ip
  set request.headers["X-A"] = path.x if absent when inside
  remove response.headers["x-*"]
  use strict(n: "x") as checks
  rewrite path = "/b"
  forward to "b" when inside
  forward to split { "a" 90%, "b" 10% } sticky by path.x
}
route b { match "/b"; public; redirect 308 = "/c" }
scope everything on all { deny outside when !inside }
test "of nothing" { send GET "/"; expect 404 }
`

// Every expression of a bundle is somebody's, with its role.
func TestOf(t *testing.T) {
	var diags diag.List
	f := syntax.Parse(source.New("p.moe", policy), &diags)
	if diags.Len() > 0 {
		t.Fatal(diags.Sorted())
	}
	blocks := Of(&ast.Bundle{Name: "p", Files: []*ast.File{f}})
	var got []string
	for _, k := range blocks {
		for _, i := range k.Items {
			line := fmt.Sprintf("%s %s: %s %s", k.Kind, k.Name, i.Kind, i.Name)
			if i.Shadow {
				line += " (shadow)"
			}
			for _, e := range i.Exprs {
				line += fmt.Sprintf(" %s=%s", e.Role, e.Text)
				if at := ByExpr(blocks)[e.Span()]; at != i {
					t.Errorf("%s belongs to %v", e.Text, at)
				}
				if i.Role(e.Span()) != e.Role {
					t.Errorf("%s has role %s", e.Text, i.Role(e.Span()))
				}
			}
			if (i.When != nil) != strings.Contains(line, " when=") {
				t.Errorf("%s: %v", line, i.When)
			}
			got = append(got, line)
		}
	}
	want := `let inside: let inside value=in_cidr(source.ip, "10.0.0.0/8")
limit per_user: limit p.per_user key=identity.id key=path.x cost=2
policy strict: deny p.strict.odd when=header(n) == ""
route a: route p.a
route a: when p.a.when when=header("x") == "1"
route a: allow p.a.allow when=inside
route a: deny p.a.bots (shadow) when=header("ua") == "bot"
route a: limit p.per_user when=inside
route a: limit p.a.own rate=7 burst=3 key=source.ip
route a: set p.a.set.request.x-a value=path.x when=inside
route a: remove p.a.remove.response.x-*
route a: use p.a.checks n="x"
route a: rewrite p.a.rewrite.path value="/b"
route a: forward p.a.forward.b when=inside
route a: forward p.a.forward sticky=path.x
route b: route p.b
route b: redirect p.b.redirect value="/c"
scope everything: deny p.everything.outside when=!inside`
	if s := strings.Join(got, "\n"); s != want {
		t.Errorf("got\n%s\nwant\n%s", s, want)
	}
	if blocks[0].Items[0].Role(source.Span{}) != "" {
		t.Error("nowhere has a role")
	}
}
