package lower

import (
	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/table"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
)

func (l *lowerer) tables() {
	for _, t := range l.check.Tables {
		l.Bundle.Tables = append(l.Bundle.Tables, &ir.Table{Name: t.Name, Type: t.Type, Data: table.Write(t.Value, t.Type),
			File: t.Decl.File.Value, Format: table.Format(t.Decl.File.Value), Reload: t.Decl.Reload})
	}
}

// tableNumber is the number of a table, or -1.
func (l *lowerer) tableNumber(name string) int {
	for i, t := range l.Bundle.Tables {
		if t.Name == name {
			return i
		}
	}
	return -1
}

// recordField reads a field of a record; how is at, has or optional. Asked for
// as an optional, a field that is absent has no value: an optional of none is
// never made.
func (x *expression) recordField(e *celfront.Expr, from *ir.Expr, name, how string) *ir.Expr {
	t := from.Type.Field(name)
	read := func() *ir.Expr {
		return &ir.Expr{Op: "field", Type: t, Name: name, Args: []*ir.Expr{from}, Span: e.Span}
	}
	some := func(v *ir.Expr) *ir.Expr {
		return &ir.Expr{Op: "some", Type: types.OptionalOf(v.Type), Args: []*ir.Expr{v}, Span: e.Span}
	}
	switch {
	case how == "has":
		return &ir.Expr{Op: "field-set", Type: types.BoolType, Name: name, Args: []*ir.Expr{from}, Span: e.Span}
	case how == "at":
		return read()
	case t.Kind != types.Optional:
		return some(read())
	}
	return x.bind(read(), func(value func() *ir.Expr) *ir.Expr {
		v := some(value())
		has := &ir.Expr{Op: "has-value", Type: types.BoolType, Args: []*ir.Expr{value()}, Span: e.Span}
		none := &ir.Expr{Op: "none", Type: v.Type, Span: e.Span}
		return &ir.Expr{Op: "if", Type: v.Type, Args: []*ir.Expr{has, v, none}, Span: e.Span}
	})
}

// opaqueRecord refuses a record where its type would be lost.
func (x *expression) opaqueRecord(e *ir.Expr, to *types.Type) *ir.Expr {
	x.diags.Add(diag.NotYetExpr, e.Span, "a record beside values of other types, or under dyn, is not supported yet").
		Helpf("read the fields that are needed")
	return &ir.Expr{Op: "const", Type: to, Span: e.Span}
}
