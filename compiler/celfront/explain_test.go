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
		{`header(1)`, "M0301 [header] `header` takes a constant string, not an int | header(\"name\")"},
		{`"x".header()`, "M0301 [header] header takes one argument, a string | header(\"name\")"},
		{`twice()`, "M0301 [twice] wrong number of arguments for twice(int)"},
		{`twice("x")`, "M0301 [twice] `twice` takes (int), not (string) | twice(int)"},
		{`nothing(1)`, "M0301 [nothing] wrong number of arguments for nothing()"},
		{`n == 'é'`, "M0301 [==] `==` compares values of one type, not an int with a string | string(n) == 'é'"},
		{`'é' == 1 || 'é' + n == ""`, "M0301 [==] `==` compares values of one type, not a string with an int | 'é' == string(1)\nM0301 [+] `+` adds two values of one type, not a string and an int | 'é' + string(n)"},
		{"n ==\n  'é' && foo\n && bar", "M0301 [==] `==` compares values of one type, not an int with a string | string(n) == 'é'\nM0301 [foo] `foo` is not declared\nM0301 [bar] `bar` is not declared"},
		{`identity.claims.plan == "x"`, "M0301 [==] `==` compares values of one type, not a string? with a string | give the optional a default with .orValue( )"},
		{`n.size()`, "M0301 [n.size] `size` belongs to bytes, list, map or string, not to int | string(n).size()"},
		{`"é".matches(1)`, "M0301 [matches] `matches` of string takes (string), not (int)"},
		{`n.foo`, "M0301 [n.foo] `int` has no fields"},
		{`identity.groups["a"]`, "M0301 [[\"a\"]] the place in a list is an int, not a string"},
		{`n ? 1 : 2`, "M0301 [?] the condition before `?` must be a bool, not an int | n != 0"},
		{`"a" in n`, "M0301 [in] `in` looks into a list or a map, not into an int"},
		{`identity.groups.exists(g == "x")`, "M0301 [identity.groups.exists] `exists` is not written like this | list.exists(x, condition)"},
		{`identity.groups.all(g, g.all(h, h == "x"))`, "M0301 [g] a macro goes over a list or a map, not over a string"},
		{`has(n)`, "M0301 [n] has( ) takes the selection of a field | has(request.headers.name), or \"name\" in request.headers"},
		{`google.protobuf.Int32Value{value: 1}`, "M0402 [{] message literals are not part of the language | use a map or a list"},
		{`99999999999999999999`, "M0301 [99999999999999999999] this number does not fit an int"},
		{`cidr("é")`, "M0301 [\"é\"] \"é\" is not a block of addresses | 10.0.0.0/8"},
		{`__request`, "M0301 [__request] names that begin with __ belong to the compiler"},
		{`__header(__request, "x") == ""`, "M0301 [__header] names that begin with __ belong to the compiler"},
		{`"__x" == request.host && n.__x`, "M0301 [__x] names that begin with __ belong to the compiler"},

		{`n ==`, "M0301 [] unexpected end of the expression"},
		{`'é' == "x" )`, "M0301 [)] unexpected ')'"},
		{`(n == 1`, "M0301 [] missing ')' at end of the expression"},
		{`n = 1`, "M0301 [=] cannot read '=' | =="},
		{`'é' == '' and n == 2`, "M0301 [and] unexpected 'and' | &&"},
		{`"é`, "M0301 [\"] this text has no end"},
		{`&& n`, "M0301 [&] unexpected '&&'"},
		{`n == 1 ;`, "M0301 [;] cannot read ';' | one expression stands here"},
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
