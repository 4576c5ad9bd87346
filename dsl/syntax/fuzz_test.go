package syntax

import (
	"os"
	"testing"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// FuzzParse holds Parse to its promises: it returns, without an internal error,
// and every place that it names lies in the file.
func FuzzParse(f *testing.F) {
	shop, err := os.ReadFile("testdata/shop.moe")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(shop))
	for _, seed := range []string{
		"", "{", "}", "route a {", "route a\n", "let a = (", "\"", "\"\"\"", "r'", "auth a = b { , }", "test \"\" { send GET \"\" { \"a\":",
		"let a = b ? c : {d: [e?.f]}", "use a(b: c,", "table a: list(list({b: int?}))? from file \"\\x\"", "match GET,\nPOST", "\xff\xfe",
		"route a { forward to split { \"a\" 10%, } sticky by }", "deny x when a-b - c", "10%", "1h30", "forward to a among", "limit a /",
	} {
		f.Add(seed)
		f.Add("route r {\n" + seed + "\n}\n")
		f.Add("test \"t\" {\n" + seed + "\n}\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		var l diag.List
		file := source.New("p.moe", text)
		tree := Parse(file, &l)
		inside := func(s source.Span) bool {
			return s.File == file && 0 <= s.Start && s.Start <= s.End && s.End <= len(text)
		}
		for _, d := range l.Sorted() {
			if d.Code == diag.InternalError || !inside(d.Span) {
				t.Fatalf("%v at %d-%d", d, d.Span.Start, d.Span.End)
			}
		}
		for _, d := range tree.Decls {
			if !inside(d.Span()) {
				t.Fatalf("%T at %v", d, d.Span())
			}
			if r, ok := d.(*ast.Route); ok {
				for _, rule := range r.Rules {
					if !inside(rule.Span()) {
						t.Fatalf("%T at %v", rule, rule.Span())
					}
				}
			}
		}
	})
}
