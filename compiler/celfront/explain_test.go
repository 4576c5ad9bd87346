package celfront

import (
	"strings"
	"testing"

	"moec.dev/moec/dsl/diag"
)

// Each case gives code, the blamed text, the message and the help.
func TestProblems(t *testing.T) {
	e := names(t)
	for _, c := range []struct{ text, want string }{
		{`request.hots == ""`, "M0301 [request.hots] `request.hots` is not declared | request.host"},
		{`identity.claims.pln`, "M0301 [identity.claims.pln] `identity.claims.pln` is not declared | identity.claims.plan"},
		{`foo`, "M0301 [foo] `foo` is not declared"},
		{`a`, "M0301 [a] `a` is not declared"},
		{`headr("x")`, "M0301 [headr] `headr` is not declared | header"},
		{`"x".startWith("y")`, "M0301 [startWith] `startWith` is not declared | startsWith"},
		{`header()`, "M0301 [header] header takes one argument, a string | header(\"name\")"},
		{`header("a", "b")`, "M0301 [header] header takes one argument, a string | header(\"name\")"},
		{`header(1)`, "M0301 [header] `header` does not take (int)"},
		{`"x".header()`, "M0301 [header] header takes one argument, a string | header(\"name\")"},
		{`twice()`, "M0301 [twice] wrong number of arguments for twice(int)"},
		{`twice("x")`, "M0301 [twice] `twice` does not take (string) | twice(int)"},
		{`nothing(1)`, "M0301 [nothing] wrong number of arguments for nothing()"},
		{`n == 'é'`, "M0301 [==] `==` does not take (int, string)"},
		{`'é' == 1 || 'é' + n == ""`, "M0301 [==] `==` does not take (string, int)\nM0301 [+] `+` does not take (string, int) | convert the other side with string( )"},
		{"n ==\n  'é' && foo\n && bar", "M0301 [==] `==` does not take (int, string)\nM0301 [foo] `foo` is not declared\nM0301 [bar] `bar` is not declared"},
		{`identity.claims.plan == "x"`, "M0301 [==] `==` does not take (string?, string) | give the optional a default with .orValue( )"},
		{`n.size()`, "M0301 [n.size] `size` of int does not take ()"},
		{`"é".matches(1)`, "M0301 [matches] `matches` of string does not take (int)"},
		{`n.foo`, "M0301 [n.foo] type 'int' does not support field selection"},
		{`identity.groups["a"]`, "M0301 [[\"a\"]] `[ ]` does not take (list(string), string)"},
		{`n ? 1 : 2`, "M0301 [?] `? :` does not take (int, int, int)"},
		{`"a" in n`, "M0301 [in] `in` does not take (string, int)"},
		{`identity.groups.exists(g == "x")`, "M0301 [identity.groups.exists] `exists` is not written like this | list.exists(x, condition)"},
		{`identity.groups.all(g, g.all(h, h == "x"))`, "M0301 [g] expression of type 'string' cannot be range of a comprehension (must be list, map, or dynamic)"},
		{`has(n)`, "M0301 [n] invalid argument to has() macro"},
		{`google.protobuf.Int32Value{value: 1}`, "M0402 [{] message literals are not part of the language | use a map or a list"},
		{`99999999999999999999`, "M0301 [99999999999999999999] invalid int literal"},
		{`cidr("é")`, "M0301 [\"é\"] invalid cidr argument: CIDR \"é\""},
		{`__request`, "M0301 [__request] names that begin with __ belong to the compiler"},
		{`__header(__request, "x") == ""`, "M0301 [__header] names that begin with __ belong to the compiler"},
		{`"__x" == request.host && n.__x`, "M0301 [__x] names that begin with __ belong to the compiler"},

		{`n ==`, "M0301 [] unexpected end of the expression"},
		{`'é' == "x" )`, "M0301 [)] unexpected ')'"},
		{`(n == 1`, "M0301 [] missing ')' at end of the expression"},
		{`n = 1`, "M0301 [=] cannot read '=' | =="},
		{`'é' == '' and n == 2`, "M0301 [and] unexpected 'and' | &&"},
		{`"é`, "M0301 [\"] cannot read '\"é'"},
		{`&& n`, "M0301 [&] unexpected '&&'"},
		{`n == 1 ;`, "M0301 [;] cannot read ';'"},
		{``, "M0301 [] unexpected end of the expression"},
	} {
		var diags diag.List
		if e.Check(expression(c.text), &diags) != nil {
			t.Errorf("%s is accepted", c.text)
		}
		if got := shown(diags.Sorted()); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// Names of the machinery stay inside.
func TestProblemsSpeakOfThePolicyOnly(t *testing.T) {
	e := names(t)
	for _, text := range []string{
		`header(n)`, `header_values(1)`, `query(true)`, `query_values()`, `cookie([])`, `twice(1, 2)`, `twice(true)`, `!header("x")`,
		`header("x") + 1`, `header("x").foo`, `header("x").foo()`, `header_values("x")["a"]`, `identity.groups.exists(g, twice(g) == 1)`,
		`nothing() + 1`, `nothing().x`, `in_cidr(header("x"))`, `cookie`, `twice`, `"a" ==`, `[1 2]`, `{1 2}`, `a b`, `1..2`, `"` + "\n" + `"`,
	} {
		var diags diag.List
		if e.Check(expression(text), &diags) != nil {
			t.Errorf("%s is accepted", text)
		}
		if diags.Len() == 0 {
			t.Errorf("%s: no reason given", text)
		}
		for _, d := range diags.Sorted() {
			for _, noise := range []string{"__", "moe.request", "expecting", "viable", "token", "EOF", "optional_type", "overload", "let_"} {
				if strings.Contains(d.Message+d.Help, noise) {
					t.Errorf("%s: %s | %s", text, d.Message, d.Help)
				}
			}
		}
	}
}
