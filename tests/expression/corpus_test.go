package expression

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/tests/evaluation"
	"moec.dev/moec/tests/evaluation/wire"
)

// corpus reads the finds that were kept. Each file has an expression, and
// inputs: a line for each parameter that it reads, as NAME VALUE.
func corpus(t *testing.T, env *celfront.Env, vars []celfront.Variable) []*subject {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var out []*subject
	for _, p := range paths {
		a, err := txtar.ParseFile(p)
		if err != nil {
			t.Fatal(err)
		}
		s := &subject{name: p}
		for _, f := range a.Files {
			switch f.Name {
			case "expression":
				if s.Expression, err = evaluation.Check(env, vars, strings.TrimSpace(string(f.Data))); err != nil {
					t.Fatalf("%s: %v", p, err)
				}
			case "input":
				s.inputs = append(s.inputs, readInput(t, p, string(f.Data)))
			default:
				t.Fatalf("%s: a part called %s means nothing", p, f.Name)
			}
		}
		if s.Expression == nil || len(s.inputs) == 0 {
			t.Fatalf("%s needs an expression and an input", p)
		}
		out = append(out, s)
	}
	return out
}

func readInput(t *testing.T, path, text string) map[string]wire.Value {
	t.Helper()
	values := map[string]wire.Value{}
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		name, value, _ := strings.Cut(line, " ")
		if name == "" {
			continue // it reads nothing
		}
		if !slices.ContainsFunc(parameters, func(v variable) bool { return v.name == name }) {
			t.Fatalf("%s: %s is no parameter", path, name)
		}
		var v wire.Value
		if err := json.Unmarshal([]byte(value), &v); err != nil {
			t.Fatalf("%s: %s: %v", path, name, err)
		}
		values[name] = v
	}
	return values
}

// archived is a find as a file of the corpus.
func archived(f *find) string {
	a := &txtar.Archive{Comment: []byte("# cel-go: " + f.want.String() + "\n"), Files: []txtar.File{{Name: "expression", Data: []byte(f.Text + "\n")}}}
	var in strings.Builder
	for _, p := range f.Params {
		v, err := json.Marshal(f.input[p.Name])
		if err != nil {
			panic(err)
		}
		in.WriteString(p.Name + " " + string(v) + "\n")
	}
	a.Files = append(a.Files, txtar.File{Name: "input", Data: []byte(in.String())})
	return string(txtar.Format(a))
}

// Finds are kept by hand: the failing test prints the file.
func TestCorpusIsThere(t *testing.T) {
	if _, err := os.Stat("testdata"); err != nil {
		t.Skip("nothing has been found yet")
	}
	env, vars := environment(t)
	if len(corpus(t, env, vars)) == 0 {
		t.Error("testdata has no finds")
	}
}
