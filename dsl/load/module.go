package load

import (
	"embed"
	"errors"
	"io/fs"
	"path"
	"sort"
	"strings"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
	"moec.dev/moec/dsl/syntax"
	"moec.dev/moec/stdlib"
)

// standard is how the modules that ship with the compiler are named.
const standard = "std/"

// modules reads what a bundle, or a module of it, imports. A module of the bundle
// is the .moe files of one of its subdirectories, and so are its modules of that:
// none leads back.
func modules(b *ast.Bundle, fsys fs.FS, display string, diags *diag.List) {
	b.Modules = map[string]*ast.Bundle{}
	for _, f := range b.Files {
		for _, d := range f.Decls {
			if i, ok := d.(*ast.Import); ok && b.Modules[i.Path.Value] == nil {
				if m := module(i.Path, fsys, display, diags); m != nil {
					b.Modules[i.Path.Value] = m
				}
			}
		}
	}
}

func module(name ast.Text, fsys fs.FS, display string, diags *diag.List) *ast.Bundle {
	bad := func(format string, args ...any) *diag.Diagnostic {
		return diags.Add(diag.BadImport, name.Span(), format, args...)
	}
	if rest, ok := strings.CutPrefix(name.Value, standard); ok {
		text, err := fs.ReadFile(stdlib.Files, rest+".moe")
		if err != nil {
			bad("there is no module %q", name.Value).Helpf("the modules are %s", strings.Join(standardModules(), ", "))
			return nil
		}
		m := &ast.Bundle{Name: rest, Files: []*ast.File{syntax.Parse(source.New(name.Value+".moe", string(text)), diags)}}
		modules(m, embed.FS{}, "", diags)
		return m
	}
	dir, ok := strings.CutPrefix(name.Value, "./")
	if !ok || !fs.ValidPath(dir) || dir == "." {
		bad("%q is neither a module of the compiler nor a directory of the bundle", name.Value).
			Helpf("import \"std/security\", or import \"./directory\"")
		return nil
	}
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		why := reason(err)
		if !errors.Is(err, fs.ErrNotExist) {
			why = "it cannot be read"
		}
		bad("the module %q cannot be read: %s", name.Value, why)
		return nil
	}
	m := &ast.Bundle{Name: path.Base(dir)}
	for _, e := range entries { // sorted by name
		if n := e.Name(); strings.HasSuffix(n, ".moe") && !strings.HasPrefix(n, ".") && !e.IsDir() {
			if text, ok := policy(fsys, path.Join(dir, n), display, diags); ok {
				m.Files = append(m.Files, syntax.Parse(source.New(path.Join(display, dir, n), text), diags))
			}
		}
	}
	if len(m.Files) == 0 && !diags.HasErrors() {
		bad("the directory %q holds no .moe file", name.Value)
	}
	below, err := fs.Sub(fsys, dir)
	if err != nil {
		bad("the module %q cannot be read: %s", name.Value, reason(err))
		return nil
	}
	modules(m, below, path.Join(display, dir), diags)
	return m
}

// standardModules are the names of the modules that ship with the compiler.
func standardModules() []string {
	var names []string
	entries, _ := fs.ReadDir(stdlib.Files, ".")
	for _, e := range entries {
		names = append(names, standard+strings.TrimSuffix(e.Name(), ".moe"))
	}
	sort.Strings(names)
	return names
}
