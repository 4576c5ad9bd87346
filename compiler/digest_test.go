package compiler

import (
	"testing"
	"testing/fstest"
)

// What a module imports is part of what a bundle is.
func TestDigestOfModules(t *testing.T) {
	digests := map[string]bool{}
	for _, deep := range []string{"let x = 1", "let x = 2"} {
		u, found := Run(Input{Name: "b", FS: fstest.MapFS{
			"p.moe":        {Data: []byte("import \"./m\"\nroute a { match GET \"/\"; public; respond 200 }\n")},
			"m/m.moe":      {Data: []byte("import \"./deep\"\nlet y = deep.x\n")},
			"m/deep/d.moe": {Data: []byte(deep)},
		}}, "")
		if u == nil || u.IR == nil {
			t.Fatal(found)
		}
		digests[u.IR.Digest] = true
	}
	if len(digests) != 2 {
		t.Error("another module of a module gives the same digest")
	}
}
