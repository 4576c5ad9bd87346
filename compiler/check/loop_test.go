package check

import "testing"

func TestLoopsInsideEachOther(t *testing.T) {
	problems(t, func(s string) string {
		return "route s {\n  match GET \"/s\"\n  public\n  respond 200\n  " + lines(s) + "\n}\n"
	}, []problem{
		{`deny when header_values("a").all(x, query_values("b").exists(y, x == y))`, ""},
		{`deny when ["p", "q"].all(z, header_values("a").all(x, query_values("b").exists(y, x == y + z)))`, ""},
		{`deny when header_values("a").all(x, query_values("b").exists(y, header_values("c").all(z, x == y + z)))`,
			`M0315 [header_values("a").all(x, query_values("b").exists(y, header_values("c").all(z, x == y + z)))] loops inside each other over lists that the client sizes: 3 levels, where parts of a text count twice; at most 2 are supported | bound a split, as in split(",", 64), compare with a constant list, or split the condition into two rules`},
		{`deny when request.headers.all(a, request.headers.all(b, request.headers.all(c, a + b + c == "")))`,
			`M0315 [request.headers.all(a, request.headers.all(b, request.headers.all(c, a + b + c == "")))] loops inside each other over lists that the client sizes: 3 levels, where parts of a text count twice; at most 2 are supported | bound a split, as in split(",", 64), compare with a constant list, or split the condition into two rules`},
		{`deny when header("a").split(",").exists(x, header("b").split(",").exists(y, x == y))`,
			`M0315 [header("a").split(",").exists(x, header("b").split(",").exists(y, x == y))] loops inside each other over lists that the client sizes: 4 levels, where parts of a text count twice; at most 2 are supported | bound a split, as in split(",", 64), compare with a constant list, or split the condition into two rules`},
		{`deny when header("a").split(",").all(x, x in header("b").split(","))`,
			`M0315 [header("a").split(",").all(x, x in header("b").split(","))] loops inside each other over lists that the client sizes: 4 levels, where parts of a text count twice; at most 2 are supported | bound a split, as in split(",", 64), compare with a constant list, or split the condition into two rules`},
		{`deny when header("a").split(",").distinct().size() > 1`, ""},
		{`deny when header_values("a").exists(v, v.split(",").exists(p, p.split(";").exists(q, q == "")))`,
			`M0315 [header_values("a").exists(v, v.split(",").exists(p, p.split(";").exists(q, q == "")))] loops inside each other over lists that the client sizes: 3 levels, where parts of a text count twice; at most 2 are supported | bound a split, as in split(",", 64), compare with a constant list, or split the condition into two rules`},
		{`deny when header("a").split(",").exists(x, x == "")`, ""},
		{`deny when header("a").split(",", 64).exists(x, header("b").split(",", 64).exists(y, x == y))`, ""},
		{`deny when header_values("a").exists(v, v.split(",").exists(p, p == ""))`, ""},
		{`deny when header_values("a").distinct().size() > 1`, ""},
		{`deny when header("a").split(",").exists(x, x in ["a", "b"])`, ""},
		{`deny when request.headers.exists(k, v, header_values("a").exists(w, w == v))`, ""},
	})
}
