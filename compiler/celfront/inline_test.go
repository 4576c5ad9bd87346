package celfront

import (
	"testing"

	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// An argument stands in the tree wherever its parameter is meant, and nowhere
// else; the tree with the parameters stays.
func TestWith(t *testing.T) {
	env, err := NewEnv([]Variable{{"p", types.StringType}, {"v", types.StringType}, {"n", types.ListOf(types.StringType)}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	checked := func(text string) *Checked {
		var diags diag.List
		f := source.New("p.moe", text)
		x := env.Check(&ast.Expr{At: ast.At{Place: source.Span{File: f, End: len(text)}}, Text: text}, &diags)
		if x == nil {
			t.Fatalf("%s: %v", text, diags.Sorted())
		}
		return x
	}
	count := func(e *Expr, name string, root bool) int {
		n := 0
		e.Walk(func(e *Expr) bool {
			if e.Op == Var && e.Name == name && e.Root == root {
				n++
			}
			return true
		})
		return n
	}
	body := checked(`p == "a" || n.exists(p, p == "b") || n.exists(v, v == p)`)
	out := body.With(map[string]*Checked{"p": checked("v")})
	if got := count(out.Root, "p", false); got != 1 {
		t.Errorf("%d readings of p are left: the macro's own is one", got)
	}
	if in, outside := count(out.Root, "v", false), count(out.Root, "v", true); in != 2 || outside != 1 {
		t.Errorf("%d plain readings of v and %d of the one that the macro does not bind, want 2 and 1", in, outside)
	}
	if out.Body != body.Root || count(out.Body, "p", false) != 3 {
		t.Error("the tree with the parameters was changed")
	}
	if body.With(nil) != body {
		t.Error("an expression without arguments is copied")
	}
	if k := checked(`p + "x"`).With(map[string]*Checked{"p": checked(`"a"`)}); k.Root.Args[0].Value != "a" || k.Folded().Op == Const {
		t.Errorf("%v", k.Folded())
	}
}

func TestFits(t *testing.T) {
	env, err := NewEnv(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text string
		want *types.Type
		fits bool
	}{
		{"[]", types.ListOf(types.StringType), true},
		{"{}", types.MapOf(types.StringType, types.IntType), true},
		{"optional.none()", types.OptionalOf(types.StringType), true},
		{`["a"]`, types.ListOf(types.StringType), true},
		{"[1]", types.ListOf(types.StringType), false},
		{"[]", types.StringType, false},
		{"dyn(1)", types.IntType, false},
	} {
		var diags diag.List
		f := source.New("p.moe", c.text)
		x := env.Check(&ast.Expr{At: ast.At{Place: source.Span{File: f, End: len(c.text)}}, Text: c.text}, &diags)
		if x == nil {
			t.Fatalf("%s: %v", c.text, diags.Sorted())
		}
		if got := x.Fits(c.want); got != c.fits {
			t.Errorf("%s fits %s: %v", c.text, c.want, got)
		}
		if c.fits && !x.As(c.want).Type.Equal(c.want) {
			t.Errorf("%s is %s", c.text, x.As(c.want).Type)
		}
	}
}
