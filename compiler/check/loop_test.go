package check

import "testing"

func TestLoopsInsideEachOther(t *testing.T) {
	problems(t, func(s string) string {
		return "route s {\n  match GET \"/s\"\n  public\n  respond 200\n  " + lines(s) + "\n}\n"
	}, []problem{
		{`deny when header_values("a").all(x, query_values("b").exists(y, x == y))`, ""},
		{`deny when ["p", "q"].all(z, header_values("a").all(x, query_values("b").exists(y, x == y + z)))`, ""},
		{`deny when header_values("a").all(x, query_values("b").exists(y, header_values("c").all(z, x == y + z)))`,
			`M0315 [header_values("a").all(x, query_values("b").exists(y, header_values("c").all(z, x == y + z)))] 3 loops inside each other over lists that the client sizes; at most 2 are supported | compare with a constant list, or split the condition into two rules`},
	})
}
