package arch

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// edges says which packages of ours a package may import outside of its tests,
// and why no others. A package that is not here is a mistake: it has to be
// placed.
type edges struct {
	may string
	why string
}

const (
	allOfDSL   = "dsl/ast dsl/diag dsl/source"
	everything = "*"
)

var placed = map[string]edges{
	"dsl/source": {"", "files and places are the ground that all else stands on"},
	"dsl/diag":   {"dsl/source", "messages are about places, whatever the language"},
	"dsl/ast":    {"dsl/source", "the tree is data, read by stages that know no parser"},
	"dsl/syntax": {allOfDSL, "the parser must not know what names and types mean"},
	"dsl/format": {"dsl/syntax " + allOfDSL, "style is about text, and is given it"},
	"dsl/load":   {"dsl/syntax stdlib " + allOfDSL, "reading files is the last thing that the front does"},
	"stdlib":     {"", "the modules that ship with the compiler are text"},

	"compiler/types":     {"", "the schema is a table that every stage may read"},
	"compiler/celfront":  {"compiler/types " + allOfDSL, "the door to cel-go must not know routes and rules"},
	"compiler/resolve":   {allOfDSL, "names are found before anything has a type"},
	"compiler/table":     {"compiler/types dsl/diag dsl/source", "a file holds data of a type, whoever reads it"},
	"compiler/check":     {"compiler/celfront compiler/resolve compiler/table compiler/types " + allOfDSL, "checking must not depend on how a policy is compiled"},
	"compiler/reload":    {"compiler/check compiler/resolve compiler/table compiler/types runtime/eval runtime/files dsl/diag dsl/source", "what the library would read is asked of the library's own readers, and of nothing that makes it"},
	"compiler/analyze":   {"compiler/celfront compiler/check compiler/resolve " + allOfDSL, "findings are about the policy, not about its compiled form"},
	"compiler/cost":      {"compiler/celfront compiler/check compiler/resolve compiler/table compiler/types " + allOfDSL, "the bound is on what a policy says, not on how it is compiled"},
	"compiler/scenario":  {"compiler/celfront compiler/check compiler/resolve compiler/table compiler/types " + allOfDSL, "what executors share must not know any of them"},
	"compiler/interp":    {"compiler/celfront compiler/check compiler/resolve compiler/scenario compiler/table compiler/types " + allOfDSL, "the oracle shares nothing with what it is held against: not the IR, nor the generator, nor the runtime"},
	"compiler/outline":   {"dsl/ast dsl/source", "an outline is of the text: names and types do not matter to it"},
	"compiler/account":   {"compiler/celfront compiler/interp compiler/outline compiler/resolve compiler/scenario dsl/ast dsl/source", "what happened is told by the interpreter alone"},
	"compiler/plan":      {"compiler/celfront compiler/check compiler/cost compiler/ir compiler/outline compiler/resolve compiler/types dsl/ast dsl/source", "a plan is made of what is known, and makes nothing"},
	"compiler/coverage":  {"compiler/check compiler/interp compiler/outline compiler/scenario dsl/source", "what was tried is told by the interpreter alone"},
	"compiler/ir":        {"compiler/types dsl/source", "the IR is pure data"},
	"compiler/lower":     {"compiler/celfront compiler/check compiler/ir compiler/resolve compiler/table compiler/types " + allOfDSL, "lowering must not know Go"},
	"compiler/opt":       {"compiler/ir compiler/types", "a pass sees IR and nothing before it"},
	"compiler/gen":       {"compiler/ir compiler/types dsl/source", "the generator sees IR only, and knows the runtime as import paths in strings"},
	"compiler/build":     {"runtime", "building is about source text; of the runtime it has the text alone"},
	"compiler/process":   {"compiler/scenario", "the compiled program is known by its protocol only"},
	"compiler/envoyconf": {"", "Envoy's configuration has nothing to do with policies"},
	"compiler": {"compiler/analyze compiler/build compiler/celfront compiler/check compiler/cost compiler/gen compiler/ir compiler/lower compiler/opt compiler/reload compiler/resolve compiler/scenario dsl/load " + allOfDSL,
		"the pipeline knows its stages, and no executor"},
	"cmd/moec":         {"cmd/moec/command", "main is ten lines"},
	"cmd/moec/command": {"compiler compiler/account compiler/build compiler/check compiler/coverage compiler/envoyconf compiler/interp compiler/plan compiler/process compiler/scenario compiler/types dsl/diag dsl/format dsl/source", "commands are thin: they must not reach into stages"},

	"runtime":             {"", "it carries source, and holds no code"},
	"runtime/core":        {"", "the heart of the library knows no host and no policy"},
	"runtime/eval":        {"runtime/core", "values know neither hosts nor each other's building blocks"},
	"runtime/files":       {"runtime/core runtime/eval", "data becomes values, wherever it lies"},
	"runtime/authn":       {"runtime/core", "building blocks stand side by side"},
	"runtime/route":       {"runtime/core", "building blocks stand side by side"},
	"runtime/limit":       {"runtime/core", "building blocks stand side by side"},
	"runtime/obs":         {"runtime/core", "building blocks stand side by side"},
	"runtime/host/dynmod": {"runtime/core runtime/obs", "a host carries frames; what they mean is core's business"},
	"runtime/host/pipe":   {"runtime/core runtime/obs", "a host carries frames; what they mean is core's business"},

	"demo":                      {"compiler/scenario tests/envoy/harness", "the demo knows moec by its command line only"},
	"tests/envoy/harness":       {"compiler/envoyconf compiler/scenario", "the harness must not know what a policy means"},
	"tests/host/dynmod":         {"compiler/scenario", "the test host must not know what a policy means"},
	"tests/host/dynmod/library": {"runtime/core runtime/host/dynmod", "it is a library as the compiler makes them"},
	"tests/bench":               {"", "the benchmark knows the library by its ABI only"},
	"tests/bench/crossing":      {"", "the yardstick holds nothing but the crossing"},
}

// imports finds edges between packages of ours that are not allowed, and
// packages that have no place yet. Files of tests may import what they like.
func imports(files []file, placed map[string]edges) []string {
	var out []string
	missing := map[string]bool{}
	for _, f := range files {
		if f.tree == nil || f.test() {
			continue
		}
		from := f.folder()
		e, known := placed[from]
		if !known && strings.HasPrefix(from, "tests/") {
			e, known = edges{everything, ""}, true
		}
		if !known && !missing[from] {
			missing[from] = true
			out = append(out, fmt.Sprintf("package %s has no place in the table of edges: say what it may import, and why no more", from))
		}
		for _, i := range f.imports() {
			to, ours := strings.CutPrefix(i, "./")
			if ours && known && e.may != everything && !slices.Contains(strings.Fields(e.may), to) {
				out = append(out, fmt.Sprintf("%s imports %s, which %s may not: %s", f.path, to, from, e.why))
			}
		}
	}
	return out
}

func TestImports(t *testing.T) { report(t, imports(tree(t), placed)) }

func TestEveryPlaceExists(t *testing.T) {
	folders := map[string]bool{}
	for _, f := range tree(t) {
		if f.tree != nil {
			folders[f.folder()] = true
		}
	}
	for p := range placed {
		if !folders[p] {
			t.Errorf("%s is in the table of edges and has no Go file", p)
		}
	}
}

func TestImportsNotices(t *testing.T) {
	caught(t, imports([]file{
		parsed(t, "compiler/interp/a.go", "package interp\nimport _ \"moec.dev/moec/runtime/core\""),
		parsed(t, "compiler/gen/a.go", "package gen\nimport _ \"moec.dev/moec/runtime/core\""),
		parsed(t, "runtime/core/a.go", "package core\nimport _ \"moec.dev/moec/runtime/obs\""),
		parsed(t, "dsl/ast/a.go", "package ast\nimport _ \"moec.dev/moec/dsl/diag\""),
		parsed(t, "compiler/new/a.go", "package new"),
		parsed(t, "runtime/core/a_test.go", "package core\nimport _ \"moec.dev/moec/runtime/obs\""),
		parsed(t, "compiler/gen/b.go", "package gen\nimport _ \"moec.dev/moec/compiler/ir\""),
	}, placed), 5)
}

// foreign says which packages may import which modules of others outside of
// their tests.
var foreign = map[string]edges{
	"go.yaml.in/yaml":                  {"compiler/envoyconf compiler/table", "what people write in YAML is read by the compiler, and never in the library"},
	"cel.dev/cel-go":                   {"compiler/celfront compiler/interp compiler/scenario", "cel-go is the front end and the oracle, and never in the request path"},
	"github.com/alecthomas/participle": {"dsl/syntax", "the grammar is private to the parser"},
	"github.com/dave/jennifer":         {"compiler/gen", "only the generator writes Go"},
	"github.com/spf13/cobra":           {"cmd/moec/command", "the command line is not the compiler's business"},
}

// strangers finds imports of modules that a package may not know.
func strangers(files []file) []string {
	var out []string
	for _, f := range files {
		if f.test() || strings.HasPrefix(f.path, "tests/") {
			continue
		}
		for _, i := range f.imports() {
			first, _, _ := strings.Cut(i, "/")
			if first == "." || !strings.Contains(first, ".") {
				continue
			}
			may, why := "", "it is not among the modules that this project builds on"
			for m, e := range foreign {
				if i == m || strings.HasPrefix(i, m+"/") {
					may, why = e.may, e.why
				}
			}
			if !slices.Contains(strings.Fields(may), f.folder()) {
				out = append(out, fmt.Sprintf("%s imports %s: %s", f.path, i, why))
			}
		}
	}
	return out
}

func TestStrangers(t *testing.T) { report(t, strangers(tree(t))) }

func TestStrangersNotices(t *testing.T) {
	caught(t, strangers([]file{
		parsed(t, "compiler/lower/a.go", "package lower\nimport _ \"cel.dev/cel-go/cel\""),
		parsed(t, "runtime/core/a.go", "package core\nimport _ \"example.com/fast\""),
		parsed(t, "compiler/gen/a.go", "package gen\nimport _ \"github.com/dave/jennifer/jen\"\nimport _ \"go/format\""),
	}), 2)
}
