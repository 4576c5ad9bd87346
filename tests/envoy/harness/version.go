// Package harness runs real Envoys for the tests and the demo: it starts one
// with bundles of a compiled library, sends requests exactly as written, plays
// the upstream behind it, and reports outcomes in the words of
// compiler/scenario.
//
// It does not know how a library is built or what a policy means.
package harness

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// Supported are the Envoy versions that one library must serve.
var Supported = []string{"1.38.3", "1.39.3", "1.40.0"}

// Binary returns the path of the Envoy of a version: that of the environment
// variable MOEC_ENVOYS (VERSION=PATH, separated by commas), or else the one
// that scripts/fetch-envoy finds or fetches.
func Binary(version string) (string, error) {
	for _, entry := range strings.Split(os.Getenv("MOEC_ENVOYS"), ",") {
		name, path, ok := strings.Cut(strings.TrimSpace(entry), "=")
		if ok && name == version {
			if _, err := os.Stat(path); err != nil {
				return "", fmt.Errorf("MOEC_ENVOYS names Envoy %s: %w", version, err)
			}
			return path, nil
		}
	}
	out, err := exec.Command(filepath.Join(Root(), "scripts", "fetch-envoy"), version).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return "", fmt.Errorf("%s", strings.TrimSpace(string(exit.Stderr)))
		}
		return "", err
	}
	return strings.TrimSpace(string(out)), nil
}

// Root is the top of the source tree.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..")
}
