package celfront

import (
	"strings"
	"testing"
	"time"

	"moec.dev/moec/dsl/diag"
)

// No expression keeps the compiler busy or ends it.
func TestHostile(t *testing.T) {
	e := names(t)
	r := strings.Repeat
	for _, c := range []struct {
		text string
		code string // "" for an expression that is fine
	}{
		{r("(", 5000), "M0315"},
		{r("(", 100) + "1" + r(")", 100), "M0315"},
		{r("(", 20) + "1" + r(")", 20), ""},
		{r("[", 1000), "M0315"},
		{r("{1:", 200), "M0315"},
		{r("a(", 3000), "M0315"},
		{r(`"a"[`, 1000), "M0315"},
		{r("a.", 10000) + "b", "M0315"},
		{r("n + ", 3000) + "n", "M0315"},
		{r("true ? true : ", 1000) + "true", "M0315"},
		{r("n == 1 ? ", 2000), "M0315"},
		{r("1,", 10000), "M0315"},
		{r("x", maxExpressionBytes+1), "M0315"},
		{r("x", maxExpressionBytes), "M0301"},
		{r("é", 10000), "M0301"},
		{r("[foo,", 50) + r("bar,", 2000) + "bar" + r("]", 50), "M0301"},
		{r("true && ", 3000) + "true", ""},
		{"[" + r("1,", 10000) + "1]", ""},
		{`"` + r("é", 15000) + `"`, ""},
		{r("!", 1000) + "true", ""},
		{r("[1].map(x, ", 20) + "1" + r(")", 20), ""},
	} {
		var diags diag.List
		start := time.Now()
		ok := e.Check(expression(c.text), &diags) != nil
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%.30s...: %v", c.text, took)
		}
		code := ""
		if diags.Len() > 0 {
			code = diags.Sorted()[0].Code.ID
		}
		if code != c.code || ok != (c.code == "") {
			t.Errorf("%.30s... (%d bytes): %q, want %q", c.text, len(c.text), code, c.code)
		}
		if diags.Len() > maxProblems {
			t.Errorf("%.30s...: %d messages", c.text, diags.Len())
		}
	}
}

// FuzzCheck holds that checking never panics, that what is refused gets a
// reason, and that all places lie inside the expression.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{
		`n == 1 && header("é") != ""`, `[?optional.of(1)][?0].orValue(2) in [3]`, `{"a": 1}.exists(k, v, k == 'b')`, `cel.bind(x, n, x + -1)`,
		`identity.groups.map(g, g != "", g.size())[0]`, `has(request.headers.foo) ? 1.5e3 : 2u`, `r'''\d''' + b"x"`, `math.greatest(1, n)`,
		`request.headers.?foo.optMap(x, x + "a")`, `[1].transformMapEntry(i, v, {i: v})`, `ip("1.2.3.4") == cidr("x")`, `__request`, `a.b{c: 1}`,
		"n == // é\n1", `dyn(n).foo["x"]`, `strings.quote("x")`, `(((n)))`, `.n`, `"\u00e9" == '`,
	} {
		f.Add(s)
	}
	e := names(f)
	f.Fuzz(func(t *testing.T, text string) {
		var diags diag.List
		x := expression(text)
		c := e.Check(x, &diags)
		if (c == nil) != diags.HasErrors() {
			t.Fatalf("accepted %v with %v", c != nil, diags.Sorted())
		}
		for _, d := range diags.Sorted() {
			if s := d.Span; s.Start < x.Place.Start || s.End > x.Place.End || s.Start > s.End {
				t.Fatalf("%s lies at %d:%d of %d:%d", d.Message, s.Start, s.End, x.Place.Start, x.Place.End)
			}
		}
		if c == nil {
			return
		}
		c.Root.Walk(func(n *Expr) bool {
			if s := n.Span; s.Start < x.Place.Start || s.End > x.Place.End || s.Start >= s.End {
				t.Fatalf("node %d %s lies at %d:%d of %d:%d", n.Op, n.Name, s.Start, s.End, x.Place.Start, x.Place.End)
			}
			return true
		})
		References(text)
	})
}
