package check

import (
	"regexp/syntax"
	"testing"
)

func TestAnchored(t *testing.T) {
	for pattern, want := range map[string]bool{
		`^a$`: true, `^(a|b)$`: true, `^a$|^b$`: true, `\Aa\z`: true, `(?i)^a$`: true, `^$`: true, `(^a)(b$)`: true, `^(?:^a)$`: true,
		`a`: false, ``: false, `^a`: false, `a$`: false, `^a|b$`: false, `a|^b$`: false, `^a\$`: false, `\^a$`: false, `(?m)^a$`: false, `x*^a$`: false,
		`^a$x*`: false, `(^)?a$`: false, `[^]a$]`: false,
	} {
		re, err := syntax.Parse(pattern, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		if got := anchored(re, false) && anchored(re, true); got != want {
			t.Errorf("%s: %v", pattern, got)
		}
	}
}
