package account

import (
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

const shared = `policy named(who: string) {
  deny bad when who == "bad"
  remove request.headers["x-gone"]
}
route a { match GET "/a/{id}"; public; use named(who: path.id); forward to "a" }
route b { match GET "/b/{id}"; public; use named(who: header("x-who")) as mine; forward to "b" }
scope everything on all {
  deny tea when header("x-tea") != ""
  deny late when header("x-late") != ""
}
`

func shown(t *testing.T, url, who, tea string) string {
	t.Helper()
	var diags diag.List
	f := syntax.Parse(source.New("p.moe", shared), &diags)
	b := check.Check(resolve.Resolve(&ast.Bundle{Name: "p", Files: []*ast.File{f}}, &diags), &diags)
	asked := scenario.Ask(b, scenario.Question{Method: "GET", URL: url, Headers: []scenario.Header{{Name: "x-who", Value: who}, {Name: "x-tea", Value: tea}}}, &diags)
	if asked == nil || diags.HasErrors() {
		t.Fatal(diags.Sorted())
	}
	a, err := Of(asked)
	if err != nil {
		t.Fatal(err)
	}
	return text(t, a)
}

// Rules of policies are told under their names at the use, those of scopes with
// the route.
func TestShared(t *testing.T) {
	for _, c := range []struct {
		url, who, tea string
		want, not     []string
	}{
		{"/a/bad", "ok", "", []string{"=> deny       p.a.named.bad: holds: refused", `path.id = "bad"`, "not reached:\n  p.everything.tea", "answered 403 by p.a.named.bad"}, []string{"p.named", "x-who\") ="}},
		{"/b/bad", "ok", "1", []string{"deny       p.b.mine.bad: does not hold", `header("x-who") = "ok"`, "=> deny       p.everything.tea: holds: refused", "not reached:\n  p.everything.late"}, []string{"p.named", "p.a."}},
		{"/b/bad", "ok", "", []string{"remove     p.b.mine.remove.request.x-gone: is carried out", `=> forward    p.b: to "b"`}, []string{"not reached", "p.named"}},
		{"/none", "ok", "1", []string{"=> deny       p.everything.tea: holds: refused"}, []string{"not reached"}},
		{"/none", "ok", "", []string{"p.everything.tea: does not hold", "answered 404 by p.unmatched"}, nil},
	} {
		got := shown(t, c.url, c.who, c.tea)
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in\n%s", c.url, want, got)
			}
		}
		for _, not := range c.not {
			if strings.Contains(got, not) {
				t.Errorf("%s: %q in\n%s", c.url, not, got)
			}
		}
	}
}
