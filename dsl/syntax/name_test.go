package syntax

import "testing"

func TestNames(t *testing.T) {
	for name, want := range map[string]bool{
		"a": true, "a_1": true, "per_user": true, "": false, "A": false, "_a": false, "1a": false, "a-b": false, "é": false,
	} {
		if got := ValidName(name); got != want {
			t.Errorf("ValidName(%q) = %v", name, got)
		}
	}
	for _, w := range []string{"in", "allow", "identity", "header", "authenticated", "string", "path", "else"} {
		if Reserved(w) == "" {
			t.Errorf("%s is not reserved", w)
		}
	}
	if why := Reserved("orders"); why != "" {
		t.Errorf("orders is %s", why)
	}
}

func TestNearest(t *testing.T) {
	among := []string{"respond", "redirect", "set", "use"}
	for word, want := range map[string]string{
		"respnd": "respond", "repsond": "respond", "sett": "set", "ste": "set", "redirct": "redirect", "x": "", "forward": "",
		"aveeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeerylongword": "",
	} {
		if got := nearest(word, among); got != want {
			t.Errorf("nearest(%q) = %q, want %q", word, got, want)
		}
	}
}
