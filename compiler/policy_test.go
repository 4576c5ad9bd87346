package compiler

import (
	"strings"
	"testing"
	"testing/fstest"

	"moec.dev/moec/dsl/diag"
)

// bundle is the files of a bundle: name, text, name, text.
func bundle(files ...string) Input {
	fsys := fstest.MapFS{}
	for i := 0; i+1 < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return Input{FS: fsys, Name: "shop", Display: "shop"}
}

// accepted takes a bundle through all stages; an error ends the test.
func accepted(t *testing.T, files ...string) *Unit {
	t.Helper()
	u, diags := Run(bundle(files...), "")
	for _, d := range diags {
		if d.Code.Severity == diag.Error {
			t.Fatalf("%v\n%s", d, strings.Join(files, "\n"))
		}
	}
	return u
}

// shown is each diagnostic as place, code and blamed text.
func shown(diags []*diag.Diagnostic) string {
	var out []string
	for _, d := range diags {
		out = append(out, d.Span.String()+" "+d.Code.ID+" ["+d.Span.Text()+"]")
	}
	return strings.Join(out, "\n")
}

// key is a line of a key file: the digest of the text "key".
const key = "sha256:2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683 one ops\n"
