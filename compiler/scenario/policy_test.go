package scenario_test

import (
	"crypto/sha256"
	"fmt"
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

// shop is the policy under the tests of this package.
const shop = `
auth robots = api_key {
  key from header "x-api-key"
  keys from file "robots.keys"
  claims { plan: string?, level: int }
}
auth links = api_key { key from query "token"; keys from file "links.keys" }
auth apps = api_key { key from cookie "app"; keys from file "links.keys" }

route orders {
  match GET, POST "/orders/{id}"
  auth robots or links or apps
  deny bots when header("user-agent").startsWith("BadBot/") with 403 "no bots"
  allow owner when identity.id == "robots:" + path.id || "ops" in identity.groups
  set request.headers["x-user"] = identity.id
  set request.headers["x-plan"] = identity.claims.plan.orValue("none")
  set response.headers["x-code"] = string(response.code)
  forward to "orders"
}
route clock { match GET "/clock"; public; set request.headers["x-now"] = string(now); forward to "clock" }
route old { match GET "/old"; public; respond 308; set response.headers["location"] = "/new" }
route items { match GET "/items"; public; deny bots when header("n") == "1"; forward to "items" }
`

// compiled checks a policy with the given tests; errors of the policy itself
// end the test.
func compiled(t *testing.T, tests string) *check.Bundle {
	t.Helper()
	var diags diag.List
	file := syntax.Parse(source.New("shop.moe", shop+tests), &diags)
	line := func(key, rest string) string { return fmt.Sprintf("sha256:%x %s\n", sha256.Sum256([]byte(key)), rest) }
	tree := &ast.Bundle{Name: "shop", Files: []*ast.File{file}, Data: map[string]ast.Data{
		"robots.keys": {Source: source.New("robots.keys", line("real", "r1 ops level=1"))},
		"links.keys":  {Source: source.New("links.keys", line("link", "l1"))},
	}}
	b := check.Check(resolve.Resolve(tree, &diags), &diags)
	for _, d := range diags.Sorted() {
		if d.Code.Severity == diag.Error {
			t.Fatal(d)
		}
	}
	return b
}

// ran runs the tests in the text through the interpreter and the executors
// that wrap makes of it.
func ran(t *testing.T, tests string, opts scenario.Options, wrap ...func(scenario.Executor) scenario.Executor) []scenario.Result {
	t.Helper()
	b := compiled(t, tests)
	var diags diag.List
	scenario.Check(b, &diags)
	extended, keys := scenario.Credentials(b, &diags)
	for _, d := range diags.Sorted() {
		t.Fatal(d)
	}
	execs := []scenario.Executor{interp.New(extended)}
	for _, w := range wrap {
		execs = append(execs, w(interp.New(extended)))
	}
	var results []scenario.Result
	for _, test := range extended.Tests {
		results = append(results, scenario.Run(extended, keys, test, execs, opts))
	}
	return results
}

// report is the text report of results.
func report(t *testing.T, results []scenario.Result) string {
	t.Helper()
	var out strings.Builder
	if err := scenario.WriteText(&out, results, false); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
