package check

import (
	"strings"
	"testing"
	"time"
)

// No expression keeps the analysis busy; what is too large to be proven counts
// as failing.
func TestHostileExpressions(t *testing.T) {
	s := unplaced(t)
	r := strings.Repeat
	for _, text := range []string{
		r("b && ", 3000) + "b", r("b || ", 3000) + "b", r(`m["a"] == 1 && `, 700) + "b", r(`"a" in m && m["a"] == 1 && `, 400) + "b", r("(b && (b || ", 14) + "b" + r("))", 14),
		r("(1 / n > 0 && (1 / k > 0 || ", 14) + "n > 0" + r("))", 14), r("(l[n] == 1 || l[k] == 2 && ", 25) + "b" + r(")", 25), "n in [" + r("1, ", 8000) + "1]", "[" + r("n, ", 8000) + "1][n] == 1", r("n + ", 40) + "1 > 0",
		r("cel.bind(q, ", 10) + "n" + r(", q + q)", 10) + " == 1", r("l.exists(i, ", 12) + "l[i] == 1" + r(")", 12), r("(b ? ", 20) + "l[n]" + r(" : 1)", 20) + " == 1", r("(n > k ? ", 18) + "n" + r(" : k + 1)", 18) + " == 1",
		r("n < k && ", 900) + "l[n] == 1", r("n + k < 5 && ", 200) + "s.substring(n, k) == t", "(" + r("m[", 20) + `"a"` + r("] == 1 ? s : t", 20) + ")", r("size(", 1) + r("s + ", 45) + "s) > 1", "{" + r(`"a": 1, `, 3000) + `"b": 2}[s] == 1`,
		r(`s.contains("`+r("x", 50)+`") || `, 300) + "b", r("l.map(i, ", 15) + "i" + r(")", 15) + ".size() == 1",
	} {
		x := s.expression(text)
		if x == nil {
			continue // the checker has limits of its own
		}
		start := time.Now()
		fs := s.failures(x.Root)
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%.60s... takes %v", text, took)
		}
		start = time.Now()
		if len(fs) > 0 {
			s.guarded(x, fs, inHeader)
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("the help for %.60s... takes %v", text, took)
		}
	}
}
