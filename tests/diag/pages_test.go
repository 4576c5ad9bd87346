package diag

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"moec.dev/moec/dsl/diag"
)

// example returns the files of a page's fences: the policy and its data.
func example(page string) fstest.MapFS {
	files := fstest.MapFS{}
	lines := strings.Split(page, "\n")
	for i := 0; i < len(lines); i++ {
		name := ""
		if lines[i] == "```moe" {
			name = "example.moe"
		} else if f, ok := strings.CutPrefix(lines[i], "```file "); ok {
			name = f
		}
		if name == "" {
			continue
		}
		start := i + 1
		for i++; i < len(lines) && lines[i] != "```"; i++ {
		}
		files[name] = &fstest.MapFile{Data: []byte(strings.Join(lines[start:i], "\n") + "\n")}
	}
	return files
}

// early reports whether the stages up to the tree give a code: the syntax, and
// of the names and files what shows without them being resolved.
func early(c diag.Code) bool {
	switch c {
	case diag.BadName, diag.UnreadableFile, diag.NoPolicy, diag.BadImport:
		return true
	}
	return strings.HasPrefix(c.ID, "M01")
}

// The example of a page must give the message that the page explains, and one
// that is refused later must be free of other mistakes up to there.
func TestPages(t *testing.T) {
	for _, c := range diag.All() {
		page, _ := diag.Explain(c.ID)
		files := example(page)
		if len(files) == 0 {
			continue
		}
		var codes []string
		for _, d := range front(fs.FS(files), "example") {
			codes = append(codes, d.Code.ID)
		}
		want := ""
		if early(c) {
			want = c.ID
		}
		if got := strings.Join(codes, " "); got != want {
			t.Errorf("the example of %s gives %q, want %q", c.ID, got, want)
		}
	}
}
