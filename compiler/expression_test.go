package compiler

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"moec.dev/moec/compiler/interp"
	"moec.dev/moec/compiler/process"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/dsl/diag"
)

// lets are the names that the expressions use.
const lets = `let n = int_or(header("n"), 1)
let u = b ? 1u : 2u
let d = b ? 1.0 : -0.5
let s = header("s")
let b = header("b") == "1"
let ts = now
let du = now - timestamp("2026-01-01T00:00:00Z")
let e = [n]
let o = optional.of(n)
let g() = true
let f(n: int, s: string) = n == 1 && s == ""
let l = 1
let m = header("m")
let z = [n].size()
let y = n == 1 ? 1 : 2
`

func using(name, e string) string {
	return "route " + name + " {\n  match GET \"/" + name + "/{id}\"\n  public\n  deny it when " + e + " with 418 on error deny\n  respond 200 \"ok\"\n}\n"
}

// verdict says what the compiler makes of an expression in a rule: "ok", or the
// first error's code and what it blames.
func verdict(t *testing.T, e string) string {
	t.Helper()
	u, diags := Run(bundle("p.moe", lets+using("r", e)), "")
	for _, d := range diags {
		if d.Code.Severity != diag.Error {
			continue
		}
		if d.Code == diag.InternalError || !strings.Contains(e, d.Span.Text()) || u.Go != nil {
			t.Errorf("%s: %v", e, d)
		}
		return fmt.Sprintf("%s %q", d.Code.ID, d.Span.Text())
	}
	if u.Go == nil {
		t.Errorf("%s: neither code nor an error", e)
	}
	return "ok"
}

// Every function of the language either becomes code or is refused with the
// place where it stands, and the list of which says so.
func TestEveryFunctionIsBuiltOrRefused(t *testing.T) {
	var got strings.Builder
	for _, e := range expressions {
		fmt.Fprintf(&got, "%q: %s\n", e, verdict(t, e))
	}
	const list = "testdata/expressions.txt"
	want, err := os.ReadFile(list)
	if err != nil && !*update {
		t.Fatal(err)
	}
	if got.String() == string(want) {
		return
	}
	if !*update {
		t.Fatalf("what is built has changed (-update accepts it):\n%s", cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")))
	}
	if err := os.WriteFile(list, []byte(got.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// What is built decides as the reference interpreter does.
func TestExpressionsDecideAlike(t *testing.T) {
	policy, names := lets, []string{}
	for i, e := range expressions {
		if verdict(t, e) == "ok" {
			name := fmt.Sprintf("e%d", i)
			policy += using(name, e)
			names = append(names, name)
		}
	}
	u := accepted(t, "p.moe", policy)
	program, err := Program(t.Context(), []*Unit{u})
	if err != nil {
		t.Fatal(err)
	}
	p, err := process.Start(program)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	oracle := interp.New(u.Checked)
	denied, let := 0, 0
	for _, headers := range [][]scenario.Header{
		nil,
		{{Name: "n", Value: "2"}, {Name: "s", Value: "a"}, {Name: "b", Value: "1"}, {Name: "a", Value: ""}, {Name: "x", Value: "ab"}},
		{{Name: "n", Value: "0"}, {Name: "s", Value: "10.0.0.1"}, {Name: "b", Value: "1"}, {Name: "a", Value: "b"}},
		{{Name: "n", Value: "9223372036854775807"}, {Name: "s", Value: "1"}, {Name: "m", Value: "x"}, {Name: "a", Value: "1"}, {Name: "a", Value: "2"}},
		{{Name: "n", Value: "-9223372036854775808"}, {Name: "s", Value: "é\U0001F389"}, {Name: "x", Value: "a"}},
		{{Name: "n", Value: "-1"}, {Name: "s", Value: "1h"}}, {{Name: "s", Value: "2026-01-01T00:00:00Z"}}, {{Name: "s", Value: "true"}}, {{Name: "s", Value: "-1.5e3"}},
	} {
		for i, name := range names {
			r := scenario.Request{Method: "GET", Scheme: "http", Authority: "h", Path: "/" + name + "/1?q=1", Headers: headers,
				Source: "192.0.2.7:50000", Now: time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)}
			a, err := oracle.Send("shop", r)
			if err != nil {
				t.Fatal(err)
			}
			b, err := p.Send("shop", r)
			if err != nil {
				t.Fatal(err)
			}
			if a.By != b.By || a.Status != b.Status {
				t.Errorf("%s %v: %s %d in the interpreter, %s %d in compiled code", u.Resolved.Routes[i].Denies[0].When.Text, headers, a.By, a.Status, b.By, b.Status)
			}
			if a.Status == 418 {
				denied++
			} else {
				let++
			}
		}
	}
	if denied < 200 || let < 200 {
		t.Errorf("%d denied, %d let through: these requests tell nothing", denied, let)
	}
}
