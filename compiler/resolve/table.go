package resolve

import (
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// Table is typed data from a file.
type Table struct {
	Name string
	Decl *ast.Table
	File *source.File // nil when it cannot be read
}

func (r *resolver) table(d *ast.Table) {
	t := &Table{Name: d.Name.Text, Decl: d}
	r.Tables = append(r.Tables, t)
	r.tableType(d.Type)
	if data, ok := r.Source.Data[dataPath(r.Source, d, d.File.Value)]; ok && data.Err == nil { // dsl/load has said why
		t.File = data.Source
	}
}

// tableType checks what a written type says twice, or with words that belong
// elsewhere.
func (r *resolver) tableType(t *ast.Type) {
	if t == nil {
		return
	}
	r.tableType(t.Elem)
	seen := map[string]source.Span{}
	for _, f := range t.Fields {
		if first, ok := seen[f.Name.Text]; ok {
			r.diags.Add(diag.DuplicateName, f.Name.Span(), "field %s is declared twice", f.Name.Text).Note(first, "first here")
		}
		seen[f.Name.Text] = f.Name.Span()
		if f.From != nil {
			r.diags.Add(diag.UnknownMember, f.From.Span(), "a field of a table is read under its own name").Helpf("remove from %q", f.From.Value)
		}
		if f.Default != nil {
			r.diags.Add(diag.UnknownMember, f.Default.Span(), "a field of a table has no default").Helpf("%s: %s?, and orValue where it is read", f.Name.Text, f.Type.Kind)
		}
		r.tableType(f.Type)
	}
}
