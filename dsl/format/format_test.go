package format

import (
	"os"
	"testing"

	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

func TestScratch(t *testing.T) {
	text, err := os.ReadFile(os.Getenv("F"))
	if err != nil { t.Skip() }
	var d diag.List
	out, ok := Source(source.New("x.moe", string(text)), &d)
	for _, x := range d.Sorted() { t.Log(x) }
	t.Log(ok)
	os.WriteFile("/tmp/M/out.moe", []byte(out), 0o666)
}
