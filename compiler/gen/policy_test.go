package gen_test

import (
	"fmt"
	"os"
	"testing"
	"testing/fstest"

	"moec.dev/moec/compiler"
	"moec.dev/moec/dsl/diag"
)

// One cache for all tests of the package, and none of the user's.
func TestMain(m *testing.M) {
	os.Exit(func() int {
		cache, err := os.MkdirTemp("", "moec-cache-")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(cache)
		os.Setenv("MOEC_CACHE", cache)
		return m.Run()
	}())
}

// keys are lines of a key file: the digests of one and two.
const keys = "sha256:7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed one ops,eu plan=gold level=3\n" +
	"sha256:3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3 two\n"

func input(name, policy string) compiler.Input {
	return compiler.Input{Name: name, FS: fstest.MapFS{"p.moe": {Data: []byte(policy)}, "k.keys": {Data: []byte(keys)}}}
}

// compiled takes a bundle through the compiler; an error ends the test.
func compiled(t *testing.T, name, policy string) *compiler.Unit {
	t.Helper()
	u, diags := compiler.Run(input(name, policy), "")
	for _, d := range diags {
		if d.Code.Severity == diag.Error {
			t.Fatalf("%v\n%.400s", d, policy)
		}
	}
	return u
}

// health is a route of this name.
func health(name string) string {
	return fmt.Sprintf("route %s { match GET \"/%s\"; public; respond 200 \"ok\" }\n", name, name)
}
