package celfront

import (
	"strings"
	"testing"
)

// An operator has the operands that the grammar gives it, and a call its own.
func TestOperands(t *testing.T) {
	for _, c := range []struct{ text, at, left, right, args string }{
		{`a + b * c == d`, "==", "a + b * c", "d", ""},
		{`a + b * c == d`, "+", "a", "b * c", ""},
		{`a && b || c == -d && e`, "==", "c", "-d", ""},
		{`f(a, b)[0] - -1 > 2`, "- -", "f(a, b)[0]", "-1", ""},
		{`x ? a - b - c : d`, "- c", "a - b", "c", ""},
		{`x == y ? 1 : 2`, "?", "x == y", "1", ""},
		{`!a.b(c) && d`, "!", "", "a.b(c)", ""},
		{`"x" in a.b["=="]`, "in", `"x"`, `a.b["=="]`, ""},
		{`(a < b) == c`, "==", "(a < b)", "c", ""},
		{`1 + a.b(c + d, [e, f]).g(h)`, "(h", "a.b(c + d, [e, f])", "", "h"},
		{`1 + a.b(c + d, [e, f])`, "(c", "a", "", "c + d; [e, f]"},
		{`f(a)[1]`, "[", "f(a)", "", "1"},
	} {
		o := beside(c.text, strings.Index(c.text, c.at))
		if args := strings.Join(o.args, "; "); o.left != c.left || o.right != c.right || args != c.args {
			t.Errorf("%s at %s: %q, %q, %q", c.text, c.at, o.left, o.right, args)
		}
	}
}
