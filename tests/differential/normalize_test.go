package differential

import (
	"math/rand"
	"strings"
	"testing"
	"time"
	"unsafe"

	"moec.dev/moec/compiler"
	"moec.dev/moec/compiler/interp"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/runtime/core"

	"testing/fstest"
)

// TestNormalizedPaths holds the runtime's rewriting of paths against the
// interpreter's on random paths made of what is odd about paths.
func TestNormalizedPaths(t *testing.T) {
	policy := "bundle b { paths normalize }\nroute every { match \"/**\"; public; forward to \"up\" }\n"
	unit, found := compiler.Run(compiler.Input{FS: fstest.MapFS{"p.moe": {Data: []byte(policy)}}, Name: "b", Display: "b"}, "")
	if len(found) > 0 {
		t.Fatal(found)
	}
	oracle := interp.New(unit.Checked)
	spec := (&core.Spec{Bundle: "b", Normalize: true}).Prepare()
	arena := make([]byte, core.ArenaSize)
	pieces := []string{"/", "/", "/", ".", "..", "a", "b", "%2e", "%2E", "%61", "%c3%a9", "%2f", "%", "%4", ";", "?", "%25", "%3a", "~", "%c3", "\\", "#", "%5c", "%00", "\xc3"}
	random := rand.New(rand.NewSource(time.Now().UnixNano()))
	changed := 0
	for range 200_000 {
		var path strings.Builder
		path.WriteString("/")
		most := len(pieces)
		if random.Intn(4) > 0 {
			most = 11 // nothing that is refused at once
		}
		for range random.Intn(12) {
			path.WriteString(pieces[random.Intn(most)])
		}
		got := rewritten(spec, arena, path.String())
		out, err := oracle.Send("b", scenario.Request{Method: "GET", Path: path.String(), Authority: "a", Scheme: "http"})
		if err != nil {
			t.Fatal(err)
		}
		want := ""
		for _, h := range out.Request {
			if h.Name == ":path" {
				want = h.Value
			}
		}
		if got != want {
			t.Fatalf("%q becomes %q; the interpreter has %q", path.String(), got, want)
		}
		if got != "" && got != path.String() {
			changed++
		}
		if got != "" && rewritten(spec, arena, got) != got {
			t.Fatalf("%q becomes %q, which is rewritten again", path.String(), got)
		}
	}
	if changed < 10_000 {
		t.Errorf("only %d paths were rewritten", changed)
	}
}

// rewritten is the path that the runtime decides on; "" where it refuses.
func rewritten(spec *core.Spec, arena []byte, path string) string {
	var fields []core.Field
	for _, h := range [][2]string{{":method", "GET"}, {":path", path}, {":authority", "a"}, {":scheme", "http"}} {
		borrow := func(s string) core.Bytes {
			return core.Bytes{P: unsafe.Pointer(unsafe.StringData(s)), N: uintptr(len(s))}
		}
		fields = append(fields, core.Field{Key: borrow(h[0]), Value: borrow(h[1])})
	}
	f := &core.Frame{Arena: unsafe.SliceData(arena), Headers: unsafe.SliceData(fields), NHeaders: uintptr(len(fields))}
	var r core.Request
	if !r.Open(f, spec) {
		return ""
	}
	return strings.Clone(r.Path())
}
