package diag

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// All must list what the table declares, in its order, each code once.
func TestAll(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared []string
	ast.Inspect(file, func(n ast.Node) bool {
		if c, ok := n.(*ast.CompositeLit); ok && len(c.Elts) == 3 {
			if id, ok := c.Elts[0].(*ast.BasicLit); ok && id.Kind == token.STRING {
				text, _ := strconv.Unquote(id.Value)
				declared = append(declared, text)
			}
		}
		return true
	})
	var listed []string
	for _, c := range All() {
		listed = append(listed, c.ID)
	}
	if a, b := strings.Join(declared, " "), strings.Join(listed, " "); a != b {
		t.Errorf("declared %s\nlisted   %s", a, b)
	}
	for i := 1; i < len(listed); i++ {
		if listed[i-1] >= listed[i] {
			t.Errorf("%s stands after %s", listed[i], listed[i-1])
		}
	}
}

// withoutExample are the codes that no policy triggers.
var withoutExample = map[string]bool{
	"M0239": true, "M0318": true, "M0539": true, "M0601": true, "M0604": true, "M0605": true, "M0901": true, "M0902": true, "M0903": true, "M0904": true,
}

func TestPages(t *testing.T) {
	for _, c := range All() {
		page, ok := Explain(strings.ToLower(c.ID))
		if !ok {
			t.Errorf("%s has no page", c.ID)
			continue
		}
		if want := "# " + c.ID + ": " + c.Title + "\n"; !strings.HasPrefix(page, want) {
			t.Errorf("the page of %s begins with %q, not %q", c.ID, page[:min(40, len(page))], want)
		}
		if has := strings.Contains(page, "\n```moe\n"); has == withoutExample[c.ID] {
			t.Errorf("%s: example %v", c.ID, has)
		}
		if n := len(regexp.MustCompile("(?m)^```").FindAllString(page, -1)); n%2 != 0 {
			t.Errorf("%s: a fence is not closed", c.ID)
		}
	}
	entries, _ := pages.ReadDir("pages")
	if len(entries) != len(All()) {
		t.Errorf("%d pages for %d codes", len(entries), len(All()))
	}
	if _, ok := Explain("M9999"); ok {
		t.Error("M9999 has a page")
	}
}
