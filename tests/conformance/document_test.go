package conformance

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"moec.dev/moec/tests/evaluation"
)

var update = flag.Bool("update", false, "write docs/conformance.md")

const path = "../../docs/conformance.md"

// compareDocument fails the test when the document does not say what came out.
func compareDocument(t *testing.T, text string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(old), text); diff != "" {
		t.Errorf("docs/conformance.md (-) is out of date; go test ./tests/conformance -update writes it\n%s", diff)
	}
}

// counts of one file, or of all.
type counts struct {
	cases, run, plain, optimized, suite, cel int
	why                                      map[reason]int
}

func count(outcomes []*outcome) counts {
	n := counts{why: map[reason]int{}}
	for _, o := range outcomes {
		n.cases++
		if o.reason != run {
			n.why[o.reason]++
			continue
		}
		n.run++
		if o.agrees(evaluation.Plain) {
			n.plain++
		}
		if o.agrees(evaluation.Optimized) {
			n.optimized++
		}
		if o.got[evaluation.Plain].Agrees(o.want) {
			n.suite++
		}
		if o.cel.Agrees(o.want) {
			n.cel++
		}
	}
	return n
}

// files are the outcomes by file, in order.
func files(outcomes []*outcome) (names []string, by map[string][]*outcome) {
	by = map[string][]*outcome{}
	for _, o := range outcomes {
		if by[o.file] == nil {
			names = append(names, o.file)
		}
		by[o.file] = append(by[o.file], o)
	}
	return names, by
}

const head = `# CEL conformance

Written by a test; do not edit. ` + "`go test ./tests/conformance`" + ` fails when it is out of date, ` + "`-update`" + ` writes it.

The cases are those of CEL's official conformance suite, ` + "`tests/simple/testdata`" + ` of module ` + "`cel.dev/expr` v0.25.3" + `.
Every case that needs no protobuf message or enum, is type-checked and is evaluated is compiled to Go as a policy's expression is
(without the check that it cannot fail), all of them in one program, and its result is compared with that of cel-go v0.33.2 under the same
options: the same value of the same type, or both an error. Each is compiled twice: *plain* evaluates everything when it is called;
*optimized* has constants folded and all passes run.

`

func document(outcomes []*outcome) string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format, args...) }
	total := count(outcomes)
	names, by := files(outcomes)
	b.WriteString(head)
	p("**%d cases; %d run; %d of those agree with cel-go plain, %d optimized.** ", total.cases, total.run, total.plain, total.optimized)
	p("Of the %d, compiled code gives what the suite expects in %d, cel-go in %d.\n\n", total.run, total.suite, total.cel)
	p("| file | cases | run | agree, plain | agree, optimized | not run |\n|---|--:|--:|--:|--:|--:|\n")
	for _, name := range names {
		n := count(by[name])
		p("| %s | %d | %d | %d | %d | %d |\n", name, n.cases, n.run, n.plain, n.optimized, n.cases-n.run)
	}
	p("| **all** | %d | %d | %d | %d | %d |\n\n`unknowns` has no cases.\n\n", total.cases, total.run, total.plain, total.optimized, total.cases-total.run)

	p("## Not run\n\n")
	p("| reason | cases | in |\n|---|--:|---|\n")
	for _, r := range reasons {
		if total.why[r] == 0 {
			continue
		}
		var in []string
		for _, name := range names {
			if n := count(by[name]).why[r]; n > 0 {
				in = append(in, fmt.Sprintf("%s %d", name, n))
			}
		}
		p("| %s | %d | %s |\n", r, total.why[r], strings.Join(in, ", "))
	}
	p("\nEvery one of them:\n\n")
	for _, name := range names {
		if n := count(by[name]); n.cases > n.run {
			unrun(p, name, by[name])
		}
	}
	differences(p, outcomes)
	return b.String()
}

// unrun lists the cases of a file that are not run.
func unrun(p func(string, ...any), name string, outcomes []*outcome) {
	n := count(outcomes)
	p("<details><summary>%s: %d of %d</summary>\n\n", name, n.cases-n.run, n.cases)
	for _, r := range reasons {
		section := ""
		var cases []string
		for _, o := range outcomes {
			if o.reason != r {
				continue
			}
			if o.section != section {
				section = o.section
				cases = append(cases, "*"+section+"*:")
			}
			cases = append(cases, "`"+o.Name+"`")
		}
		if len(cases) > 0 {
			p("- %s: %s\n", r, strings.Join(cases, " "))
		}
	}
	p("\n</details>\n\n")
}

// differences lists what the suite expects otherwise.
func differences(p func(string, ...any), outcomes []*outcome) {
	p("## Where cel-go differs from the suite\n\n")
	p("Compiled code does as cel-go does here, too.\n\n| case | expression | suite | cel-go |\n|---|---|---|---|\n")
	cell := func(s string) string {
		return "`" + strings.ReplaceAll(strings.ReplaceAll(s, "|", "\\|"), "\n", " ") + "`"
	}
	for _, o := range outcomes {
		if o.reason == run && !o.cel.Agrees(o.want) {
			p("| %s | %s | %s | %s |\n", o.name(), cell(o.Expr), cell(o.want.String()), cell(o.cel.String()))
		}
	}
	p("\n## Refused when checked\n\n")
	p("cel-go's checker refuses these, so that there is nothing to compile; moec gives its message.\n\n| case | expression | suite | message |\n|---|---|---|---|\n")
	for _, o := range outcomes {
		if o.reason == refused {
			_, message, _ := strings.Cut(o.refusal, ": ")
			p("| %s | %s | %s | %s |\n", o.name(), cell(o.Expr), cell(o.want.String()), message)
		}
	}
}
