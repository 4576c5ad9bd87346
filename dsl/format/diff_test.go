package format

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDiff(t *testing.T) {
	for _, c := range []struct{ before, after, want string }{
		{"a\n", "a\n", ""},
		{"a\nb\nc\nd\ne\nf\ng\nh\n", "a\nb\nc\nd\nE\nf\ng\nh\n", "@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n"},
		{"", "a\n", "@@ -0,0 +1 @@\n+a\n"},
		{"a", "a\n", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"},
		{"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "x\n2\n3\n4\n5\n6\n7\n8\n", "@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n 4\n@@ -6,4 +6,3 @@\n 6\n 7\n 8\n-9\n"},
	} {
		want := c.want
		if want != "" {
			want = "--- p.moe\n+++ p.moe\n" + want
		}
		if got := Diff("p.moe", c.before, c.after); got != want {
			t.Errorf("%q to %q:\n%s\nwant\n%s", c.before, c.after, got, want)
		}
	}
}

// Carrying out the edits leads from one text to the other.
func TestEdits(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom([]string{"a\n", "b\n", "c\n"}), 0, 30)
		a, b := lines.Draw(r, "before"), lines.Draw(r, "after")
		var before, after strings.Builder
		for _, e := range edits(a, b) {
			if e.op != '+' {
				before.WriteString(e.text)
			}
			if e.op != '-' {
				after.WriteString(e.text)
			}
		}
		if before.String() != strings.Join(a, "") || after.String() != strings.Join(b, "") {
			r.Fatalf("%q to %q: %v", a, b, edits(a, b))
		}
	})
}
