package celfront

import (
	"strings"
	"testing"
)

// Every node covers its own text, from the first character to the last:
// messages, and what they propose to paste, stand on it.
func TestSpans(t *testing.T) {
	e := names(t)
	for _, c := range []struct{ text, nodes string }{
		{`n`, `n`},
		{`-5 == - n`, `-5 == - n ¦ -5 ¦ - n ¦ n`},
		{`-5.5e-3 < 0x1F`, `-5.5e-3 < 0x1F ¦ -5.5e-3 ¦ 0x1F`},
		{`1u<2u`, `1u<2u ¦ 1u ¦ 2u`},
		{`request.host == "é"`, `request.host == "é" ¦ request.host ¦ "é"`},
		{`request . host == 'é'`, `request . host == 'é' ¦ request . host ¦ 'é'`},
		{`path.id == path.size`, `path.id == path.size ¦ path.id ¦ path.size`},
		{`path.size.size() > 1`, `path.size.size() > 1 ¦ path.size.size() ¦ path.size ¦ 1`},
		{`"é世" + request.host + '🎉'`, `"é世" + request.host + '🎉' ¦ "é世" + request.host ¦ "é世" ¦ request.host ¦ '🎉'`},
		{`r"\" + '''a'b''' + "\"(" + request.host`, `r"\" + '''a'b''' + "\"(" + request.host ¦ r"\" + '''a'b''' + "\"(" ¦ r"\" + '''a'b''' ¦ r"\" ¦ '''a'b''' ¦ "\"(" ¦ request.host`},
		{`b"é" == bR'\d'`, `b"é" == bR'\d' ¦ b"é" ¦ bR'\d'`},
		{`( n == 1 )`, `n == 1 ¦ n ¦ 1`},
		{`(n == 1) && ((n == 2))`, `(n == 1) && ((n == 2)) ¦ n == 1 ¦ n ¦ 1 ¦ n == 2 ¦ n ¦ 2`},
		{`!(n == 1)`, `!(n == 1) ¦ n == 1 ¦ n ¦ 1`},
		{`("a" + request.host).size() == (1)`, `("a" + request.host).size() == (1) ¦ ("a" + request.host).size() ¦ "a" + request.host ¦ "a" ¦ request.host ¦ 1`},
		{`(n > 1) ? (n) : (-n)`, `(n > 1) ? (n) : (-n) ¦ n > 1 ¦ n ¦ 1 ¦ n ¦ -n ¦ n`},
		{`n == 1 || n == 2 || n == 3`, `n == 1 || n == 2 || n == 3 ¦ n == 1 || n == 2 ¦ n == 1 ¦ n ¦ 1 ¦ n == 2 ¦ n ¦ 2 ¦ n == 3 ¦ n ¦ 3`},
		{`[1, n][0]`, `[1, n][0] ¦ [1, n] ¦ 1 ¦ n ¦ 0`},
		{`[ ?optional.of(n) ][?0]`, `[ ?optional.of(n) ][?0] ¦ [ ?optional.of(n) ] ¦ optional.of(n) ¦ n ¦ 0`},
		{`{"é": n}["é"]`, `{"é": n}["é"] ¦ {"é": n} ¦ "é" ¦ n ¦ "é"`},
		{`identity.groups [ 0 ]`, `identity.groups [ 0 ] ¦ identity.groups ¦ 0`},
		{`"é" in identity.groups`, `"é" in identity.groups ¦ "é" ¦ identity.groups`},
		{`request.headers.foo`, `request.headers.foo ¦ request.headers`},
		{`request.headers.?foo.orValue("")`, `request.headers.?foo.orValue("") ¦ request.headers.?foo ¦ request.headers ¦ foo ¦ ""`},
		{`request.headers[?"é"].orValue("")`, `request.headers[?"é"].orValue("") ¦ request.headers[?"é"] ¦ request.headers ¦ "é" ¦ ""`},
		{`has( request.headers.foo )`, `has( request.headers.foo ) ¦ request.headers`},
		{`header("é")  + cookie ( 'y' )`, `header("é")  + cookie ( 'y' ) ¦ header("é") ¦ "é" ¦ cookie ( 'y' ) ¦ 'y'`},
		{`twice(twice( n ))`, `twice(twice( n )) ¦ twice( n ) ¦ n`},
		{`nothing( )`, `nothing( )`},
		{`in_cidr(request.host, ["10.0.0.0/8"])`, `in_cidr(request.host, ["10.0.0.0/8"]) ¦ request.host ¦ ["10.0.0.0/8"] ¦ "10.0.0.0/8"`},
		{`identity.groups.exists(g, g == "é" && g.size() > 1)`, `identity.groups.exists(g, g == "é" && g.size() > 1) ¦ identity.groups ¦ g == "é" && g.size() > 1 ¦ g == "é" ¦ g ¦ "é" ¦ g.size() > 1 ¦ g.size() ¦ g ¦ 1`},
		{`identity.groups.filter(g, true)[0]`, `identity.groups.filter(g, true)[0] ¦ identity.groups.filter(g, true) ¦ identity.groups ¦ true ¦ 0`},
		{`identity.groups.all(g, identity.groups.exists(h, h == g))`, `identity.groups.all(g, identity.groups.exists(h, h == g)) ¦ identity.groups ¦ identity.groups.exists(h, h == g) ¦ identity.groups ¦ h == g ¦ h ¦ g`},
		{`cel.bind(v, n + 1, v == v)`, `cel.bind(v, n + 1, v == v) ¦ n + 1 ¦ n ¦ 1 ¦ v == v ¦ v ¦ v`},
		{`math.greatest(1, n)`, `math.greatest(1, n) ¦ 1 ¦ n`},
		{`optional.none().hasValue()`, `optional.none().hasValue() ¦ optional.none()`},
		{"n ==\n  1 && // é )\n  request.host\n   .contains('é')", "n ==\n  1 && // é )\n  request.host\n   .contains('é') ¦ n ==\n  1 ¦ n ¦ 1 ¦ request.host\n   .contains('é') ¦ request.host ¦ 'é'"},
	} {
		var nodes []string
		checked(t, e, c.text).Root.Walk(func(n *Expr) bool {
			nodes = append(nodes, n.Span.Text())
			return true
		})
		if got := strings.Join(nodes, " ¦ "); got != c.nodes {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.nodes)
		}
	}
}

// The whole of an expression is its text without the spaces, comments and
// brackets around it, however it is nested.
func TestSpanOfTheWhole(t *testing.T) {
	e := names(t)
	for _, text := range []string{
		`n + n * n - n / n % n`, `n < 1 == (n > 2)`, `identity.groups.map(g, g + "x").size()`, `"a".split(",")[0].size()`,
		`[[1], [n]][0][0]`, `{1: {2: n}}[1][2]`, `[1].transformList(i, v, i + v)`, `identity.claims.plan.optMap(p, p + "x").orValue("")`,
		`request.headers[request.headers["é"]]`, `!!!nothing()`, `true ? (false ? 1 : 2) : 3`,
	} {
		if got := checked(t, e, text).Root.Span.Text(); got != text {
			t.Errorf("%q covers %q", text, got)
		}
	}
}

func TestScan(t *testing.T) {
	for text, want := range map[string]string{
		`a.b1`:        `a . b1`,
		`1.5+.5`:      `1.5 + .5`,
		`1.e`:         `1 . e`,
		`1e+5-2`:      `1e+5 - 2`,
		`0xe+1`:       `0xe + 1`,
		`1u>=2`:       `1u >= 2`,
		`"a\"b"'c'`:   `"a\"b" 'c'`,
		`"""a"b"""`:   `"""a"b"""`,
		`r"\"+b`:      `r"\" + b`,
		`bR'\'`:       `bR'\'`,
		`rb`:          `rb`,
		`"open`:       `"open`,
		"a//b\n//\nc": `a c`,
		`!=!a&&b||c`:  `!= ! a && b || c`,
		"\té🎉":        `é 🎉`,
		`"\`:          `"\`,
	} {
		var got []string
		for _, tk := range scan(text) {
			got = append(got, text[tk.start:tk.end])
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %s, want %s", text, s, want)
		}
	}
}
