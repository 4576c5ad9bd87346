package celfront

import (
	"strings"

	celast "cel.dev/cel-go/common/ast"
	celtypes "cel.dev/cel-go/common/types"

	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// translator turns cel-go's checked tree into ours. It reads macros as they
// were written (from the parser's record of macro calls) rather than as the
// loops into which the parser expanded them. What stands in a macro is taken
// from the expanded tree again: only there has the checker resolved the names.
type translator struct {
	ast      *celast.AST
	places   *extents
	types    map[int64]*celtypes.Type
	expanded map[int64]celast.Expr // nil until a macro is met
	origin   map[*Expr]celast.Expr
	diags    *diag.List
	failed   bool
}

func (t *translator) node(e celast.Expr) *Expr {
	var x *Expr
	if call, ok := t.ast.SourceInfo().GetMacroCall(e.ID()); ok {
		x = t.macro(e.ID(), call)
		e = t.expanded[e.ID()]
	} else {
		x = t.plain(e)
	}
	if e != nil {
		t.origin[x] = e
	}
	return x
}

// plain translates a node that no macro made.
func (t *translator) plain(e celast.Expr) *Expr {
	id := e.ID()
	sign := t.sign(id)
	x := &Expr{Type: fromCEL(t.types[id]), Span: t.places.span(sign, sign)}
	if ref, ok := t.ast.ReferenceMap()[id]; ok && ref.Name != "" && (e.Kind() == celast.SelectKind || e.Kind() == celast.IdentKind) {
		x.Op, x.Name = Var, strings.TrimPrefix(ref.Name, ".")
		x.Root = x.Name != ref.Name
		x.Span = t.places.variable(sign)
		switch {
		case ref.Value != nil:
			t.fail(x.Span, diag.NotYetExpr, "enums of protocol buffers are not part of the language").Helpf("write the number")
		case x.Type.Kind == types.TypeOf && strings.HasPrefix(x.Name, "google.") && !typeNames[x.Name]:
			t.fail(x.Span, diag.NotYetExpr, "types of protocol buffers are not part of the language")
		}
		return x
	}
	switch e.Kind() {
	case celast.LiteralKind:
		return t.constant(x, sign, e.AsLiteral().Value())
	case celast.IdentKind:
		x.Op, x.Name = Var, e.AsIdent()
	case celast.SelectKind:
		s := e.AsSelect()
		x.Op, x.Name = Select, s.FieldName()
		x.Args = []*Expr{t.node(s.Operand())}
		if s.IsTestOnly() {
			x.Op = Has
		} else {
			x.Span = t.places.member(t.places.operand(x.Args[0].Span), sign)
		}
	case celast.CallKind:
		c := e.AsCall()
		x.Op, x.Name = Call, c.FunctionName()
		if ids := t.ast.GetOverloadIDs(id); len(ids) > 0 {
			x.Overload = strings.Join(ids, " ")
		}
		target := c.IsMemberFunction()
		if target {
			x.Args = append(x.Args, t.node(c.Target()))
		}
		for _, a := range c.Args() {
			x.Args = append(x.Args, t.node(a))
		}
		target = target || x.Name == "_[_]" || x.Name == "_[?_]"
		x.Span = t.places.node(sign, target, spans(x.Args))
		switch {
		case x.Name == "_?_:_" && len(x.Args) == 3:
			t.nullable(x.Args[1], x.Type)
			t.nullable(x.Args[2], x.Type)
		case x.Name == "orValue" && len(x.Args) == 2:
			t.nullable(x.Args[1], x.Type)
		}
	case celast.ListKind:
		l := e.AsList()
		x.Op = List
		x.Optional = make([]bool, l.Size())
		for i, a := range l.Elements() {
			x.Args = append(x.Args, t.node(a))
			x.Optional[i] = l.IsOptional(int32(i))
			t.nullable(x.Args[i], x.Type.Elem)
		}
		x.Span = t.places.node(sign, false, nil)
	case celast.MapKind:
		x.Op = Map
		for _, entry := range e.AsMap().Entries() {
			m := entry.AsMapEntry()
			k, v := t.node(m.Key()), t.node(m.Value())
			t.nullable(v, x.Type.Elem)
			x.Args = append(x.Args, k, v)
			x.Optional = append(x.Optional, m.IsOptional())
		}
		x.Span = t.places.node(sign, false, nil)
	case celast.StructKind:
		t.fail(x.Span, diag.NotYetExpr, "message literals are not part of the language").
			Helpf("use a map or a list")
	default:
		t.fail(x.Span, diag.NotYetExpr, "this form of expression is not supported yet")
	}
	return x
}

// nullable refuses a value whose type is not what cel-go took for the type of
// the whole: null passes for a time there, and a time for null, so that the type
// of the whole would be wrong.
func (t *translator) nullable(e *Expr, whole *types.Type) {
	have, want := e.Type, whole
	if have.Kind == types.Optional && want.Kind != types.Optional {
		have = have.Elem // [?element]
	}
	for have.Elem != nil && want.Elem != nil {
		have, want = have.Elem, want.Elem
	}
	if have.Kind != want.Kind && (isTime(have) && want.Kind == types.Null || isTime(want) && have.Kind == types.Null) {
		t.fail(e.Span, diag.BadExpression, "null and a %s have no type in common here", map[bool]*types.Type{true: have, false: want}[isTime(have)]).
			Helpf("dyn(%s)", e.Span.Text())
	}
}

func isTime(t *types.Type) bool { return t.Kind == types.Timestamp || t.Kind == types.Duration }

func (t *translator) constant(x *Expr, sign int, v any) *Expr {
	x.Op, x.Span = Const, t.places.literal(sign)
	switch v := v.(type) {
	case string: // the field in a.?field has no type of its own
		x.Value, x.Type = v, types.StringType
	case bool, int64, uint64, float64, []byte, nil:
		x.Value = v
	default:
		if x.Type.Kind == types.Null {
			x.Value = nil
		} else {
			t.fail(x.Span, diag.NotYetExpr, "a %s as a value is not supported yet", x.Type)
		}
	}
	return x
}

func (t *translator) fail(at source.Span, code diag.Code, format string, args ...any) *diag.Diagnostic {
	t.failed = true
	return t.diags.Add(code, at, format, args...)
}

// sign returns the token that cel-go recorded for a node.
func (t *translator) sign(id int64) int {
	r, ok := t.ast.SourceInfo().GetOffsetRange(id)
	if !ok {
		return 0
	}
	return t.places.index(int(r.Start))
}
