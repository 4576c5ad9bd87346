package envoy

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"moec.dev/moec/tests/envoy/harness"
)

// bundles is one library that holds every bundle of testdata/bundles, made
// with the command that users type.
var bundles = sync.OnceValues(func() (string, error) {
	moec := filepath.Join(scratch, "moec")
	if out, err := exec.Command("go", "build", "-o", moec, "moec.dev/moec/cmd/moec").CombinedOutput(); err != nil {
		return "", fmt.Errorf("building moec: %w\n%s", err, out)
	}
	dirs, err := filepath.Glob(filepath.Join("testdata", "bundles", "*"))
	if err != nil {
		return "", err
	}
	library := filepath.Join(scratch, "bundles.so")
	compile := exec.Command(moec, append(append([]string{"compile"}, dirs...), "-o", library)...)
	if out, err := compile.CombinedOutput(); err != nil {
		return "", fmt.Errorf("moec compile: %w\n%s", err, out)
	}
	_, err = os.Stat(library)
	return library, err
})

func bundlesLibrary(t *testing.T) string {
	t.Helper()
	library, err := bundles()
	if err != nil {
		t.Fatal(err)
	}
	return library
}

// chain is a listener with these bundles in one filter chain.
func chain(library, name string, bundles ...string) harness.Listener {
	l := harness.Listener{Name: name}
	for _, b := range bundles {
		l.Filters = append(l.Filters, harness.Filter{Library: library, Bundle: b})
	}
	return l
}
