package syntax

import (
	"os"
	"testing"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// parseText parses a text and returns its messages as file:line:col code text.
func parseText(t *testing.T, text string) (*ast.File, []*diag.Diagnostic) {
	t.Helper()
	var l diag.List
	f := Parse(source.New("p.moe", text), &l)
	return f, l.Sorted()
}

func TestWholePolicy(t *testing.T) {
	text, err := os.ReadFile("testdata/shop.moe")
	if err != nil {
		t.Fatal(err)
	}
	f, ds := parseText(t, string(text))
	for _, d := range ds {
		t.Errorf("%v (help: %s)", d, d.Help)
	}
	if got := len(f.Decls); got != 16 {
		t.Errorf("%d declarations, want 16", got)
	}
}
