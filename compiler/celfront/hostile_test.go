package celfront

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"moec.dev/moec/dsl/diag"
)

// hostileTime is the processor time that the worst expression may take.
const hostileTime = time.Second

// worked is the processor time that this process has taken, so that other work
// on the machine does not count.
func worked() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

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
		{r("[1].map(x, ", 10) + "1" + r(")", 10), ""},
		{r("[1].map(x, ", 11) + "1" + r(")", 11), "M0315"},
		{r("cel.bind(x, 1, ", 11) + "1" + r(")", 11), "M0315"},
		{"cel.bind(a, {1: 1}, " + r("cel.bind(a, {a: a}, ", 9) + "true" + r(")", 10), "M0315"},
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

// everything does with an expression what the compiler does with it.
func everything(e *Env, text string, diags *diag.List) bool {
	References(text)
	c := e.Check(expression(text), diags)
	if c == nil {
		return false
	}
	c.Constant()
	c.Folded().Text()
	sizes := func(string) (Size, bool) { return Size{Length: 100, Elem: &Size{Length: 100}}, true }
	if _, err := c.Price(sizes, map[string]*Price{"twice": {}, "nothing": {}}); err != nil {
		return false
	}
	_, err := c.Program()
	return err == nil
}

// No expression takes a second, or much memory.
func TestHostileWork(t *testing.T) {
	e := names(t)
	r := strings.Repeat
	nest := func(n int, open, inner, closing string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, open, i)
		}
		return b.String() + inner + r(closing, n)
	}
	everything(e, "n == 1", &diag.List{}) // what is made once
	for name, text := range map[string]string{
		"parentheses":       nest(60, "(%[1]d+", "1", ")"),
		"too many":          nest(3000, "(%[1]d+", "1", ")"),
		"or":                r(`request.host == "a" || `, 1300) + "false",
		"and, folded":       r("1 + 1 > 1 && ", 2400) + "1 / 0 > 0",
		"or of failures":    r("1 / 0 > 0 || ", 2400) + "1 / 0 > 0",
		"conditionals":      r("n == 1 ? 1 : ", 60) + "2",
		"list":              "[" + r("1,", 16000) + "1].size()",
		"list of names":     "n in [" + r("n,", 10000) + "n]",
		"list of texts":     "[" + r(`"aaaa",`, 4000) + `"b"].exists(x, x == request.host)`,
		"lists in lists":    r("[", 60) + "1" + r("]", 60),
		"list of failures":  "[" + r("1/0,", 8000) + "1]",
		"text":              `"` + r("é", 15000) + `" == request.host`,
		"concatenation":     r(`request.host+`, 60) + `""`,
		"loops in loops":    nest(10, "[1, 2].map(x%d, ", "x0", ")"),
		"more loops":        nest(62, "[1, 2].map(x%d, ", "x0", ")"),
		"wide loops":        nest(10, "lists.range(100).map(x%d, ", "1", ")"),
		"loops over lists":  nest(10, "identity.groups.map(x%d, ", "x0", ")"),
		"binds":             nest(10, "cel.bind(x%d, n, ", "n", ")"),
		"more binds":        nest(60, "cel.bind(x%d, n, ", "n", ")"),
		"doubling text":     "cel.bind(a, \"0123456789\", " + nest(9, "cel.bind(a, a + a + a + a + \"%d\", ", "a.size() == 1", ")") + ")",
		"doubling lists":    "cel.bind(a, [1, 2, 3, 4], " + nest(9, "cel.bind(a, a + a + a + a + [%d], ", "a == a", ")") + ")",
		"doubling types":    "cel.bind(a, {1: 1}, " + nest(9, "cel.bind(a, {%[1]d: {a: a}}, ", "a.size() == 1", ")") + ")",
		"doubling deep":     "cel.bind(a, " + r("{1: ", 30) + "1" + r("}", 30) + ", " + nest(9, "cel.bind(a, {%[1]d: {a: a}}, ", "a.size() == 1", ")") + ")",
		"doubling by loops": "[{1: 1}].map(a, " + nest(9, "[{a: {a: %d}}].map(a, ", "a.size() == 1", ")") + ")",
		"optionals":         nest(5, "identity.claims.plan.optMap(x%d, ", "1", ")"),
		"more optionals":    nest(60, "identity.claims.plan.optMap(x%d, ", "1", ")"),
		"chained optionals": `identity.claims.plan` + r(`.optMap(x, x + "a")`, 40) + `.hasValue()`,
		"sorting":           nest(5, "[2, 1].sortBy(x%d, size(", "[1]", "))"),
		"replacing":         `"` + r("a", 15000) + `".replace("a", "` + r("b", 15000) + `").size() == 1`,
		"ranges":            "lists.range(100000000).map(x, lists.range(100000000)).flatten().size() == 1",
		"joining":           "lists.range(100000).map(x, request.host).join(request.host).size() == 1",
		"formatting":        `"` + r("%s", 8000) + `".format([` + r(`"aaaa",`, 1000) + `""]).size() == 1`,
		"calls":             nest(60, "twice(%d + ", "1", ")"),
		"macros in a row":   r("[1].exists(x, x == n) || ", 1000) + "false",
		"map literals":      "{" + r(`"a": 1, `, 3000) + `"b": 2}.size() == 1`,
		"index":             "[1]" + r("[0]", 300),
		"selection":         "dyn(n)" + r(".a", 300),
		"optional chain":    "dyn(n)" + r(".?a", 300) + ".hasValue()",
		"negation":          r("!", 3000) + "true",
		"equality":          r("n == ", 60) + "n",
		"patterns":          `request.host.matches("` + r("(a*)*", 3000) + `")`,
	} {
		t.Run(name, func(t *testing.T) {
			stop := make(chan bool)
			peak := make(chan uint64)
			runtime.GC()
			var before, now runtime.MemStats
			runtime.ReadMemStats(&before)
			go func() {
				most := uint64(0)
				for {
					select {
					case <-stop:
						peak <- most
						return
					case <-time.After(10 * time.Millisecond):
						runtime.ReadMemStats(&now)
						most = max(most, now.HeapAlloc)
					}
				}
			}()
			var diags diag.List
			start := worked()
			ok := everything(e, text, &diags)
			took := worked() - start
			close(stop)
			most := <-peak
			if most = most - min(before.HeapAlloc, most); took > hostileTime || most > 200<<20 {
				t.Errorf("%d bytes: %v, %d MB", len(text), took, most>>20)
			}
			if !ok && diags.Len() == 0 {
				t.Error("refused without a reason")
			}
			t.Logf("%5d bytes: %8v, %3d MB, %v", len(text), took.Round(time.Millisecond), most>>20, diags.Sorted())
		})
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
		folded := c.Folded()
		if folded.Span != c.Root.Span || !folded.Type.Equal(c.Root.Type) {
			t.Fatalf("folding makes a %s of a %s", folded.Type, c.Root.Type)
		}
		if v, ok := c.Constant(); ok && folded.Op == Const && folded.Value != nil && !reflect.DeepEqual(v, folded.Value) {
			t.Fatalf("the constant is %v, and %v when folded", v, folded.Value)
		}
		sizes := func(string) (Size, bool) { return Size{Length: 100, Elem: &Size{Length: 100}}, true }
		if p, err := c.Price(sizes, map[string]*Price{}); err != nil || p.Min > p.Max {
			t.Fatalf("it costs %v, %v", p, err)
		}
		References(text)
	})
}
