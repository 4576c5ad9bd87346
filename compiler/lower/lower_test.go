package lower_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"moec.dev/moec/compiler"
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/dsl/diag"
)

// lowered is the text form of a policy's IR before anything is optimised, and
// the errors.
func lowered(t *testing.T, policy string) (string, []*diag.Diagnostic) {
	t.Helper()
	keys := "sha256:7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed one plan=gold\n"
	u, diags := compiler.Run(compiler.Input{Name: "shop", FS: fstest.MapFS{"p.moe": {Data: []byte(policy)}, "k.keys": {Data: []byte(keys)}}}, "lower")
	var errs []*diag.Diagnostic
	for _, d := range diags {
		if d.Code.Severity == diag.Error {
			errs = append(errs, d)
		}
	}
	if u.IR == nil {
		t.Fatalf("%v\n%s", errs, policy)
	}
	var out bytes.Buffer
	if len(errs) == 0 {
		if err := ir.Verify(u.IR); err != nil {
			t.Error(err)
		}
		if err := ir.Dump(&out, u.IR); err != nil {
			t.Fatal(err)
		}
	}
	return out.String(), errs
}

func rule(condition string) string {
	return "let len(s: string) = s.size()\nroute r {\n  match GET \"/{id}\"\n  public\n  deny d when " + condition + " on error deny\n  respond 200\n}\n"
}

// What an expression becomes: names are slots, operators operations.
func TestExpressions(t *testing.T) {
	for e, want := range map[string]string{
		`path.id == "a"`:                                      `(== (capture 0) "a")`,
		`header("X-A") == ""`:                                 `(== (header 0) "")`,
		`request.headers["x-a"] == header("x-a")`:             `(== (header-at 0) (header 0))`,
		`has(request.headers.a) && "b" in request.headers`:    `(and (header-has 0) (header-has 1))`,
		`request.headers.?a.orValue("") == request.useragent`: `(== (or-value (header-optional 0) "") (header 1))`,
		`request.headers[path.id] == ""`:                      `(== (headers-at (capture 0)) "")`,
		`"a" + path.id + ("b" + "c") == ""`:                   `(== (concat "a" (capture 0) "bc") "")`,
		`query("q") == cookie("c")`:                           `(== (query 0) (cookie 0))`,
		`source.ip == source.address`:                         `(== (attribute-ip 0) (attribute 0))`,
		`source.port < 1`:                                     `(< (attribute-int 0) 1)`,
		`[source.port].exists(x, [2, 3].all(y, x < y))`:       `(exists x (list (attribute-int 0)) (all y (list 2 3) (< x y)))`,
		`[1].exists(x, [2].all(y, x < y))`:                    `true`,
		`[1, dyn(path.id)][0] == 1`:                           `(== (index (list (cast dyn 1) (cast dyn (capture 0))) 0) (cast dyn 1))`,
		`dyn(path.id) + "x" == "yx"`:                          `(== (concat (capture 0) "x") "yx")`,
		`dyn(path.id) + dyn(path.id) == "yx"`:                 `(== (call dyn_add (cast dyn (capture 0)) (cast dyn (capture 0))) (cast dyn "yx"))`,
		`size(dyn(path.id)) == 1`:                             `(== (call dyn_size (cast dyn (capture 0))) 1)`,
		`{"a": 1}[path.id] == 1`:                              `(== (lookup (map-literal "a" 1) (capture 0)) 1)`,
		`cel.bind(v, path.id, v + v == "")`:                   `(bind v (capture 0) (== (concat v v) ""))`,
		`cel.bind(v, int(path.id), v + v == 2)`:               `(bind-lazy v (to-int (capture 0)) (== (+ v v) 2))`,
		`[path.id].exists(v, [v].exists(v, v == ""))`:         `(exists v (list (capture 0)) (exists v_2 (list v) (== v_2 "")))`,
		`now.getHours("Europe/Berlin") == 1`:                  `(== (get getHours "Europe/Berlin" (now)) 1)`,
		`len("a") == 1`:                                       `(== (let len "a") 1)`,
		`route.name == "r"`:                                   `(== "r" "r")`,
		`now == request.time`:                                 `(== (now) (now))`,
		`string("a") == string(source.port)`:                  `(== "a" (to-string (attribute-int 0)))`,
		`duration(path.id) < duration("2h")`:                  `(< (to-duration (capture 0)) 2h0m0s)`,
		`in_cidr(source.ip, ["10.0.0.0/8", "::/0"])`:          `(in-cidr ["10.0.0.0/8" "::/0"] (attribute-ip 0))`,
	} {
		text, errs := lowered(t, rule(e))
		if len(errs) > 0 || !strings.Contains(text, "shop.r.d when "+want+" -> ") {
			t.Errorf("%s: want %s in %v\n%s", e, want, errs, text)
		}
	}
}

// Header rules stand in the order in which they are carried out, and denials
// before or after the caller is known.
func TestOrder(t *testing.T) {
	text, errs := lowered(t, `auth a = api_key { key from header "x-key"; keys from file "k.keys"; claims { plan: string } }
let who = identity.id
route r {
  match GET "/"
  auth a
  add request.headers["h4"] = "1"
  set request.headers["h3"] = "1" if absent
  set request.headers["h2"] = "1"
  remove request.headers["h1"]
  remove request.headers["h0-*"]
  deny late when who == "x"
  deny early when header("e") == "1"
  deny later when identity.claims.plan == "x"
  forward to "c"
}
`)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	at := -1
	for _, part := range []string{"deny-early 2 shop.r.early", "authenticate", "deny 3 shop.r.late", "deny 4 shop.r.later", `forward "c"`, `remove "h1"`, `remove-prefix "h0-"`, `set "h2"`, `set-if-absent "h3"`, `add "h4"`} {
		i := strings.Index(text, part)
		if i < at || i < 0 {
			t.Errorf("%s is not in its place:\n%s", part, text)
		}
		at = i
	}
}

// A bundle that reads more than a frame carries is refused; one that reads just
// as much is not.
func TestLimits(t *testing.T) {
	reads := func(n int, read string) string {
		var b strings.Builder
		b.WriteString("route r {\n  match GET \"/\"\n  public\n  respond 200\n")
		for i := range n {
			fmt.Fprintf(&b, "  deny d%d when %s == \"1\"\n", i, strings.ReplaceAll(read, "N", fmt.Sprint(i)))
		}
		return b.String() + "}\n"
	}
	for _, c := range []struct {
		read string
		most int
		what string
	}{{`header("N")`, 32, "request headers"}, {`query("N")`, 16, "query parameters"}, {`cookie("N")`, 16, "cookies"}} {
		if _, errs := lowered(t, reads(c.most, c.read)); len(errs) > 0 {
			t.Errorf("%d %s: %v", c.most, c.what, errs)
		}
		_, errs := lowered(t, reads(c.most+1, c.read))
		if len(errs) != 1 || errs[0].Code != diag.TooComplex || !strings.Contains(errs[0].Message, c.what) {
			t.Errorf("%d %s: %v", c.most+1, c.what, errs)
		}
	}
	captures := func(n int) string {
		var b strings.Builder
		b.WriteString("route r {\n  match GET \"")
		for i := range n {
			fmt.Fprintf(&b, "/{a%d}", i)
		}
		return b.String() + "\"\n  host \"{t}.example\"\n  public\n  respond 200\n}\n"
	}
	if _, errs := lowered(t, captures(15)); len(errs) > 0 {
		t.Error(errs)
	}
	if _, errs := lowered(t, captures(16)); len(errs) != 1 || errs[0].Code != diag.TooComplex {
		t.Errorf("17 captures: %v", errs)
	}
	auths := func(n int) string {
		var b strings.Builder
		b.WriteString("route r { match GET \"/\"; auth a0")
		for i := range n {
			if i > 0 {
				fmt.Fprintf(&b, " or a%d", i)
			}
		}
		b.WriteString("; respond 200 }\n")
		for i := range n {
			fmt.Fprintf(&b, "auth a%d = api_key { key from %s \"k%d\"; keys from file \"k.keys\"; claims { plan: string } }\n", i, []string{"header", "query", "cookie"}[i%3], i)
		}
		return b.String()
	}
	if _, errs := lowered(t, auths(30)); len(errs) > 0 {
		t.Error(errs)
	}
}
