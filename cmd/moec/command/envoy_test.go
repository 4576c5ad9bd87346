package command

import "testing"

func TestOlder(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"1.38.3", "1.38", false},
		{"1.38", "1.38.0", false},
		{"1.37.9", "1.38", true},
		{"1.9.0", "1.38", true},
		{"1.100.0", "1.38", false},
		{"2.0.0", "1.38", false},
		{"1.40", "1.40.1", true},
	} {
		if got := older(c.a, c.b); got != c.want {
			t.Errorf("older(%q, %q) = %v", c.a, c.b, got)
		}
	}
}
