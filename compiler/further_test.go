package compiler

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"moec.dev/moec/dsl/diag"
)

// A misspelt statement does not hide what is wrong with the others.
func TestSyntaxErrorsHideNothing(t *testing.T) {
	_, diags := Run(bundle("a.moe", `route orders {
  match GET "/orders//x"
  public
  dney bots when header("user-agent") == "x"
  deny when 1
  set response.headers["bad name"] = "x"
  host "a b"
  respond 199
}
let total = "a" + 1
`), "")
	want := `shop/a.moe:2:22 M0701 []
shop/a.moe:4:3 M0108 [dney]
shop/a.moe:5:13 M0302 [1]
shop/a.moe:6:24 M0308 ["bad name"]
shop/a.moe:7:8 M0702 ["a b"]
shop/a.moe:8:11 M0310 [199]
shop/a.moe:10:17 M0301 [+]`
	if got := shown(diags); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What could not be read makes no other message: whichever word of a good policy
// is misspelt, there are no others than the parser's.
func TestNothingFollowsFromWhatIsMissing(t *testing.T) {
	shop, err := os.ReadFile("../policies/shop/shop.moe")
	if err != nil {
		t.Fatal(err)
	}
	files := []string{"robots.keys", key, "staff.keys", key, "plans.yaml", "gold: { per_minute: 600 }\n"}
	for _, policy := range []string{string(shop), `bundle shop { unmatched 421; reply 403 json "{}" }
auth robots = api_key { key from header "x-key"; keys from file "robots.keys"; claims { plan: string? } }
let is_ops = "ops" in identity.groups
let agent(prefix: string) = header("user-agent").startsWith(prefix)
let plan = identity.claims.plan.orValue("none")
route orders {
  match GET, POST "/orders/{id}"
  host  "{tenant}.example.com"
  when  !agent("Old/")
  auth  optional robots
  deny  strangers when identity.anonymous
  deny  bots  when path.id.matches("^[a-z]+$") with 418 json "{}"
  allow ops   when !identity.anonymous && is_ops
  allow owner when !identity.anonymous && identity.id == "robots:" + path.id
  set    request.headers["x-user"] = identity.id when !identity.anonymous
  set    request.headers["x-tenant"] = hostname.tenant
  remove request.headers["x-internal-*"]
  set    response.headers["x-code"] = string(response.code)
  forward to "orders"
}
route plans { match GET "/plans"; auth robots; set request.headers["x-plan"] = plan; forward to "orders" }
route health { match GET "/healthz"; public; respond 200 "ok" }
test "t" { send GET "/healthz"; expect 200 }
`} {
		u, diags := Run(bundle(append(files, "p.moe", policy)...), "")
		if u.Go == nil {
			t.Fatal(shown(diags))
		}
		tried := 0
		for i := 0; i < len(policy); i += 2 {
			for _, slip := range []string{"\u00a7", "", "@ "} {
				text := policy[:i] + slip + policy[min(len(policy), i+1):]
				what := fmt.Sprintf("%q at %d", slip, i)
				alone, _ := Run(bundle(append(files, "p.moe", text)...), "load")
				if !alone.diags.HasErrors() {
					continue
				}
				tried++
				all, diags := Run(bundle(append(files, "p.moe", text)...), "")
				if len(diags) > alone.diags.Len() {
					t.Errorf("%s, in %q:\n%s", what, text[max(0, i-20):min(len(text), i+20)], shown(diags))
				}
				if all.Resolved != nil || all.Checked != nil || all.Go != nil {
					t.Errorf("%s: products of a bundle that does not parse", what)
				}
			}
		}
		if tried < 500 {
			t.Errorf("only %d slips", tried)
		}
	}
}

// A tree with gaps is no reason to panic, and what is found is sorted.
func TestFurtherOrder(t *testing.T) {
	_, diags := Run(bundle("a.moe", "route r { match GET \"/\"; public; respond 199 }\n", "b.moe", "rout s { }\nroute r { match get \"/x\"; public; respond }\n", "c.moe", "let a = 1 + \"x\"\nlet b =\n"), "")
	last := ""
	for _, d := range diags {
		if d.Code.Severity != diag.Error {
			t.Errorf("%v", d)
		}
		if place := fmt.Sprintf("%s %05d", d.Span.File.Name, d.Span.Start); place < last {
			t.Errorf("%v stands after %s", d, last)
		} else {
			last = place
		}
	}
	if got := shown(diags); !strings.Contains(got, "a.moe:1:42 M0310") || !strings.Contains(got, "b.moe:2:7 M0202") || !strings.Contains(got, "c.moe:1:11 M0301") {
		t.Errorf("got\n%s", got)
	}
}
