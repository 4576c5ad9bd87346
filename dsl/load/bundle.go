// Package load reads a bundle: a directory of policy files, or one file, and
// the data files that they name.
//
// It is the only part of the front end that touches files, always through an
// fs.FS. It knows which declarations name files and nothing of what is in them.
package load

import (
	"io/fs"
	"path"
	"sort"
	"strings"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
	"moec.dev/moec/dsl/syntax"
)

// MaxPolicy and MaxData bound the size of a policy and of a data file, in bytes.
const (
	MaxPolicy = 1 << 20
	MaxData   = 16 << 20
)

// Bundle reads the bundle whose policies are the *.moe files at the root of
// fsys; hidden files and directories do not count. name is the bundle's name
// unless a bundle declaration gives another; display is put before file names in
// messages. What is wrong goes to diags, and a bundle is returned all the same,
// with whatever could be read: it must not be compiled when there are errors.
func Bundle(fsys fs.FS, name, display string, diags *diag.List) *ast.Bundle {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		diags.Add(diag.UnreadableFile, source.Span{}, "%s cannot be read: %s", shown(display), reason(err))
		return &ast.Bundle{Name: name, Data: map[string]ast.Data{}}
	}
	var files []string
	for _, e := range entries {
		if n := e.Name(); strings.HasSuffix(n, ".moe") && !strings.HasPrefix(n, ".") && !e.IsDir() {
			files = append(files, n)
		}
	}
	sort.Strings(files)
	if len(files) == 0 {
		diags.Add(diag.NoPolicy, source.Span{}, "%s holds no .moe file", shown(display)).
			Helpf("name the directory that holds the policies; those in subdirectories do not count")
	}
	return read(fsys, files, name, display, diags)
}

// File reads the bundle that is the one policy file of this name at the root of
// fsys, for which the rest is as for Bundle.
func File(fsys fs.FS, file, name, display string, diags *diag.List) *ast.Bundle {
	return read(fsys, []string{file}, name, display, diags)
}

func read(fsys fs.FS, files []string, name, display string, diags *diag.List) *ast.Bundle {
	b := &ast.Bundle{Name: name, Data: map[string]ast.Data{}}
	for _, f := range files {
		if text, ok := policy(fsys, f, display, diags); ok {
			b.Files = append(b.Files, syntax.Parse(source.New(path.Join(display, f), text), diags))
		}
	}
	if len(b.Files) > 0 {
		b.Name = bundleName(b, name, diags)
	}
	(&data{fsys: fsys, display: display, diags: diags, bundle: b}).all()
	modules(b, fsys, display, diags)
	return b
}

// bundleName returns the name of the bundle, and reports a second declaration
// or a name that cannot be one.
func bundleName(b *ast.Bundle, name string, diags *diag.List) string {
	var first *ast.Settings
	for _, f := range b.Files {
		for _, d := range f.Decls {
			s, ok := d.(*ast.Settings)
			switch {
			case !ok:
			case first == nil:
				first = s
			default:
				diags.Add(diag.DuplicateSetting, s.Name.Place, "the bundle has a bundle declaration already").
					Note(first.Name.Place, "the first is here").Helpf("put all settings into one of them")
			}
		}
	}
	if first != nil {
		return first.Name.Text
	}
	if why := syntax.Reserved(name); !syntax.ValidName(name) || why != "" {
		what := "names have lower-case letters, digits and _, and begin with a letter"
		if why != "" {
			what = "it is " + why
		}
		start := source.Span{File: b.Files[0].Source}
		diags.Add(diag.BadName, start, "the bundle cannot be called `%s` after its directory or file: %s", name, what).
			Helpf("add a line to one of its files: bundle %s { }", suggestion(name))
	}
	return name
}

// suggestion makes a valid name of any text.
func suggestion(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if r >= 'a' && r <= 'z' || b.Len() > 0 && r >= '0' && r <= '9' {
			b.WriteRune(r)
		} else if b.Len() > 0 {
			b.WriteByte('_')
		}
	}
	s := strings.TrimRight(b.String(), "_")
	if s == "" || syntax.Reserved(s) != "" {
		return "my_bundle"
	}
	return s
}

// shown is how messages call a directory.
func shown(display string) string {
	if display == "" || display == "." {
		return "the directory"
	}
	return display
}
