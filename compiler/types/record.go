package types

import (
	"slices"
	"strings"
)

// Field is a field of a record. One of an optional type may be absent.
type Field struct {
	Name string
	Type *Type
}

// RecordOf returns the record of some fields: { a: int, b: string? }.
func RecordOf(fields ...Field) *Type {
	fields = slices.Clone(fields)
	slices.SortFunc(fields, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	return &Type{Kind: Record, Fields: fields}
}

// Field returns the type of a record's field, or nil.
func (t *Type) Field(name string) *Type {
	for i := range t.Fields {
		if t.Fields[i].Name == name {
			return t.Fields[i].Type
		}
	}
	return nil
}

// Records calls f for every record in a type, inner ones first.
func (t *Type) Records(f func(*Type)) {
	if t == nil {
		return
	}
	t.Key.Records(f)
	t.Elem.Records(f)
	for i := range t.Fields {
		t.Fields[i].Type.Records(f)
	}
	if t.Kind == Record {
		f(t)
	}
}

// HasRecord reports whether there is a record in a type.
func (t *Type) HasRecord() bool {
	found := false
	t.Records(func(*Type) { found = true })
	return found
}

func equalFields(a, b []Field) bool {
	return slices.EqualFunc(a, b, func(a, b Field) bool { return a.Name == b.Name && a.Type.Equal(b.Type) })
}

func (t *Type) fieldsString() string {
	var b strings.Builder
	b.WriteString("{ ")
	for i, f := range t.Fields {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(f.Name + ": " + f.Type.String())
	}
	return b.String() + " }"
}
