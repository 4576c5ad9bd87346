package build

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// empty is a module without bundles, for a host.
func empty(t *testing.T, host string) Source {
	t.Helper()
	main := "package main\n\nimport _ \"moec.dev/moec/runtime/host/" + host + "\"\n\nfunc main() {}\n"
	src, err := Module(host, nil, []byte(main))
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// tools are those of this machine.
func tools(t *testing.T, needC bool) *Toolchain {
	t.Helper()
	tc, err := FindToolchain(context.Background(), needC)
	if err != nil {
		t.Fatal(err)
	}
	return tc
}

// onPath makes PATH these scripts and nothing else.
func onPath(t *testing.T, scripts map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range scripts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
}

// keepGoCaches keeps the toolchain's own caches when HOME changes.
func keepGoCaches(t *testing.T) {
	t.Helper()
	out, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOCACHE", string(out[:len(out)-1]))
}

// entries are the names in a directory.
func entries(t *testing.T, dir string) []string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}
