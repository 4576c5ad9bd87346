package arch

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// avoided are packages of the standard library that parts of the project must
// do without.
var avoided = []struct {
	under   string // folders that begin so
	except  string // folders that may
	imports string
	why     string
}{
	{"runtime/", "runtime/host/dynmod", "C", "cgo is for the border to Envoy; everything else can be tested without it"},
	{"runtime/", "runtime/host/dynmod runtime/host/pipe", "fmt reflect encoding/json log os net/http", "the library is small, and nothing on the request path may reflect or allocate"},
	{"runtime/", "", "os/exec net plugin syscall", "the library starts nothing and speaks to nobody"},
	{"runtime/core", "", "encoding/binary encoding/hex encoding/base64", "core reads bytes by itself"},
	{"runtime/", "runtime/core runtime/authn runtime/host/dynmod runtime/host/pipe", "unsafe", "views of borrowed memory are made in one place"},
	{"dsl/", "", "os os/exec net net/http time/tzdata", "the front end is given its files"},
	{"compiler/", "compiler/build compiler/process", "os/exec", "only building and running run programs"},
	{"compiler/", "compiler/build", "os", "stages are functions of their input"},
	{"compiler/interp", "", "unsafe", "the oracle is plain code"},
}

func usesAvoided(files []file) []string {
	var out []string
	for _, f := range files {
		if f.tree == nil || f.test() {
			continue
		}
		for _, a := range avoided {
			if !strings.HasPrefix(f.folder()+"/", a.under) || slices.Contains(strings.Fields(a.except), f.folder()) || f.folder()+"/" == a.under {
				continue
			}
			for _, i := range f.imports() {
				if slices.Contains(strings.Fields(a.imports), i) {
					out = append(out, fmt.Sprintf("%s imports %s: %s", f.path, i, a.why))
				}
			}
		}
	}
	return out
}

func TestAvoided(t *testing.T) { report(t, usesAvoided(tree(t))) }

func TestAvoidedNotices(t *testing.T) {
	caught(t, usesAvoided([]file{
		parsed(t, "runtime/core/a.go", "package core\nimport \"C\""),
		parsed(t, "runtime/route/a.go", "package route\nimport _ \"fmt\""),
		parsed(t, "runtime/core/b.go", "package core\nimport _ \"encoding/hex\""),
		parsed(t, "runtime/eval/a.go", "package eval\nimport _ \"unsafe\""),
		parsed(t, "compiler/lower/a.go", "package lower\nimport _ \"os\""),
		parsed(t, "dsl/load/a.go", "package load\nimport _ \"os\""),
		parsed(t, "runtime/host/dynmod/a.go", "package dynmod\nimport \"C\"\nimport _ \"fmt\""),
		parsed(t, "compiler/input.go", "package compiler\nimport _ \"os\""),
		parsed(t, "runtime/core/a_test.go", "package core\nimport _ \"fmt\""),
	}), 6)
}

// linked finds imports of the library that are neither the standard library's
// nor the runtime's own: what a compiled bundle links is those two.
func linked(files []file) []string {
	var out []string
	for _, f := range files {
		if f.test() || !strings.HasPrefix(f.path, "runtime/") {
			continue
		}
		for _, i := range f.imports() {
			first, _, _ := strings.Cut(i, "/")
			if !strings.HasPrefix(i, "./runtime/") && (first == "." || strings.Contains(first, ".")) {
				out = append(out, fmt.Sprintf("%s imports %s: a library links the standard library and the runtime, nothing else", f.path, i))
			}
		}
	}
	return out
}

func TestLinked(t *testing.T) { report(t, linked(tree(t))) }

func TestLinkedNotices(t *testing.T) {
	caught(t, linked([]file{
		parsed(t, "runtime/core/a.go", "package core\nimport _ \"cel.dev/cel-go/cel\""),
		parsed(t, "runtime/core/b.go", "package core\nimport _ \"moec.dev/moec/compiler/types\""),
		parsed(t, "runtime/route/a.go", "package route\nimport _ \"moec.dev/moec/runtime/core\"\nimport _ \"net/netip\""),
	}), 2)
}

// forbidden finds statements that the runtime must not hold: goroutines
// outside of the fence, and what ends the process that it lives in.
func forbidden(files []file) []string {
	var out []string
	for _, f := range files {
		if f.tree == nil || f.test() || !strings.HasPrefix(f.path, "runtime/") {
			continue
		}
		ast.Inspect(f.tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				if f.folder() != "runtime/obs" {
					out = append(out, f.path+" starts a goroutine: obs.Go does, inside the fence")
				}
			case *ast.SelectorExpr:
				p, ok := n.X.(*ast.Ident)
				if !ok {
					break
				}
				what := p.Name + "." + n.Sel.Name
				if what == "os.Exit" && f.folder() != "runtime/host/pipe" || strings.HasPrefix(what, "log.Fatal") || strings.HasPrefix(what, "log.Panic") || what == "runtime.Goexit" {
					out = append(out, f.path+" calls "+what+": the process is Envoy's")
				}
			}
			return true
		})
	}
	return out
}

func TestForbidden(t *testing.T) { report(t, forbidden(tree(t))) }

func TestForbiddenNotices(t *testing.T) {
	caught(t, forbidden([]file{
		parsed(t, "runtime/core/a.go", "package core\nfunc f() { go f() }"),
		parsed(t, "runtime/obs/a.go", "package obs\nimport \"os\"\nfunc f() { go f(); os.Exit(1) }"),
		parsed(t, "runtime/host/dynmod/a.go", "package dynmod\nimport \"log\"\nfunc f() { log.Fatalf(\"x\") }"),
		parsed(t, "runtime/host/pipe/a.go", "package pipe\nimport \"os\"\nfunc f() { os.Exit(1) }"),
		parsed(t, "runtime/core/a_test.go", "package core\nfunc f() { go f() }"),
	}), 3)
}
