// Package diag holds policies that are wrong on purpose. Each message that the
// compiler must give stands in a comment on the line on which it must stand:
//
//	deny x when a = b // ERROR@17 M0101 "regexp"
//
// with the column, in code points, where it matters. A message that no comment
// expects is as much a failure as one that does not come. It knows the compiler
// only as a function from files to messages.
package diag

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/load"
)

// compileFunc gives the messages for the bundle that is the root of fsys.
type compileFunc func(fsys fs.FS, name string) []*diag.Diagnostic

// front runs the stages as far as the syntax tree.
var front compileFunc = func(fsys fs.FS, name string) []*diag.Diagnostic {
	var l diag.List
	load.Bundle(fsys, name, "", &l)
	return l.Sorted()
}

// stages says how far each folder of policies is compiled.
var stages = map[string]compileFunc{"syntax": front, "check": whole}

var (
	expectation = regexp.MustCompile(`(ERROR|WARNING)(?:@(\d+))? (M\d{4}) ("(?:[^"\\]|\\.)*")`)
	comment     = regexp.MustCompile(`// (?:ERROR|WARNING)`)
)

// wanted is what one comment expects.
type wanted struct {
	line, column   int // column 0: any
	severity, code string
	message        *regexp.Regexp
}

// expected reads the comments of a policy.
func expected(t *testing.T, text string) []wanted {
	t.Helper()
	var out []wanted
	for i, line := range strings.Split(text, "\n") {
		at := comment.FindStringIndex(line)
		if at == nil {
			continue
		}
		found := expectation.FindAllStringSubmatch(line[at[0]:], -1)
		if found == nil {
			t.Fatalf("line %d: the comment has no ERROR M0101 \"regexp\"", i+1)
		}
		for _, m := range found {
			w := wanted{line: i + 1, severity: strings.ToLower(m[1]), code: m[3]}
			w.column, _ = strconv.Atoi(m[2])
			pattern := strings.ReplaceAll(m[4][1:len(m[4])-1], `\"`, `"`)
			re, err := regexp.Compile(pattern)
			if err != nil {
				t.Fatalf("line %d: %v", i+1, err)
			}
			w.message = re
			out = append(out, w)
		}
	}
	return out
}

func TestMessages(t *testing.T) {
	for folder, compile := range stages {
		files, err := filepath.Glob(filepath.Join(folder, "*.moe"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no policies in %s: %v", folder, err)
		}
		for _, file := range files {
			t.Run(file, func(t *testing.T) {
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				name := strings.TrimSuffix(filepath.Base(file), ".moe")
				check(t, string(text), compile(fstest.MapFS{"p.moe": {Data: text}, "data": {}, "k": {Data: []byte(keys)}, "levels": {Data: []byte(levels)},
					"plans.json": {Data: []byte("{}")}, "list.json": {Data: []byte("[]")}, "odd.csv": {Data: []byte("a,b\n")}}, "bundle_"+name))
			})
		}
	}
}

// check compares messages with the comments, in order.
func check(t *testing.T, text string, got []*diag.Diagnostic) {
	t.Helper()
	want := expected(t, text)
	if len(want) == 0 {
		t.Fatal("nothing is expected of this policy")
	}
	for len(want) > 0 || len(got) > 0 {
		switch {
		case len(got) == 0 || len(want) > 0 && want[0].line < got[0].Span.Position().Line:
			t.Errorf("line %d: no %s %q", want[0].line, want[0].code, want[0].message)
			want = want[1:]
			continue
		case len(want) == 0 || want[0].line > got[0].Span.Position().Line:
			t.Errorf("not expected: %v", got[0])
			got = got[1:]
			continue
		}
		w, g := want[0], got[0]
		if w.code != g.Code.ID || w.severity != g.Code.Severity.String() || !w.message.MatchString(g.Message) ||
			w.column != 0 && w.column != g.Span.Position().Column {
			t.Errorf("got %v, want %s at column %d", g, fmt.Sprint(w.severity, " ", w.code, " ", w.message), w.column)
		}
		want, got = want[1:], got[1:]
	}
}
