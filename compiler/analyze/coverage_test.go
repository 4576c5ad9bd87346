package analyze

import (
	"strings"
	"testing"

	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
	"moec.dev/moec/dsl/syntax"
)

func TestCoverage(t *testing.T) {
	for _, c := range []struct{ routes, matches, want string }{
		{`match "/a/**"`, `match "/a/**"`, ""},
		{`match "/a/**"`, `match "/**"`, ""},
		{`match "/a/{x}"`, `match "/{y}/{z}"`, ""},
		{`match GET "/a"`, `match "/a"`, ""},
		{`match "/a/**"`, `match GET "/a/**"`, "it misses POST /a"},
		{`match GET "/a/**"`, `match GET "/a/{x}"`, "it misses GET /a"},
		{`match GET "/a/{x}"`, `match GET "/a/b"`, "it misses GET /a/x"},
		{`match GET "/a/{x}"`, `match HEAD "/a/{x}"`, "it misses GET /a/x"},
		{`match GET, POST "/a"`, "match GET \"/a\"\n match POST \"/a\"", ""},
		{`match GET "/a"`, "match \"/a\"\n host \"h.example\"", "it misses GET /a"},
		{"match GET \"/a\"\n host \"h.example\"", "match \"/a\"\n host \"*.example\"", ""},
		{"match GET \"/a\"\n host \"*.example\"", "match \"/a\"\n host \"h.example\"", "it misses GET a.example/a"},
		{`match GET "/a"`, `match "/b"`, "no request that a route takes matches scope s"},
		{"match GET \"/**\" }\nroute more { match GET \"/x/**\"; public; respond 200", `match "/x/**"`, "route a: it misses GET /"},
	} {
		var diags diag.List
		text := "route a {\n" + c.routes + "\n public\n respond 200 }\nscope s {\n" + c.matches + "\n deny d when header(\"x\") == \"1\" }\n"
		if strings.Contains(c.routes, "route more") {
			text = strings.Replace(text, " }\nroute more", "; public; respond 200 }\nroute more", 1)
			text = strings.Replace(text, "respond 200\n public\n respond 200 }", "respond 200 }", 1)
		}
		tree := &ast.Bundle{Name: "shop", Files: []*ast.File{syntax.Parse(source.New("p.moe", text), &diags)}}
		b := resolve.Resolve(tree, &diags)
		if diags.HasErrors() {
			t.Fatalf("%s: %v", text, diags.Sorted()[0])
		}
		Analyze(b, &diags)
		got := ""
		for _, d := range diags.Sorted() {
			got += d.Message
		}
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s\n gives %q, want %q", text, got, c.want)
		}
	}
}
