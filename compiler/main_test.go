package compiler

import (
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write what was expected anew")

// One cache for all tests of the package, and none of the user's.
func TestMain(m *testing.M) {
	os.Exit(func() int {
		flag.Parse()
		cache, err := os.MkdirTemp("", "moec-cache-")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(cache)
		os.Setenv("MOEC_CACHE", cache)
		return m.Run()
	}())
}
