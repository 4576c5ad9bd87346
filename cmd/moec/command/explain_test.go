package command

import "testing"

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"M0207", "M0207", 0}, {"M027", "M0207", 1}, {"M0027", "M0207", 2}, {"", "M0207", 5}, {"X0207", "M0207", 1},
	} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestNearest(t *testing.T) {
	for text, want := range map[string]string{"M0999": "M0901", "207": "M0207", "M2O7": "M0207", "N0801": "M0801"} {
		if got := nearest(text).ID; got != want {
			t.Errorf("nearest(%q) = %s, want %s", text, got, want)
		}
	}
}
