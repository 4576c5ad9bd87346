package scenario

import (
	"strings"
	"testing"
)

func TestNamesEnding(t *testing.T) {
	names := []string{"b.canonical", "b.r.canonical", "b.r.owner", "b.rr.owners", "b.s.owner"}
	for written, want := range map[string]string{
		"b.canonical": "b.canonical", "canonical": "b.canonical b.r.canonical", "r.owner": "b.r.owner",
		"owner": "b.r.owner b.s.owner", "owners": "b.rr.owners", "ner": "", "r": "", "": "",
	} {
		if got := strings.Join(namesEnding(names, written), " "); got != want {
			t.Errorf("%q can mean %q, not %q", written, got, want)
		}
	}
}
