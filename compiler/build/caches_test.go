package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The Go tool gets a cache that it can write to, and the caller's if that one
// says so.
func TestGoCaches(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file") // nothing can be made below, not even by root
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	onPath(t, map[string]string{"go": `while [ "$1" != -o ]; do shift; done
echo "GOCACHE=$GOCACHE GOPATH=$GOPATH" > "$2"`})
	fake := filepath.Join(os.Getenv("PATH"), "go")
	moec := filepath.Join(dir, "moec")
	for _, c := range []struct {
		name, home, xdg, gocache, gopath string
		want                             string
	}{
		{"a home", filepath.Join(dir, "home"), "", "", "", "GOCACHE= GOPATH="},
		{"no home", "", "", "", "", "GOCACHE=" + moec + "/go-build GOPATH=" + moec + "/go"},
		{"no home, but caches", "", "", "/gc", "/gp", "GOCACHE=/gc GOPATH=/gp"},
		{"no home, but a cache", "", filepath.Join(dir, "xdg"), "", "", "GOCACHE= GOPATH=" + moec + "/go"},
		{"a home that cannot be", filepath.Join(file, "home"), "", "", "", "GOCACHE=" + moec + "/go-build GOPATH="},
		{"a cache that cannot be", filepath.Join(dir, "home"), file, "", "", "GOCACHE=" + moec + "/go-build GOPATH="},
		{"a relative home", "home", "", "", "", "GOCACHE=" + moec + "/go-build GOPATH="},
	} {
		t.Run(c.name, func(t *testing.T) {
			for name, value := range map[string]string{"MOEC_CACHE": moec, "HOME": c.home, "XDG_CACHE_HOME": c.xdg, "GOCACHE": c.gocache, "GOPATH": c.gopath, "GOMODCACHE": ""} {
				t.Setenv(name, value)
			}
			out, err := Executable(t.Context(), Source{"main.go": []byte(c.name)}, &Toolchain{Go: fake})
			if err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			if strings.TrimSpace(string(got)) != c.want {
				t.Errorf("the Go tool got %s\nwant %s", got, c.want)
			}
		})
	}
}

// A GOCACHE that the caller has set and that cannot be is not moec's mistake.
func TestGoCacheOfTheCallerThatCannotBe(t *testing.T) {
	t.Setenv("MOEC_CACHE", t.TempDir())
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"not/absolute", filepath.Join(file, "below")} {
		t.Setenv("GOCACHE", dir)
		_, err := Executable(t.Context(), empty(t, "pipe"), tools(t, false))
		if err == nil || !strings.Contains(err.Error(), "cannot use GOCACHE="+dir) || !strings.Contains(err.Error(), "unset it") {
			t.Errorf("%v", err)
		}
	}
}
