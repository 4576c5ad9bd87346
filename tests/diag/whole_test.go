package diag

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"moec.dev/moec/compiler"
	"moec.dev/moec/dsl/diag"
)

// whole runs all stages, and those for the bundle's tests.
var whole compileFunc = func(fsys fs.FS, name string) []*diag.Diagnostic {
	u, found := compiler.Run(compiler.Input{FS: fsys, Name: name}, "")
	if slices.ContainsFunc(found, isError) {
		return found
	}
	_, more := u.ForTests()
	return append(found, more...)
}

func isError(d *diag.Diagnostic) bool { return d.Code.Severity == diag.Error }

// withoutExample says why the page of a code shows no policy that triggers it.
var withoutExample = map[string]string{
	diag.OverBudget.ID:    "about the --budget of a command line",
	diag.EnvoyLacks.ID:    "about a configuration of Envoy",
	diag.EnvoyLoose.ID:    "about a configuration of Envoy",
	diag.NotText.ID:       "its bytes are no text, and a page is",
	diag.TooLarge.ID:      "the file would be larger than the manual",
	diag.InternalError.ID: "a mistake of moec itself",
	diag.MissingTool.ID:   "about the machine",
	diag.BuildFailed.ID:   "about the machine",
	diag.BadUsage.ID:      "about a command line",
}

// Every page shows a policy that gives its message and no error besides.
func TestPagesThroughTheCompiler(t *testing.T) {
	for _, c := range diag.All() {
		page, _ := diag.Explain(c.ID)
		files := example(page)
		if why, listed := withoutExample[c.ID]; len(files) == 0 || listed {
			if !listed || len(files) > 0 {
				t.Errorf("%s: the page has %d files; the list says %q", c.ID, len(files), why)
			}
			continue
		}
		triggered := false
		for _, d := range whole(fs.FS(files), "example") {
			triggered = triggered || d.Code.ID == c.ID
			if isError(d) && d.Code.ID != c.ID {
				t.Errorf("the example of %s gives %v, too", c.ID, d)
			}
		}
		if !triggered {
			t.Errorf("the example of %s does not give it", c.ID)
		}
	}
}

// The key files of the policies in check; the second is for auths that declare
// a claim level.
const (
	keys   = "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae r1\n"
	levels = "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae r1 ops level=1\n"
)

// What is too large, or no text, stands in no folder: it is made here.
func TestUnwieldy(t *testing.T) {
	route := func(expression string) []byte {
		return []byte("route a { match GET \"/\"; public; deny when " + expression + "; respond 200 }\n")
	}
	for _, c := range []struct {
		code diag.Code
		text []byte
	}{
		{diag.TooComplex, route(`header("` + strings.Repeat("a", 40<<10) + `") == "1"`)},
		{diag.TooComplex, route(strings.Repeat("(", 90) + "true" + strings.Repeat(")", 90))},
		{diag.NotText, route("header(\"\xff\") == \"1\"")},
		{diag.TooLarge, route(strings.Repeat(" ", 2<<20) + "true")},
	} {
		found := whole(fstest.MapFS{"p.moe": {Data: c.text}}, "unwieldy")
		if len(found) == 0 || found[0].Code.ID != c.code.ID {
			t.Errorf("%s: %v", c.code.ID, found)
		}
	}
}
