package load

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// data reads the files that the declarations of a bundle name.
type data struct {
	fsys    fs.FS
	display string
	diags   *diag.List
	bundle  *ast.Bundle
}

// all reads every file that is compiled in. Secrets and password files are not:
// the library reads them when it is loaded, and the compiler never sees them.
func (d *data) all() {
	for _, f := range d.bundle.Files {
		for _, decl := range f.Decls {
			switch decl := decl.(type) {
			case *ast.Table:
				d.read(decl.File)
			case *ast.Auth:
				for _, m := range decl.Members {
					if m.Name.Text == "users" {
						continue
					}
					if text := namedFile(m); text != nil {
						d.read(*text)
					}
				}
			}
		}
	}
}

// namedFile returns the F of a member that says from file "F".
func namedFile(m *ast.Member) *ast.Text {
	for i := 0; i+2 < len(m.Args); i++ {
		if m.Args[i].Word == "from" && m.Args[i+1].Word == "file" {
			return m.Args[i+2].Text
		}
	}
	return nil
}

// read puts a file into the bundle under its path as written and as cleaned, and
// reports one that cannot be read, at each place that names it.
func (d *data) read(name ast.Text) {
	clean := path.Clean(name.Value)
	got, ok := d.bundle.Data[clean]
	if !ok {
		got = d.open(name.Value, clean)
		d.bundle.Data[clean] = got
	}
	d.bundle.Data[name.Value] = got
	if got.Err == nil {
		return
	}
	code := diag.UnreadableFile
	if errors.Is(got.Err, errTooLarge) {
		code = diag.TooLarge
	}
	m := d.diags.Add(code, name.Place, "the file %q cannot be read: %s", name.Value, reason(got.Err))
	if errors.Is(got.Err, errOutside) {
		m.Helpf("put it beside the policy, or below, and name it relative to the .moe file")
	}
}

// errOutside says that a path leaves the bundle.
var errOutside = errors.New("it lies outside of the bundle's directory")

func (d *data) open(written, clean string) ast.Data {
	switch {
	case written == "":
		return ast.Data{Err: errors.New("the name is empty")}
	case strings.HasPrefix(written, "/"), !fs.ValidPath(clean):
		return ast.Data{Err: errOutside}
	}
	text, err := readFile(d.fsys, clean, MaxData)
	if err != nil {
		return ast.Data{Err: err}
	}
	return ast.Data{Source: source.New(path.Join(d.display, clean), text)}
}
