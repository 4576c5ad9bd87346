package syntax

import (
	"strings"
	"testing"

	"github.com/alecthomas/participle/v2/lexer"

	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

func TestFindExpression(t *testing.T) {
	// The expression ends at ⟂; without one it must be refused.
	for _, c := range []string{
		`a⟂`, `a⟂ with 403`, `a.with⟂ with 403`, `a.key⟂ key b`, `burst.burst⟂ burst 5`, `x.key == 1⟂ with 403`,
		`a.when⟂ when b`, `with⟂`, `key.x⟂, b`, `with == 1⟂`,
		`a⟂ if absent`, `a⟂ on error deny`, `a⟂ "b"`, `a⟂ 5`, `a⟂ 5s`, `a⟂ {`, `a⟂ }`, `a⟂, b`, `a⟂ = b`, `a⟂ : b`,
		`!a⟂ b`, `!!-a⟂ b`, `a - -b⟂ c`, `a in [1, 2]⟂ with`, `"x" in m⟂ b`,
		`a ? b : c⟂ : d`, `a ? b ? c : d : e⟂ with`, `a ? b : c ? d : e⟂, f`,
		`{"a": 1}⟂ with`, `{"a": 1}["a"] == 1⟂ with`, `[1, 2][0]⟂ x`, `(a)⟂ b`, `f(a, b)(c)[d]⟂ e`, `a == {"b": c}⟂ {`,
		`m[?"a"].orValue("b")⟂ with`, `a.?b⟂ with`, `a.?b.c == d⟂ e`, `{?"a": b}⟂ c`, `[?a]⟂ b`,
		`"}" + "//" + 'its'⟂`, `"a" == "with"⟂ with`, `b"a" == c⟂ d`, `1u + 0x1F⟂ x`, `.a.b⟂ c`, "m.`a-b` == 1⟂ x",
		`has(a.b) && a.b.exists(x, x == "{")⟂ with 403`, `a.matches(r"^\d+$")⟂ with`, `a || b && c⟂ with`,
		`cel.bind(x, [a with b], x)⟂ y`, // what stands in brackets is for CEL to judge

		``, `with 403`, `== a`, `a ==`, `a.`, `a &&`, `a ? b :`, `)`, `a in`, `in a`, `, a`, `a == = b`, `key b`, `a + )`,
	} {
		want, tail, ok := strings.Cut(c, "⟂")
		text := want + tail
		var l diag.List
		f := source.New("p.moe", text)
		toks := scan(f, &l)
		lex, err := lexer.Upgrade(&feed{text: text, toks: toks})
		if err != nil {
			t.Fatal(err)
		}
		got, err := findExpression(lex)
		switch {
		case l.Len() > 0:
			t.Errorf("%s: %v", c, l.Sorted())
		case !ok && err == nil:
			t.Errorf("%q is taken for %q", c, text[got.extent().start:got.extent().end])
		case ok && err != nil:
			t.Errorf("%q: %v", c, err)
		case ok && text[got.extent().start:got.extent().end] != want:
			t.Errorf("%q: got %q", c, text[got.extent().start:got.extent().end])
		}
	}
}
