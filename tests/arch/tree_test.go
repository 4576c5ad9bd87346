package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// root is the project's folder as seen from this package.
const root = "../.."

// module is the path that imports of ours begin with.
const module = "moec.dev/moec/"

// file is one file of the project.
type file struct {
	path string // from the root, with slashes
	text string
	// tree is nil for what is no Go.
	tree *ast.File
}

func (f file) test() bool { return strings.HasSuffix(f.path, "_test.go") }

// folder is where the file lies: "" for the root.
func (f file) folder() string {
	if i := strings.LastIndexByte(f.path, '/'); i >= 0 {
		return f.path[:i]
	}
	return ""
}

// imports are the paths that a Go file imports, those of ours without the
// module's path.
func (f file) imports() []string {
	var out []string
	if f.tree == nil {
		return nil
	}
	for _, i := range f.tree.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err == nil {
			out = append(out, strings.Replace(p, module, "./", 1))
		}
	}
	return out
}

// goFile makes a file of source text; it is nil when that does not parse.
func goFile(path, text string) (file, error) {
	tree, err := parser.ParseFile(token.NewFileSet(), path, text, parser.ParseComments)
	return file{path, text, tree}, err
}

// skipped are folders that are no part of the source.
var skipped = map[string]bool{".git": true, ".envoy": true, "bin": true}

// tree reads the project: every file that is part of its source.
func tree(t *testing.T) []file {
	t.Helper()
	var out []file
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if skipped[d.Name()] {
				return filepath.SkipDir
			}
			return nil
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		switch filepath.Ext(name) {
		case ".so", ".test", ".prof":
			return nil // built, and ignored by git
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		f := file{path: filepath.ToSlash(rel), text: string(text)}
		if strings.HasSuffix(name, ".go") && !strings.Contains(f.path, "testdata/") {
			if f, err = goFile(f.path, f.text); err != nil {
				return err
			}
		}
		out = append(out, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 100 {
		t.Fatalf("only %d files were found", len(out))
	}
	return out
}

// report fails the test for everything that a rule has found.
func report(t *testing.T, found []string) {
	t.Helper()
	for _, s := range found {
		t.Error(s)
	}
}

// caught fails the test unless a rule has found exactly n things.
func caught(t *testing.T, found []string, n int) {
	t.Helper()
	if len(found) != n {
		t.Errorf("%d things were found, want %d:\n%s", len(found), n, strings.Join(found, "\n"))
	}
}

// parsed is a Go file for tests of rules.
func parsed(t *testing.T, path, text string) file {
	t.Helper()
	f, err := goFile(path, text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
