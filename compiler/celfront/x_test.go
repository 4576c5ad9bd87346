package celfront

import (
	"fmt"
	"moec.dev/moec/dsl/diag"
	"strings"
	"testing"
	"time"
)

func TestX(t *testing.T) {
	e := names(t)
	for _, s := range []string{
		`request.hots == ""`, `path.nope`, `identity.claims.pln`, `identity`, `request`, `header()`, `header("a", "b")`, `header(1)`, `"x".header()`, `twice()`, `twice("x")`, `twice(1, 2)`, `nothing(1)`, `n ==`, `n == 1)`, `(n == 1`, `n = 1`, `"abc`, `n == 1 &&`, `&& n`, `n n`, `n + "x"`, `!n`, `-"x"`, `n ? 1 : 2`, `n ? 1 : "x"`, `true ? 1 : "x"`, `"a" in n`, `n.foo`, `identity.groups.foo`, `identity.groups["a"]`, `request.headers[1]`, `identity.groups.exists(n == 1)`, `identity.groups.exists(1, true)`, `has(n)`, `has(request.headers["x"])`, `"x".matches(1)`, `"x".startWith("y")`, `startsWith("x")`, `[1, "a"]`, `{"a": 1, "b": "c"}`, `{1.5: 2}`, `99999999999999999999`, `1u + 1`, `size(n)`, `__request`, `__header(__request, "x")`, `__header`, `moe.request`, `Foo{a: 1}`, `google.protobuf.Int32Value{value: 1}`, `request.headers{}`, "n ==\n\n  'é' + 1", `'é' == 1 || 'é' + n`, `in`, `as`, `let`, `package == 1`, "`a`", `request.headers.` + "`x-foo`" + ` == ""`, `a.b.c.d`, `identity.claims.plan == "x"`, `identity.claims.plan + "x"`, `now > "x"`, `duration("x") > 1`, `n.size()`, `hasheader("x")`, `headr("x")`, `qeury("x")`, `cidr("x")`, `in_cidr("x")`, `in_cidr(1, 2)`, `int_or("x")`, "n == 1;", `n == 1 ??`, `$`, "\x00", `"\q"`, "'\n'", `b"é" == 1`, `n == 0x`, `1 == 1.`, `.n == 1`, `x.?y`, `[?1]`, `{?"a": 1}`, `cel.bind(n, 1)`, `cel.bind(1, 1, 1)`, `math.greatest()`, `math.greatest("a")`, `optional.foo(1)`, `dyn(1).foo.bar`, `null.foo`, `type(1) == 1`, `"a" == 1 && "b" == 2`, `undefined1 && undefined2`,
		"n == 1\n|| foo\n|| bar", `identity.groups.map(g, g.nope)`, `identity.groups.all(g, g.all(h, h == foo))`, `1 < "a"`, `true < 1`, `"é".foo()`, `n == 1 and n == 2`, `not n`, `n === 1`, `n <> 1`, `request.headers["x"`, `request.headers["x]`, `!`, `()`, ` `, ``, `n == 1 // "`, `//`, `string()`, `int("a", 2)`, `timestamp("x").getHours(1)`, `identity.groups.sortBy(x)`, `[1].transformList(i, i)`, `lists.range("a")`, `sets.contains(1, [1])`, `ip(1)`, `identity.subject`,
	} {
		var l diag.List
		c := e.Check(expression(s), &l)
		fmt.Printf("%s   ==> %v\n", s, c != nil)
		fmt.Println("   ", shown(l.Sorted()))
	}
	for _, s := range []string{strings.Repeat("(", 5000), strings.Repeat("(", 100) + "1" + strings.Repeat(")", 100), strings.Repeat("(", 30) + "1" + strings.Repeat(")", 30), strings.Repeat("!", 1000) + "true", strings.Repeat("-", 1000) + "n", strings.Repeat("[", 1000), strings.Repeat("a.", 5000) + "b", strings.Repeat("true && ", 3000) + "true", strings.Repeat("n + ", 3000) + "n", strings.Repeat("true ? true : ", 1000) + "true", strings.Repeat("[[1].map(x, ", 20) + "1" + strings.Repeat(")]", 20), strings.Repeat("[1].map(x, ", 20) + "1" + strings.Repeat(")", 20), strings.Repeat("1,", 10000), "[" + strings.Repeat("1,", 10000) + "1]", strings.Repeat("twice(", 40) + "1" + strings.Repeat(")", 40), strings.Repeat("n.", 15000) + "x", `"` + strings.Repeat("é", 15000) + `"`, strings.Repeat("é", 10000), strings.Repeat("identity.groups.exists(g, ", 12) + "true" + strings.Repeat(")", 12),
		strings.Repeat("x", 32<<10), strings.Repeat("x", 32<<10+1), strings.Repeat("{1:", 200), strings.Repeat("\"a\"[", 1000), strings.Repeat("n == 1 ? ", 2000), strings.Repeat("a(", 3000), strings.Repeat("request.headers[", 40) + `"x"` + strings.Repeat("]", 40)} {
		var l diag.List
		start := time.Now()
		c := e.Check(expression(s), &l)
		out := shown(l.Sorted())
		if len(out) > 250 {
			out = out[:250] + fmt.Sprint("...", len(out))
		}
		fmt.Printf("%.40s %d  ==> %v %v\n    %s\n", s, len(s), c != nil, time.Since(start), out)
	}
}
