package build

import (
	"bytes"
	"debug/elf"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The same sources and tools give the same bytes: in another cache, under
// other settings of the caller, without any module at hand and without the
// network.
func TestReproducible(t *testing.T) {
	keepGoCaches(t)
	src, tc := empty(t, "dynmod"), tools(t, true)
	build := func(cache string) []byte {
		t.Helper()
		t.Setenv("MOEC_CACHE", cache)
		lib, err := Library(t.Context(), src, tc)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(lib, cache) {
			t.Errorf("built into %s instead of %s", lib, cache)
		}
		text, err := os.ReadFile(lib)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{cache, os.Getenv("HOME"), "/go/src/", os.TempDir() + "/"} {
			if len(path) > 3 && bytes.Contains(text, []byte(path)) {
				t.Errorf("the library names %s", path)
			}
		}
		return text
	}
	first := build(filepath.Join(t.TempDir(), "a"))
	for name, value := range map[string]string{
		"GOFLAGS": "-bad", "GOEXPERIMENT": "nonsense", "GODEBUG": "cgocheck=2", "CGO_CFLAGS": "-Dbroken(", "CGO_LDFLAGS": "-lnonesuch",
		"CGO_ENABLED": "0", "GOWORK": "/nonexistent", "GOENV": "/nonexistent", "GOOS": "plan9", "GOARCH": "wasm", "GOAMD64": "v4", "GO111MODULE": "off",
		"GOPROXY": "http://127.0.0.1:1", "GOTOOLCHAIN": "go9.99.9", "GOMODCACHE": t.TempDir(), "GOPATH": t.TempDir(), "C_INCLUDE_PATH": "/nonexistent",
		"LIBRARY_PATH": "/nonexistent", "LC_ALL": "de_DE.UTF-8", "SOURCE_DATE_EPOCH": "1", "HOME": t.TempDir(), "PWD": "/nonexistent",
	} {
		t.Setenv(name, value)
	}
	t.Chdir(t.TempDir())
	if !bytes.Equal(first, build(filepath.Join(t.TempDir(), "another cache, it's \"far\" away"))) {
		t.Error("two builds differ")
	}
}

// What is built once is taken from the cache; nothing else is left there.
func TestCache(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("MOEC_CACHE", cache)
	src, tc := empty(t, "pipe"), tools(t, false)
	first, err := Executable(t.Context(), src, tc)
	if err != nil {
		t.Fatal(err)
	}
	if names := entries(t, cache); len(names) != 1 {
		t.Errorf("left in the cache: %v", names)
	}
	second, err := Executable(t.Context(), src, &Toolchain{Go: "/nonexistent", GoVersion: tc.GoVersion})
	if err != nil || first != second {
		t.Errorf("not from the cache: %s, %v", second, err)
	}
	seen := map[string]bool{key(src, tc, "prog"): true}
	for what, k := range map[string]string{
		"a file": key(with(src, "main.go", "package main"), tc, "prog"), "a name": key(with(src, "a.go", ""), tc, "prog"),
		"Go": key(src, &Toolchain{GoVersion: "go9"}, "prog"), "cc": key(src, &Toolchain{GoVersion: tc.GoVersion, CCVersion: "x"}, "prog"),
		"the kind": key(src, tc, "lib.so"), "a file's border": key(with(with(src, "a.go", "xb.go 0\n"), "b.go", ""), tc, "prog"),
		"another border": key(with(src, "a.go", "xb.go 0\nb.go 0\n"), tc, "prog"),
	} {
		if seen[k] {
			t.Errorf("another %s gives the same key", what)
		}
		seen[k] = true
	}
}

func with(src Source, name, text string) Source {
	out := Source{name: []byte(text)}
	for p, b := range src {
		if p != name {
			out[p] = b
		}
	}
	return out
}

func TestCacheThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("MOEC_CACHE", file)
	if _, err := Executable(t.Context(), empty(t, "pipe"), tools(t, false)); err == nil || !strings.Contains(err.Error(), "cache") {
		t.Errorf("%v", err)
	}
	for _, name := range []string{"MOEC_CACHE", "XDG_CACHE_HOME", "HOME"} {
		t.Setenv(name, "")
	}
	if _, err := Executable(t.Context(), empty(t, "pipe"), &Toolchain{}); err == nil || !strings.Contains(err.Error(), "set MOEC_CACHE") {
		t.Errorf("%v", err)
	}
}

// A library shows Envoy its hooks and nothing else, and needs nothing but the
// C library.
func TestLibraryFile(t *testing.T) {
	t.Setenv("MOEC_CACHE", t.TempDir())
	lib, err := Library(t.Context(), empty(t, "dynmod"), tools(t, true))
	if err != nil {
		t.Fatal(err)
	}
	f, err := elf.Open(lib)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	symbols, err := f.DynamicSymbols()
	if err != nil {
		t.Fatal(err)
	}
	hooks := 0
	for _, s := range symbols {
		switch {
		case s.Section == elf.SHN_UNDEF:
			if strings.HasPrefix(s.Name, "envoy_") && elf.ST_BIND(s.Info) != elf.STB_WEAK {
				t.Errorf("%s is not weak: an Envoy without it could not load the library", s.Name)
			}
		case strings.HasPrefix(s.Name, "envoy_dynamic_module_on_"):
			hooks++
		default:
			t.Errorf("exports %s", s.Name)
		}
	}
	if hooks < 15 {
		t.Errorf("only %d hooks", hooks)
	}
	libraries, err := f.ImportedLibraries()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range libraries {
		if !slices.Contains([]string{"libc.so.6", "libpthread.so.0", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}, l) {
			t.Errorf("needs %s", l)
		}
	}
	m := &Manifest{}
	if err := m.Describe(lib); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(m.Glibc, "2.") || len(m.SHA256) != 64 || m.EnvoyNewest != NewestEnvoy || !strings.HasPrefix(m.Platform, "linux/") {
		t.Errorf("%+v", m)
	}
}

// Code that does not build is a mistake of the compiler, and reported whole.
func TestFailure(t *testing.T) {
	t.Setenv("MOEC_CACHE", t.TempDir())
	t.Setenv("TMPDIR", t.TempDir())
	src := with(empty(t, "pipe"), "bundles/shop/bundle.go", "package policy\n\nvar Bundle = nonesuch\n")
	src["main.go"] = []byte("package main\n\nimport _ \"moec.dev/moec/bundles/shop\"\n\nfunc main() {}\n")
	_, err := Executable(t.Context(), src, tools(t, false))
	var f *Failure
	if !errors.As(err, &f) {
		t.Fatalf("%v", err)
	}
	if !strings.Contains(f.Output, "undefined: nonesuch") || !strings.Contains(err.Error(), f.Report) {
		t.Errorf("%v\n%s", err, f.Output)
	}
	report, err := os.ReadFile(f.Report)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"undefined: nonesuch", "-- bundles/shop/bundle.go --", "-- main.go --"} {
		if !strings.Contains(string(report), part) {
			t.Errorf("the report lacks %q", part)
		}
	}
	if names := entries(t, os.Getenv("MOEC_CACHE")); len(names) != 0 {
		t.Errorf("left in the cache: %v", names)
	}
}
