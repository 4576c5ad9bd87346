package plan

import (
	"crypto/sha256"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/cost"
	"moec.dev/moec/compiler/interp"
	"moec.dev/moec/compiler/lower"
	"moec.dev/moec/compiler/outline"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
	"moec.dev/moec/dsl/syntax"
	"moec.dev/moec/runtime/core"
)

const policy = `auth robots = api_key { key from header "x-api-key"; keys from file "robots.keys" }
auth links = api_key { key from query "token"; keys from file "robots.keys" }
let ops = "ops" in identity.groups && header("x-ops") != ""
let odd = cookie("odd") == "1"
route a {
  match GET, PUT "/a/{id}"
  match GET "/b/{id}"
  host "a.example.com"
  when header("x-ring") != "beta"
  auth robots or links
  allow owner when identity.id == path.id || ops
  deny late when ops && query("late") == "1"
  deny bots when odd || request.headers[?"x-bot"].orValue("") == "1"
  add request.headers["x-z"] = "1" when "x-q" in request.headers
  set request.headers["x-lang"] = "en" if absent
  set request.headers["x-src"] = source.ip
  remove request.headers["x-r"]
  forward to "a"
  set response.headers["x-n"] = string(response.code)
}
route every { match "/every"; public; deny when request.headers.exists(k, k == "x"); respond 200 }
`

func planned(t *testing.T, text string) (*Plan, *check.Bundle) {
	t.Helper()
	var diags diag.List
	f := syntax.Parse(source.New("p.moe", text), &diags)
	keys := fmt.Sprintf("sha256:%x 9 ops\n", sha256.Sum256([]byte("k")))
	b := check.Check(resolve.Resolve(&ast.Bundle{Name: "p", Files: []*ast.File{f},
		Data: map[string]ast.Data{"robots.keys": {Source: source.New("robots.keys", keys)}}}, &diags), &diags)
	if diags.HasErrors() {
		t.Fatal(diags.Sorted())
	}
	prices, err := cost.Estimate(b)
	if err != nil {
		t.Fatal(err)
	}
	code := lower.Lower(b, "0", &diags)
	if diags.HasErrors() {
		t.Fatal(diags.Sorted())
	}
	return Of(b, prices, code), b
}

func rules(r *Route) string {
	var out []string
	for _, s := range r.Steps {
		for _, k := range s.Rules {
			out = append(out, fmt.Sprintf("%d %s", s.Number, k.Name))
		}
	}
	return strings.Join(out, "\n")
}

func TestOf(t *testing.T) {
	p, _ := planned(t, policy)
	a := p.Routes[0]
	if got, want := rules(a), `2 p.a.when
3 p.a.bots
6 p.a.late
6 p.a.owner
8 p.a.remove.request.x-r
8 p.a.set.request.x-src
8 p.a.set.request.x-lang
8 p.a.add.request.x-z
8 p.a.forward.a
9 p.a.set.response.x-n`; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, c := range []struct{ got, want any }{
		{a.Matches, []string{"GET, PUT /a/{id}", "GET /b/{id}"}}, {a.Hosts, []string{"a.example.com"}}, {a.Access, "auth robots or links"},
		{a.Crossings, Crossings{1, 1}}, {a.Line, 5},
		{a.Reads.Headers, []string{"x-api-key", "x-bot", "x-ops", "x-q", "x-ring"}}, {a.Reads.Queries, []string{"late", "token"}},
		{a.Reads.Cookies, []string{"odd"}}, {a.Reads.Attributes, []string{"response.code", "source.ip"}},
		{a.Reads.Captures, []string{"path.id"}}, {a.Reads.Identity, []string{"identity.groups", "identity.id"}},
		{p.Routes[1].Reads.Headers, []string{"*"}}, {p.Routes[1].Access, "public"}, {p.Routes[1].Crossings, Crossings{1, 0}},
		{p.Routes[1].Matches, []string{"/every"}}, {p.Removed, []string{"x-src"}},
		{p.Memory.Keys, 2}, {p.Memory.KeyBytes, 2 * (32 + 1 + 3)},
	} {
		if fmt.Sprint(c.got) != fmt.Sprint(c.want) {
			t.Errorf("%v, want %v", c.got, c.want)
		}
	}
}

// Costs are those of package cost; the sum counts each let once.
func TestCosts(t *testing.T) {
	p, b := planned(t, policy)
	prices, err := cost.Estimate(b)
	if err != nil {
		t.Fatal(err)
	}
	sum, found := uint64(0), 0
	for _, price := range prices.Rules {
		for _, r := range p.Routes {
			for _, s := range r.Steps {
				for _, k := range s.Rules {
					if k.Name == price.Name {
						found++
						if *k.Max != price.Max || k.Min != price.Min {
							t.Errorf("%s: %d to %d, and it costs %v", k.Name, k.Min, *k.Max, price.Cost)
						}
						if r.Name == "p.a" {
							sum += price.Own.Max
						}
					}
				}
			}
		}
	}
	for _, l := range prices.Lets {
		sum += l.Max
	}
	if found != len(prices.Rules) || *p.Routes[0].Max != sum {
		t.Errorf("%d of %d rules, %d in all, want %d", found, len(prices.Rules), *p.Routes[0].Max, sum)
	}
}

// What is evaluated when a request goes all the way, is evaluated in the order
// of the plan.
func TestOrder(t *testing.T) {
	p, b := planned(t, policy)
	var want []string
	for _, s := range p.Routes[0].Steps {
		for _, k := range s.Rules {
			if k.Kind != "forward" {
				want = append(want, k.Name)
			}
		}
	}
	w := interp.Watching(b)
	o, err := w.Send("p", scenario.Request{Method: "GET", Scheme: "http", Authority: "a.example.com", Path: "/a/robots:9", Source: "192.0.2.1:1", Now: time.Unix(0, 0),
		Headers: []scenario.Header{{Name: "x-api-key", Value: "k"}, {Name: "x-q", Value: "1"}}, Upstream: scenario.Response{Status: 200}})
	if err != nil || !o.Forward {
		t.Fatal(o, err)
	}
	items := outline.ByExpr(outline.Of(b.Source))
	var got []string
	for _, s := range w.Steps() {
		name := ""
		switch {
		case s.Eval != nil:
			name = items[s.Eval.Source.Span()].Name
		case s.Rule.Valid():
			name = "p.a.remove.request.x-r"
		}
		if name != "" && (len(got) == 0 || got[len(got)-1] != name) {
			got = append(got, name)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nplanned\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestText(t *testing.T) {
	p, _ := planned(t, policy)
	var out strings.Builder
	if err := p.WriteText(&out, func(_, s string) string { return s }); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\nroute p.a  p.moe:5\n", "  crossings 1 for a request, 1 for its answer\n", "  reads     headers: x-api-key, x-bot, x-ops, x-q, x-ring\n",
		"  6 denials that need the identity, then allows\n    p.a.late  costs ", " with ops\n      deny late when ops && query(\"late\") == \"1\"\n", "\nroute p.every", "\n    ops  costs "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

// The runtime's sizes are those that the plan tells.
func TestMemory(t *testing.T) {
	shim, err := os.ReadFile("../../runtime/host/dynmod/shim.h")
	if err != nil {
		t.Fatal(err)
	}
	if core.ArenaSize != arenaBytes || !strings.Contains(string(shim), "MOE_CAPTURE_SIZE = 4 << 10,") || core.KeptSize+core.AnnounceSize != capturedBytes {
		t.Error("the runtime has other sizes")
	}
}
