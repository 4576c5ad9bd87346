package fuzz

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"moec.dev/moec/compiler"
	"moec.dev/moec/dsl/diag"
)

// Bounds of what is thrown at the compiler, and of how long it may take.
const (
	maxText      = 64 << 10
	deadline     = 20 * time.Second
	maxAllocated = 2 << 30
)

// seeds are the policies of the repository.
func seeds(f *testing.F) []string {
	f.Helper()
	var out []string
	for _, folder := range []string{"../../policies", "../diag", "../behaviour/testdata", "../../dsl/syntax/testdata"} {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".moe" {
				return err
			}
			text, err := os.ReadFile(path)
			out = append(out, string(text))
			return err
		})
		if err != nil {
			f.Fatal(err)
		}
	}
	if len(out) < 10 {
		f.Fatalf("%d policies", len(out))
	}
	return out
}

// within fails when something takes longer, or allocates more, than it may.
func within(t *testing.T, do func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	done := make(chan struct{})
	go func() {
		do()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(deadline):
		t.Fatalf("this takes longer than %v", deadline)
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > maxAllocated {
		t.Fatalf("this allocated %d MiB", n>>20)
	}
}

// compile takes a policy through all stages before the code, and checks what is
// said of it.
func compile(t *testing.T, text string) []*diag.Diagnostic {
	t.Helper()
	var found []*diag.Diagnostic
	within(t, func() {
		in := compiler.Input{FS: fstest.MapFS{"p.moe": {Data: []byte(text)}, "k": {Data: nil}}, Name: "fuzzed"}
		_, found = compiler.Run(in, "analyze")
	})
	for _, d := range found {
		if d.Code == diag.InternalError {
			t.Fatalf("%v", d)
		}
		if s := d.Span; s.Valid() && (s.Start < 0 || s.Start > s.End || s.End > len(s.File.Text)) {
			t.Fatalf("%v lies at %d-%d of %d", d, s.Start, s.End, len(s.File.Text))
		}
		if d.Message == "" {
			t.Fatalf("%s says nothing", d.Code.ID)
		}
	}
	return found
}

// FuzzCompiler: any text is a policy, or gets reasons why not.
func FuzzCompiler(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) <= maxText {
			compile(t, text)
		}
	})
}

// FuzzExpression: any text is an expression of a rule, or gets reasons why not.
func FuzzExpression(f *testing.F) {
	for _, s := range []string{
		`header("a") == ""`, `int(header("n")) + 1 > 2`, `"a" in request.headers && request.headers["a"] == "b"`, `header_values("a").exists(v, v.substring(1) == path.id)`, `1 / int_or(header("n"), 0) == 1`,
		`cel.bind(x, header("x"), x.split(",")[1] == "a")`, `request.headers.map(k, request.headers[k]).size() > 1`, `{"a": [1, 2]}[path.id][int_or(header("i"), 0)] == 1`, `dyn(header("a")).foo == 1`, `type(dyn(1)) == int && dyn(1) + 1 == 2`,
		`now.getHours("Europe/Berlin") > 3`, `now - timestamp(header("t")) < duration("1h")`, `ip(header("a")).isLoopback()`, `"%d %s".format([1, "a"]) == ""`, `header("a").matches("^(a|b)+$")`, `lists.range(10).map(i, i * i).filter(i, i % 2 == 0).size() == 5`,
		`optional.of(header("a")).optMap(x, x + "b").orValue("") == ""`, `math.greatest(1, 2, 3) == 3`, `[1].transformMapEntry(i, v, {v: i}).size() == 1`, `has(request.headers.a) ? request.headers.a == "" : false`, `!(1 < 2) || "é" == '''é'''`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > maxText || strings.ContainsAny(text, "\n;") {
			return
		}
		found := compile(t, "route r {\n  match GET \"/{id}\"\n  public\n  deny x when "+text+" with 418\n  set request.headers[\"x-a\"] = string("+text+")\n  respond 200\n}\n")
		helped(t, text, found)
	})
}

// helped: a guard that a message proposes does not itself get that message.
func helped(t *testing.T, text string, found []*diag.Diagnostic) {
	t.Helper()
	errors := 0
	var guarded string
	for _, d := range found {
		if d.Code.Severity == diag.Error {
			errors++
		}
		if d.Code == diag.MayFail && d.Span.Position().Line == 4 && !strings.HasPrefix(d.Help, "end the rule") {
			guarded = d.Help
		}
	}
	if guarded == "" || errors > 2 || strings.Contains(text, "//") || strings.ContainsAny(guarded, "\n") {
		return
	}
	for _, d := range compile(t, "route r {\n  match GET \"/{id}\"\n  public\n  deny x when "+guarded+" with 418\n  respond 200\n}\n") {
		if d.Code == diag.MayFail {
			t.Fatalf("%q is to be mended by %q: %v", text, guarded, d)
		}
	}
}
