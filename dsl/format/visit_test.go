package format

import (
	"testing"

	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
	"moec.dev/moec/dsl/syntax"
)

// The check that stands between a mistake here and a user's file.
func TestSame(t *testing.T) {
	const text = "route a { match GET \"/\"; public } // c\nlet b = x in [1, 2,]\nlet c = 1 - 2\n"
	var found diag.List
	tree := syntax.Parse(source.New("p.moe", text), &found)
	if found.Len() > 0 {
		t.Fatal(found.Sorted())
	}
	for other, want := range map[string]bool{
		text: true,
		"route a {\n  match GET \"/\"\n\n  public\n} // c\nlet b = x in [\n1,\n2]; let c = 1-2": true,
		"route a { match GET \"/\"; public }\nlet b = x in [1, 2]\nlet c = 1 - 2\n":             false,
		"route a { match GET \"/\"; public } // c\nlet b = x in [12]\nlet c = 1 - 2\n":          false,
		"route a { match GET \"/\"; public } // c\nlet b = x in [1, 2]\nlet c = 1 -\n":          false,
		"route a { match GET \"/\"; public } // c\nlet b = x in [1, 2]\nlet c = 1 - 3\n":        false,
		"route a { match GET \"/ \"; public } // c\nlet b = x in [1, 2]\nlet c = 1 - 2\n":       false,
		"let c = 1 - 2\nroute a { match GET \"/\"; public } // c\nlet b = x in [1, 2]\n":        false,
	} {
		if err := same(tree, source.New("p.moe", other)); (err == nil) != want {
			t.Errorf("%q: %v", other, err)
		}
	}
	// The same words in the same order, of another meaning.
	tree = syntax.Parse(source.New("p.moe", "route a { match GET, POST \"/\"; host \"a\", \"b\" }"), &found)
	if same(tree, source.New("p.moe", "route a { match GET, POST \"/\"; host \"a\" \"b\" }")) == nil {
		t.Error("a lost comma is not noticed")
	}
	tree = syntax.Parse(source.New("p.moe", "let a = f(-1, -2)"), &found)
	if same(tree, source.New("p.moe", "let a = f(-1 -2)")) == nil {
		t.Error("a lost comma in an expression is not noticed")
	}
}
