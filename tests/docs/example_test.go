package docs

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"moec.dev/moec/compiler"
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/interp"
	"moec.dev/moec/compiler/process"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/dsl/diag"
)

// judge compiles one fence and says what is not as its first line promises.
// The unit is nil where an error is promised.
func judge(f fence, name string) (*compiler.Unit, error) {
	words, text := f.words[1:], f.text
	if len(words) > 0 && words[0] == "rules" {
		words, text = words[1:], route(text)
	}
	want := ""
	switch {
	case len(words) == 1 && (words[0] == "check" || words[0] == "test"):
	case len(words) == 2 && (words[0] == "error" || words[0] == "warning"):
		want = words[1]
	case len(words) == 1 && words[0] == "conditions":
		text = route(denials(f.text, ""))
	case len(words) == 1 && words[0] == "failing":
		for _, line := range strings.Split(strings.TrimSpace(f.text), "\n") {
			if _, found := compile(name, route(denials(line, ""))); codes(found) != diag.MayFail.ID {
				return nil, fmt.Errorf("%s: %s: the messages are %q", f, line, said(found))
			}
		}
		text = route(denials(f.text, " on error deny"))
	default:
		return nil, fmt.Errorf("%s: what does %q promise?", f, strings.Join(f.words, " "))
	}
	u, found := compile(name, text)
	if got := codes(found); got != want {
		return nil, fmt.Errorf("%s: the messages are %q, want %q:\n%s", f, got, want, said(found))
	}
	if words[0] == "warning" && (len(found) == 0 || found[0].Code.Severity != diag.Warning) {
		return nil, fmt.Errorf("%s: %s is no warning", f, want)
	}
	if words[0] == "test" && len(u.Checked.Tests) == 0 {
		return nil, fmt.Errorf("%s: there is no test block", f)
	}
	if words[0] == "error" {
		return nil, nil
	}
	return u, nil
}

// denials are rules with the lines of a text as conditions.
func denials(text, end string) string {
	var rules strings.Builder
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		fmt.Fprintf(&rules, "  deny c%d when %s%s\n", i, line, end)
	}
	return rules.String()
}

// judgedElsewhere reports whether a fence has a test of its own.
func judgedElsewhere(f fence) bool {
	return len(f.words) > 1 && (f.words[1] == "refused" || f.words[1] == "from")
}

func TestExamplesCompile(t *testing.T) {
	n := 0
	for _, f := range allFences(t, "moe") {
		if judgedElsewhere(f) {
			continue
		}
		n++
		if _, err := judge(f, "shop"); err != nil {
			t.Error(err)
		}
	}
	if n < 20 {
		t.Errorf("only %d examples were found", n)
	}
}

// The Go code of every example builds, all of them in one program. Examples with
// tests are run by it and by the interpreter.
func TestExamplesPass(t *testing.T) {
	var units []*compiler.Unit
	var checked []*check.Bundle
	for i, f := range allFences(t, "moe") {
		if judgedElsewhere(f) {
			continue
		}
		u, err := judge(f, fmt.Sprintf("example%d", i))
		if err != nil {
			t.Error(err)
		}
		if u == nil {
			continue
		}
		prepared, found := u.ForTests()
		if ds := onlyErrors(found); len(ds) > 0 {
			t.Errorf("%s: %s", f, said(ds))
			continue
		}
		units, checked = append(units, prepared), append(checked, prepared.Checked)
	}
	if ran := run(t, units, checked); ran < 10 {
		t.Errorf("only %d tests were run", ran)
	}
}

// run plays the tests of some bundles, built into one program, and returns how
// many there were.
func run(t *testing.T, units []*compiler.Unit, checked []*check.Bundle) (ran int) {
	t.Helper()
	program, err := compiler.Program(context.Background(), units)
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := process.Start(program)
	if err != nil {
		t.Fatal(err)
	}
	defer compiled.Close()
	execs := []scenario.Executor{interp.New(checked...), compiled}
	for _, u := range units {
		for _, test := range u.Checked.Tests {
			ran++
			r := scenario.Run(u.Checked, u.Keys, test, execs, scenario.Options{})
			for _, failure := range r.Failures {
				t.Errorf("%s: %s: %s\n%s", u.Tree.Name, r.Title, failure.Message, strings.Join(failure.Detail, "\n"))
			}
		}
	}
	return ran
}

func TestJudge(t *testing.T) {
	for info, text := range map[string]string{
		"moe check":             "route home { }\n",
		"moe rules check":       "deny x when 1\n",
		"moe error M0401":       health,
		"moe rules error M0401": "deny x when 1\n",
		"moe warning M0401":     "table plans: map(string, int) from file \"plans.yaml\"\n",
		"moe test":              health,
		"moe failing":           "path.id == \"1\"\n",
		"moe conditions":        "path.id == \"1\"\npath.nothing == \"1\"\n",
		"moe":                   health,
		"moe perhaps":           health,
	} {
		if _, err := judge(fence{file: "x.md", line: 1, words: strings.Fields(info), text: text}, "shop"); err == nil {
			t.Errorf("%s: %q is accepted", info, text)
		}
	}
}
