package resolve

import (
	"testing"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
	"moec.dev/moec/dsl/syntax"
)

// A help can be pasted.
func TestHelpsFit(t *testing.T) {
	for _, c := range []struct{ policy, module, want string }{
		{`route r { match "/a b/{x}"; public; respond 200 }`, "", `"/a%20b/{x}"`},
		{`route r { match "/a?b"; public; respond 200 }`, "", ""},
		{"policy q(x: string, y: int = 1, z: bool) { deny d when z }\nroute r { match \"/\"; public; respond 200 }", "", "use q(x: ..., z: ...)"},
		{"import \"./m\"\nroute r { match \"/\"; public; deny d when m.a; respond 200 }", "table t: map(string, int) from file \"t.csv\"\nlet a = true", "declare table t in the bundle, and hand what is read to the module's policies as an argument"},
	} {
		var diags diag.List
		tree := &ast.Bundle{Name: "shop", Files: []*ast.File{syntax.Parse(source.New("p.moe", c.policy), &diags)}}
		if c.module != "" {
			tree.Modules = map[string]*ast.Bundle{"./m": {Name: "m", Files: []*ast.File{syntax.Parse(source.New("m/m.moe", c.module), &diags)}}}
		}
		Resolve(tree, &diags)
		if diags.Len() == 0 || diags.Sorted()[0].Help != c.want {
			t.Errorf("%s: %v", c.policy, diags.Sorted())
		}
	}
}
