package celfront

import (
	"strings"
	"testing"

	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// before stands before every expression of these tests: a place that is found
// without regard to it, or counted in characters instead of bytes, is wrong.
const before = "// é世界🎉\nlet x = "

// names is an environment like a route's.
func names(t testing.TB) *Env {
	t.Helper()
	e, err := NewEnv([]Variable{
		{"request.host", types.StringType}, {"request.headers", types.MapOf(types.StringType, types.StringType)},
		{"identity.id", types.StringType}, {"identity.groups", types.ListOf(types.StringType)},
		{"identity.claims.plan", types.OptionalOf(types.StringType)}, {"path.id", types.StringType},
		{"path.size", types.StringType}, {"n", types.IntType}, {"now", types.TimestampType},
	}, []Function{{"twice", []*types.Type{types.IntType}, types.IntType}, {"nothing", nil, types.BoolType}})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// expression is text as it stands in a policy, with something behind it.
func expression(text string) *ast.Expr {
	f := source.New("p.moe", before+text+"\n// é\n")
	return &ast.Expr{Text: text, At: ast.At{Place: source.Span{File: f, Start: len(before), End: len(before) + len(text)}}}
}

// checked checks an expression that must be right.
func checked(t *testing.T, e *Env, text string) *Checked {
	t.Helper()
	var diags diag.List
	c := e.Check(expression(text), &diags)
	if c == nil || diags.Len() > 0 {
		t.Fatalf("%s: %v", text, diags.Sorted())
	}
	return c
}

// shown is a diagnostic as code, place and message: M0301 `text` message
// | help.
func shown(ds []*diag.Diagnostic) string {
	var out []string
	for _, d := range ds {
		s := d.Code.ID + " [" + d.Span.Text() + "] " + d.Message
		if d.Help != "" {
			s += " | " + d.Help
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}
