package format

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/load"
	"moec.dev/moec/dsl/source"
)

var update = flag.Bool("update", false, "write what is printed into testdata; read the difference before you keep it")

// formatted returns a text in style; the test fails if it cannot be.
func formatted(t testing.TB, name, text string) string {
	t.Helper()
	var found diag.List
	out, ok := Source(source.New(name, text), &found)
	if !ok || found.Len() > 0 {
		t.Fatalf("%v\n%s", found.Sorted(), text)
	}
	return out
}

func TestStyle(t *testing.T) {
	names, _ := filepath.Glob("testdata/*.txtar")
	if len(names) < 5 {
		t.Fatalf("only %d files were found", len(names))
	}
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil || len(a.Files) != 2 {
			t.Fatalf("%s: %v", name, err)
		}
		got := formatted(t, name, string(a.Files[0].Data))
		if *update {
			a.Files[1].Data = []byte(got)
			if err := os.WriteFile(name, txtar.Format(a), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(string(a.Files[1].Data), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if again := formatted(t, name, got); again != got {
			t.Errorf("%s changes again:\n%s", name, cmp.Diff(got, again))
		}
	}
}

func TestRefused(t *testing.T) {
	for text, code := range map[string]diag.Code{
		"route a {":                       diag.UnclosedBlock,
		"let a = ":                        diag.MissingExpression,
		"let a = \"\xff\"":                diag.NotText,
		strings.Repeat(" ", maxSize+1):    diag.TooLarge,
		"bundle route { }":                diag.BadName,
		"route a { deny x when 1 + }":     diag.MissingExpression,
		"// \xc3\x28 in a comment, too\n": diag.NotText,
	} {
		var found diag.List
		out, ok := Source(source.New("p.moe", text), &found)
		if ok || out != "" || found.Len() != 1 || found.Sorted()[0].Code != code {
			t.Errorf("%.40q: %t, %v", text, ok, found.Sorted())
		}
	}
	if maxSize != load.MaxPolicy {
		t.Error("a policy may have another size than the compiler says")
	}
}

func TestEnds(t *testing.T) {
	for text, want := range map[string]string{
		"":                "",
		" \r\n\t\n":       "",
		"\ufefflet a = 1": "let a = 1\n",
		"let a = 1\r\n\r\n\r\nlet b = 2 // c\r\n": "let a = 1\n\nlet b = 2 // c\n",
		"// a\r\n;;\n":                   "// a\n",
		"let a = \"\"\"x\r\ny\"\"\"\r\n": "let a = \"\"\"x\r\ny\"\"\"\n",
	} {
		if got := formatted(t, "p.moe", text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// The project's own policies are in style.
func TestOwnPolicies(t *testing.T) {
	n := 0
	for _, dir := range []string{"policies", "cmd/moec/command/starters"} {
		err := filepath.WalkDir(filepath.Join("../..", dir), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(name) != ".moe" {
				return err
			}
			n++
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			if got := formatted(t, name, string(text)); got != string(text) {
				t.Errorf("%s is not in style: moec fmt policies\n%s", name, Diff(name, string(text), got))
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	if n < 6 {
		t.Errorf("only %d policies were found", n)
	}
}

// Time is linear in the length: the largest policies take a second or two,
// where anything else would take minutes.
func TestLarge(t *testing.T) {
	rules := strings.Repeat("deny x when true; ", maxSize/20/2)
	for _, text := range []string{
		"route a { " + rules + "}\n",
		"let a = " + strings.Repeat("[", 90) + strings.Repeat("[1, 2], ", maxSize/20) + "0" + strings.Repeat("]", 90) + "\n",
		"let a = " + strings.Repeat("[1, 2] + ", maxSize/20) + "[3]\n",
		strings.Repeat("let a = 1\n", maxSize/20),
		strings.Repeat("// c\n", maxSize/20),
	} {
		start := time.Now()
		formatted(t, "p.moe", text)
		if took := time.Since(start); took > 30*time.Second {
			t.Errorf("%.40q: %v", text, took)
		}
	}
	// Indentation may make a policy too large to be read again.
	deep := "test \"t\" {" + strings.Repeat("repeat 2 {", 90) + strings.Repeat("send again; ", 10000) + strings.Repeat("}", 91)
	var found diag.List
	if _, ok := Source(source.New("p.moe", deep), &found); ok || found.Len() != 1 || found.Sorted()[0].Code != diag.TooLarge {
		t.Errorf("%v", found.Sorted())
	}
}
