package account

import (
	"strings"
	"testing"
	"testing/fstest"

	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/load"
)

// Whose pages may read an answer is told, and is taken for what decided only
// where a browser has asked.
func TestSharing(t *testing.T) {
	var diags diag.List
	policy := `import "std/cors"
route a {
  match GET "/a"
  public
  allow when header("x-a") == "1"
  use cors.allow(origins: ["https://a.example"])
  respond 200
}
`
	tree := load.Bundle(fstest.MapFS{"p.moe": {Data: []byte(policy)}}, "p", "p", &diags)
	b := check.Check(resolve.Resolve(tree, &diags), &diags)
	if diags.HasErrors() {
		t.Fatal(diags.Sorted())
	}
	for _, c := range []struct{ method, origin, result, decides string }{
		{"GET", "https://a.example", "pages of the origin may read the answer", "allow p.a.allow"},
		{"GET", "https://b.example", "no page may read the answer: the origin is not listed", "allow p.a.allow"},
		{"OPTIONS", "https://a.example", "the page may send it", "cors p.cors"},
		{"OPTIONS", "https://b.example", "refused: the origin is not listed", "cors p.cors"},
	} {
		asked := scenario.Ask(b, scenario.Question{Method: c.method, URL: "/a", Headers: []scenario.Header{
			{Name: "origin", Value: c.origin}, {Name: "access-control-request-method", Value: "GET"}}}, &diags)
		a, err := Of(asked)
		if err != nil {
			t.Fatal(err)
		}
		var results, decides []string
		for _, s := range a.Steps {
			if s.Kind == "cors" {
				results = append(results, s.Result)
			}
			if s.Decides {
				decides = append(decides, s.Kind+" "+s.Name)
			}
		}
		if strings.Join(results, "; ") != c.result || strings.Join(decides, "; ") != c.decides || c.method == "GET" && len(a.Unreached) > 0 {
			t.Errorf("%s of %s: %q, decided by %q, unreached %v", c.method, c.origin, results, decides, a.Unreached)
		}
	}
}
