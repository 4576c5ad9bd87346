// Package build makes a private Go module of generated code and the runtime,
// has the Go toolchain build it, offline and reproducibly, and says in a
// manifest what came out.
//
// It is the only part of the compiler that runs other programs. It knows
// neither policies nor IR: it is given packages of source text.
package build

import (
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	moeruntime "moec.dev/moec/runtime"
)

// Source is a tree of files by slash-separated path.
type Source map[string][]byte

// goMod is the module file of every library. It has no requirements: the
// runtime uses the standard library only.
const goMod = "module moec.dev/moec\n\ngo 1.25\n"

// Module returns the whole module: the runtime packages that the host needs,
// the bundles, main.go.
func Module(host string, bundles map[string]map[string][]byte, main []byte) (Source, error) {
	src := Source{"go.mod": []byte(goMod), "main.go": main}
	err := fs.WalkDir(moeruntime.Source, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if strings.HasSuffix(path, "_test.go") || strings.Contains(path, "testdata/") {
			return nil
		}
		if rest, ok := strings.CutPrefix(path, "host/"); ok && strings.Contains(rest, "/") && !strings.HasPrefix(rest, host+"/") {
			return nil // another host
		}
		text, err := moeruntime.Source.ReadFile(path)
		src["runtime/"+path] = text
		return err
	})
	if err != nil {
		return nil, err
	}
	for name, files := range bundles {
		for file, text := range files {
			src["bundles/b_"+name+"/"+file] = text // as gen.BundlePath has it
		}
	}
	return src, nil
}

// Paths returns the files of a source tree in order.
func (s Source) Paths() []string {
	paths := make([]string, 0, len(s))
	for p := range s {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	return paths
}

// write lays the tree out in a directory.
func (s Source) write(dir string) error {
	for _, p := range s.Paths() {
		name := filepath.Join(dir, filepath.FromSlash(p))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, s[p], 0o644); err != nil {
			return err
		}
	}
	return nil
}
