package harness

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// BuildModule compiles a dynamic module written in C into dir and returns the
// path of the library.
func BuildModule(dir, source string) (string, error) {
	compiler := os.Getenv("CC")
	if compiler == "" {
		compiler = "cc"
	}
	name := filepath.Base(source)
	library := filepath.Join(dir, name[:len(name)-len(filepath.Ext(name))]+".so")
	// Envoy has the callbacks; they are looked up when they are first called.
	out, err := exec.Command(compiler, "-std=c11", "-O1", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror",
		"-shared", "-fPIC", "-Wl,-z,lazy", "-Wl,--unresolved-symbols=ignore-all", "-o", library, source).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("compiling %s: %w\n%s", name, err, out)
	}
	return library, nil
}
