package docs

import (
	"strings"
	"testing"
	"testing/fstest"

	"moec.dev/moec/compiler"
)

// keyed compiles a bundle that reads a key file.
func keyed(text string) string {
	policy := strings.Replace(robots, "plan: string?", "plan: string?, seats: int?", 1) +
		"route home { match GET \"/\"; auth robots; respond 200 }\n"
	_, found := compiler.Run(compiler.Input{Name: "shop", FS: fstest.MapFS{
		"policy.moe": {Data: []byte(policy)}, "robots.keys": {Data: []byte(text)}}}, "")
	return said(found)
}

// The key files in the documentation can be read.
func TestKeyFiles(t *testing.T) {
	found := allFences(t, "keys")
	for _, f := range found {
		if said := keyed(f.text); said != "" {
			t.Errorf("%s: %s", f, said)
		}
	}
	if len(found) == 0 {
		t.Error("no key file was found")
	}
	if keyed("md5:0000 7\n") == "" {
		t.Error("nonsense is taken for a key")
	}
}
