package syntax

import (
	"strings"
	"testing"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// FuzzFindExpression holds the search for the end of an expression to its
// promises: what it takes lies in the file, begins and ends with a token, and
// stays the same when the clause behind it is another.
func FuzzFindExpression(f *testing.F) {
	for _, seed := range []string{
		`a`, `a == b`, `a.with.key.burst == 1`, `header("x") == "a" && b`, `a ? b : c`, `[1, 2][0] in {"a": 1}`, "a &&\n b", "a\n && b", "a\n.b", `m.?a.orValue("")`, `m[?"a"]`, `-1 - -a`, `!a`,
		`"a with b"`, `'''a` + "\n" + `b'''`, `r"\"`, `b"\x00"`, `x.exists(y, y == "}")`, `{}`, `(((`, `]`, `a b`, `a in b in c`, `in`, `with`, `a ? b`, `:`, `1.5e3u`, `10%`, "a // b\n", `é`, "a\r\n", `a;b`, `{ "a": { "b": [ (1) ] } }`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > maxFuzzed {
			return
		}
		found := taken(t, "route r {\nmatch GET \"/\"\npublic\ndeny x when ", text, " with 403\nrespond 200\n}\n")
		if found == "" {
			return
		}
		if other := taken(t, "let x = ", found, "\n"); other != found {
			t.Fatalf("%q is taken from a rule, and %q of that from a let", found, other)
		}
	})
}

// maxFuzzed bounds what a fuzz target looks at, in bytes.
const maxFuzzed = 64 << 10

// taken is the first expression that the parser finds in a policy, or "".
func taken(t *testing.T, before, text, behind string) string {
	var l diag.List
	file := source.New("p.moe", before+text+behind)
	tree := Parse(file, &l)
	for _, d := range l.Sorted() {
		if d.Code == diag.InternalError || d.Span.Start < 0 || d.Span.End > len(file.Text) || d.Span.Start > d.Span.End {
			t.Fatalf("%v at %d-%d", d, d.Span.Start, d.Span.End)
		}
	}
	var x *ast.Expr
	for _, d := range tree.Decls {
		switch d := d.(type) {
		case *ast.Let:
			x = d.Value
		case *ast.Route:
			for _, r := range d.Rules {
				if deny, ok := r.(*ast.Deny); ok && x == nil {
					x = deny.When
				}
			}
		}
	}
	if x == nil || l.HasErrors() {
		return ""
	}
	if x.Span().Text() != x.Text || x.Text == "" || strings.TrimSpace(x.Text) != x.Text {
		t.Fatalf("the expression is %q, its place has %q", x.Text, x.Span().Text())
	}
	if !strings.HasPrefix(file.Text[x.Span().Start:], x.Text) {
		t.Fatalf("%q does not stand at %d", x.Text, x.Span().Start)
	}
	return x.Text
}
