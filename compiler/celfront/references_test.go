package celfront

import (
	"strings"
	"testing"
)

func TestReferences(t *testing.T) {
	for text, want := range map[string]string{
		`a`:                   "a",
		`a.b.c`:               "a a.b a.b.c",
		`a(b) + c`:            "b a c _+_",
		`is_ops && !is_bot`:   "is_ops is_bot !_ _&&_",
		`header("x")`:         "__request __header",
		`let_one(let_two(1))`: "let_two let_one",
		`[a, b[c]]`:           "a b c _[_]",
		`{a: b}`:              "a b",
		`a ? b : c`:           "a b c _?_:_",
		`a ==`:                "",
		`"a"`:                 "",
		strings.Repeat("x", maxExpressionBytes+1): "",
	} {
		if got := strings.Join(References(text), " "); got != want {
			t.Errorf("%.40s: %s, want %s", text, got, want)
		}
	}
	// Names that a macro binds are among those that its loop reads.
	if got := " " + strings.Join(References(`groups.exists(g, g == other)`), " ") + " "; !strings.Contains(got, " groups ") || !strings.Contains(got, " other ") {
		t.Errorf("in a macro: %s", got)
	}
}
