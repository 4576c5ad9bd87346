package resolve

import (
	"path"
	"strings"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// imports enters what the modules of a bundle offer: their policies and lets,
// each under the module's name. Their routes, auths and limits stay theirs.
func (r *resolver) imports(tree *ast.Bundle) {
	for _, f := range tree.Files {
		for _, d := range f.Decls {
			if i, ok := d.(*ast.Import); ok {
				r.importModule(i, tree.Modules[i.Path.Value], "")
			}
		}
	}
}

// importModule enters the module of an import; what a module imports itself is
// called by both names, of which rules of the module leave its own out.
func (r *resolver) importModule(d *ast.Import, m *ast.Bundle, within string) {
	name := d.As
	if name.Text == "" {
		name = ast.Name{At: d.Path.At, Text: strings.ReplaceAll(path.Base(d.Path.Value), "-", "_")}
	}
	if m == nil {
		return
	}
	if !wellFormed(name.Text) {
		r.diags.Add(diag.BadName, d.Path.Span(), "the module cannot be called %s after its directory", name.Text).
			Helpf("import %q as my_module", d.Path.Value)
		return
	}
	if !r.name(name, "module") {
		return
	}
	full := within + name.Text
	// A module has a namespace of its own, in which its names are declared once.
	inner := *r
	inner.names, inner.asKind = map[string]source.Span{}, map[string]string{}
	at := d.Path.Value
	for _, f := range m.Files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.Let:
				if inner.name(d.Name, "let") {
					r.Lets = append(r.Lets, &Let{Name: full + "." + d.Name.Text, Module: full, Decl: d, Call: d.Call, Params: d.Params})
					r.letParams(d)
				}
			case *ast.Policy:
				if inner.name(d.Name, "policy") {
					r.policy(d, full, at)
				}
			case *ast.Table:
				r.diags.Add(diag.BadImport, d.Span(), "a module has no tables of its own").
					Helpf("declare table %s in the bundle, and hand what is read to the module's policies as an argument", d.Name.Text)
			case *ast.Import:
				inner.importModule(d, m.Modules[d.Path.Value], full+".")
			}
		}
	}
}

// wellFormed reports whether a directory's name has the form of a name.
func wellFormed(name string) bool {
	for i := 0; i < len(name); i++ {
		c := name[i]
		if (c < 'a' || c > 'z') && (i == 0 || c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return name != ""
}
