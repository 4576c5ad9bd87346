// Package scale holds moec to its times on a policy of a thousand rules.
package scale

import (
	"testing"
	"testing/fstest"
	"time"

	"moec.dev/moec/compiler"
	"moec.dev/moec/dsl/diag"
)

func TestCheckInTime(t *testing.T) {
	files := fstest.MapFS{}
	for name, text := range bundle(50, 20) {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	start := time.Now()
	u, found := compiler.Run(compiler.Input{FS: files, Name: "large"}, "")
	for i, d := range found {
		if d.Code.Severity == diag.Error || i < 3 {
			t.Errorf("%v", d)
		}
		if i == 10 { break }
	}
	t.Log(len(found), time.Since(start), u.Times)
}
