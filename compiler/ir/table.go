package ir

import "moec.dev/moec/compiler/types"

// Table is typed data that the bundle carries.
type Table struct {
	Name string
	Type *types.Type
	// Data is the value as JSON, as package table of the compiler writes it.
	Data string
	// File is the file as the policy names it, Format json or csv.
	File, Format string
	// Reload says that the file is read when the library is loaded, and again
	// when it changes.
	Reload bool
}

func (v *verifier) table(e *Expr) {
	if e.Index < 0 || e.Index >= len(v.b.Tables) || v.b.Tables[e.Index].Name != e.Name || !v.b.Tables[e.Index].Type.Equal(e.Type) {
		v.fail("there is no table %d %s of type %s", e.Index, e.Name, e.Type)
	}
}

func (v *verifier) field(e *Expr) {
	v.expr(e.Args[0], nil)
	if v.err != nil {
		return
	}
	f := e.Args[0].Type.Field(e.Name)
	want := e.Type
	if e.Op == "field-set" {
		want = f
	}
	if f == nil || !f.Equal(want) {
		v.fail("%s has no field %s of type %s", e.Args[0].Type, e.Name, e.Type)
	}
}
