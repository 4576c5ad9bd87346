package docs

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/ext"

	"moec.dev/moec/compiler"
	"moec.dev/moec/compiler/check"
)

// example is an expression in a table of a document, which must be true.
type example struct{ at, text string }

// examples are the expressions of a text's tables: what stands in the column
// whose head says so.
func examples(file, text string) []example {
	var out []example
	column := -1
	for i, line := range strings.Split(text, "\n") {
		if !strings.HasPrefix(line, "|") {
			column = -1
			continue
		}
		cells := cellsOf(line)
		if column < 0 {
			column = len(cells) // a table without examples
			for k, head := range cells {
				if head == "is true" {
					column = k
				}
			}
			continue
		}
		if column >= len(cells) || strings.HasPrefix(cells[column], "---") {
			continue
		}
		out = append(out, example{fmt.Sprintf("%s:%d", file, i+1), strings.Trim(cells[column], "`")})
	}
	return out
}

// cellsOf splits a line of a table; \| is no end of a cell.
func cellsOf(line string) []string {
	line = strings.ReplaceAll(strings.Trim(line, "|"), `\|`, "\x00")
	cells := strings.Split(line, "|")
	for i, c := range cells {
		cells[i] = strings.TrimSpace(strings.ReplaceAll(c, "\x00", "|"))
	}
	return cells
}

// truths is a bundle whose test holds if all the examples are true.
func truths(list []example) string {
	var rules, asserted strings.Builder
	for i, e := range list {
		fmt.Fprintf(&rules, "  set request.headers[\"e-%d\"] = (%s) ? \"true\" : \"false\" on error skip\n", i, e.text)
		fmt.Fprintf(&asserted, "    request.headers[?\"e-%d\"].orValue(%q) == \"true\"\n", i, e.at+" fails")
	}
	return "route examples {\n  match \"/\"\n  public\n" + rules.String() + "  forward to \"a\"\n}\n" +
		"test \"examples\" {\n  send GET \"/\"\n  expect forward {\n" + asserted.String() + "  }\n}\n"
}

// What tables say of operators, macros and functions is true, in the interpreter
// and in compiled code.
func TestFunctionExamples(t *testing.T) {
	var list []example
	for name, text := range documents(t) {
		list = append(list, examples(name, text)...)
	}
	if len(list) < 70 {
		t.Errorf("only %d examples were found in tables", len(list))
	}
	text := truths(list)
	u, found := compile("functions", text)
	if ds := onlyErrors(found); len(ds) > 0 {
		t.Fatalf("%s\n%s", said(ds), text)
	}
	prepared, found := u.ForTests()
	if ds := onlyErrors(found); len(ds) > 0 {
		t.Fatal(said(ds))
	}
	if n := run(t, []*compiler.Unit{prepared}, []*check.Bundle{prepared.Checked}); n != 1 {
		t.Errorf("%d tests were run", n)
	}
}

func TestExamplesAreFound(t *testing.T) {
	got := examples("x.md", "| a | is true |\n|---|---|\n| `x \\| y` | `1 == 1` |\n| | `2 == 2` |\n\n| a | b |\n|---|---|\n| c | `1 == 2` |\n")
	if len(got) != 2 || got[0] != (example{"x.md:3", "1 == 1"}) || got[1] != (example{"x.md:4", "2 == 2"}) {
		t.Errorf("%v", got)
	}
	if cells := cellsOf("| `a \\|\\| b` | c |"); len(cells) != 2 || cells[0] != "`a || b`" {
		t.Errorf("%q", cells)
	}
}

// leftOut are the functions that the language does not have, with the reason.
var leftOut = map[string]string{
	"yaml.":  "YAML is refused",
	"cel.@":  "macros make calls of these, nobody writes them",
	"math.@": "math.greatest and math.least become these",
}

// plainName is that of a function which is called by it, not an operator's.
var plainName = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9.]*$`)

// Every function and macro of the libraries that the language takes in is told
// of, as it is called.
func TestFunctionsAreDocumented(t *testing.T) {
	env, err := cel.NewCustomEnv(cel.StdLib(), cel.OptionalTypes(), ext.Strings(), ext.Math(), ext.Sets(), ext.Lists(), ext.Encoders(), ext.Bindings(), ext.Network(), ext.TwoVarComprehensions())
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for name := range env.Functions() {
		names[name] = plainName.MatchString(name)
	}
	for _, m := range env.Macros() {
		names[m.Function()] = true
	}
	text := documents(t)["docs/language.md"]
	n := 0
	for name, written := range names {
		for prefix := range leftOut {
			written = written && !strings.HasPrefix(name, prefix)
		}
		if !written || name == "in" {
			continue
		}
		n++
		if !strings.Contains(text, name+"(") {
			t.Errorf("docs/language.md says nothing of %s", name)
		}
	}
	if n < 80 {
		t.Errorf("only %d functions were looked for", n)
	}
}
