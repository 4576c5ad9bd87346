package compiler

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// The limits on one file and one expression do not bound a bundle: it has one
// of its own.
func TestBundleIsBounded(t *testing.T) {
	files := fstest.MapFS{"a.moe": {Data: []byte(health)}}
	for i := range 5 {
		files[fmt.Sprintf("b%d.moe", i)] = &fstest.MapFile{Data: []byte("// " + strings.Repeat("é", 400<<10) + "\n")}
	}
	if _, diags := Run(Input{FS: files, Name: "shop"}, ""); len(diags) != 0 {
		t.Fatal(shown(diags))
	}
	files["c.moe"] = &fstest.MapFile{Data: []byte("// " + strings.Repeat("é", 500<<10) + "\n")}
	_, diags := Run(Input{FS: files, Name: "shop"}, "")
	if len(diags) != 1 || diags[0].Code.ID != "M0605" || diags[0].Span.File.Name != "c.moe" {
		t.Errorf("a bundle that is too large: %s", shown(diags))
	}
}
