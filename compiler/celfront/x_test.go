package celfront
import ("testing";"fmt"; "moec.dev/moec/dsl/diag")
func TestX(t *testing.T) {
	e := names(t)
	for _, s := range []string{
		`a.b`, "n == 'é'", `request.host.startsWith("x") && n +  1 > 2`, "request . host == 'a'", "'é' + identity.id", `identity.claims.plan.orValue("é")`,
		`identity.groups.exists(g, g == "é" && g.size() > 1)`, `header("x")  + cookie ( 'y' )`, `[1, 2, n][0] == -n`, `{"a": 1, 'b': n}["a"] == 1`, `[?optional.of(1)] == [1]`,
		`request.headers["x"] == "é" ? twice(n) : twice( 2 )`, `!(n == 1)`, `( n == 1 )`, `has(request.headers.foo)`, `request.headers.foo`, `request.headers[?"a"].orValue("")`, `request.headers.?foo.orValue("")`,
		"n ==\n  1 &&\n  identity.id\n   .contains('é')", `"a" in identity.groups`, `identity.groups.map(g, g + "x").size() == 2`, `identity.groups.all(g, identity.groups.exists(h, h == g))`,
		`cel.bind(v, n + 1, v == v)`, `path.id == path.size`, `path.size.size()`, `twice(twice(n))`, `nothing()`, `duration("5s") < now - now`, `int("5")`, `r"\d" + '''é''' + b"x".size().string()`, `string(b"é")`, `identity.groups.filter(g, true)[0]`, `optional.none().hasValue()`, `in_cidr(request.host, ["10.0.0.0/8"])`, `n > 1 || n < 2 || n == 3 || n == 4`, `n == 1 && n == 2 && n == 3`, `-5 == - n`, `identity.groups.map(g, g != "", g)`, `[1,2].transformList(i, v, i + v)`, `{"a":1}.exists(k, v, k == "a")`, `1.0 < 2u`, `null == null`, `type(n) == int`, `dyn(n) == 1`,
		`identity.groups [ 0 ]`, `identity.claims.plan.optMap(p, p + "x").orValue("")`, `math.greatest(1,2,n)`, `strings.quote("x")`, `base64.encode(b"x")`, `"a,b".split(",")`, `ip("1.2.3.4").family()`, `[3,1].sortBy(x, -x)`, `request.headers`, `n in [1,2]`, `n == 1 // a comment`,
	} {
		var l diag.List
		c := e.Check(expression(s), &l)
		fmt.Printf("%s\n", s)
		if c != nil { c.Root.Walk(func(n *Expr) bool { fmt.Printf("   %d %s %s %v %v: [%s]\n", n.Op, n.Name, n.Overload, n.Value, n.Type, n.Span.Text()); return true }) }
		fmt.Println("   ", shown(l.Sorted()))
	}
}
