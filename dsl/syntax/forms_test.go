package syntax

import (
	"strings"
	"testing"
)

// form is one statement and the tree that it must give.
type form struct{ text, want string }

// wrap puts a statement into the block that it belongs to.
var wrap = map[blockKind][2]string{
	fileBlock: {"", ""}, routeBlock: {"route r {\n", "\n}"}, scopeBlock: {"scope s on all {\n", "\n}"},
	testBlock: {"test \"t\" {\n", "\n}"}, memberBlock: {"auth a = jwt {\n", "\n}"},
}

// checkForms parses each form in its block, wants no message, and compares the
// dump of what is inside.
func checkForms(t *testing.T, kind blockKind, forms []form) {
	t.Helper()
	for _, f := range forms {
		file, ds := parseText(t, wrap[kind][0]+f.text+wrap[kind][1])
		for _, d := range ds {
			t.Errorf("%s\n\t%v (help: %s)", f.text, d, d.Help)
		}
		got := dump(file.Decls)
		if kind != fileBlock {
			_, got, _ = strings.Cut(got[:max(0, len(got)-2)], map[blockKind]string{
				routeBlock: "Rules:", scopeBlock: "Rules:", testBlock: "Steps:", memberBlock: "Members:",
			}[kind])
		}
		got = strings.TrimSuffix(strings.TrimPrefix(got, "["), "]")
		if got != f.want {
			t.Errorf("%s\n\tgot  %s\n\twant %s", f.text, got, f.want)
		}
	}
}
