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
// loops into which the parser expanded them.
type translator struct {
	ast    *celast.AST
	places *extents
	types  map[int64]*celtypes.Type
	diags  *diag.List
	failed bool
}

// lazyMacros bind names in their later arguments: by name, how many.
var lazyMacros = map[string]int{
	"all": 1, "exists": 1, "exists_one": 1, "existsOne": 1, "map": 1, "filter": 1,
	"optMap": 1, "optFlatMap": 1, "transformList": 2, "transformMap": 2, "transformMapEntry": 2,
	"sortBy": 1,
}

func (t *translator) node(e celast.Expr) *Expr {
	id := e.ID()
	if call, ok := t.ast.SourceInfo().GetMacroCall(id); ok {
		return t.macro(id, call)
	}
	sign := t.sign(id)
	x := &Expr{Type: fromCEL(t.types[id]), Span: t.places.span(sign, sign)}
	if ref, ok := t.ast.ReferenceMap()[id]; ok && ref.Name != "" && (e.Kind() == celast.SelectKind || e.Kind() == celast.IdentKind) {
		if ref.Value != nil {
			return t.constant(x, sign, ref.Value.Value())
		}
		x.Op, x.Name = Var, strings.TrimPrefix(ref.Name, ".")
		x.Span = t.places.variable(sign)
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
		// Inside a macro the record has optional.of(x) as it was parsed: of called
		// on a name that has no type.
		target := c.IsMemberFunction()
		if target && t.namespace(c.Target()) {
			x.Name, target = c.Target().AsIdent()+"."+x.Name, false
		} else if target {
			x.Args = append(x.Args, t.node(c.Target()))
		}
		for _, a := range c.Args() {
			x.Args = append(x.Args, t.node(a))
		}
		target = target || x.Name == "_[_]" || x.Name == "_[?_]"
		x.Span = t.places.node(sign, target, spans(x.Args))
	case celast.ListKind:
		l := e.AsList()
		x.Op = List
		x.Optional = make([]bool, l.Size())
		for i, a := range l.Elements() {
			x.Args = append(x.Args, t.node(a))
			x.Optional[i] = l.IsOptional(int32(i))
		}
		x.Span = t.places.node(sign, false, nil)
	case celast.MapKind:
		x.Op = Map
		for _, entry := range e.AsMap().Entries() {
			m := entry.AsMapEntry()
			x.Args = append(x.Args, t.node(m.Key()), t.node(m.Value()))
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

func spans(list []*Expr) []source.Span {
	var out []source.Span
	for _, e := range list {
		out = append(out, e.Span)
	}
	return out
}

func (t *translator) macro(id int64, call celast.Expr) *Expr {
	c := call.AsCall()
	sign := t.sign(id)
	x := &Expr{Op: Macro, Name: c.FunctionName(), Type: fromCEL(t.types[id]), Span: t.places.node(sign, false, nil)}
	args := c.Args()
	if c.IsMemberFunction() && t.namespace(c.Target()) {
		return t.namespaced(x, c)
	}
	for _, f := range requestFunctions {
		if f.name == x.Name && !c.IsMemberFunction() {
			x.Op = Call
			x.Overload = x.Name
		}
	}
	if ids := t.ast.GetOverloadIDs(id); len(ids) == 1 && strings.HasPrefix(ids[0], "let_") {
		x.Op, x.Overload = Call, ids[0]
	}
	switch {
	case x.Op == Call:
	case x.Name == "has" && !c.IsMemberFunction() && len(args) == 1:
		s := args[0].AsSelect()
		x.Op, x.Name = Has, s.FieldName()
		args = []celast.Expr{s.Operand()}
	case c.IsMemberFunction() && lazyMacros[x.Name] > 0:
		n := lazyMacros[x.Name]
		if (x.Name == "all" || x.Name == "exists" || x.Name == "exists_one" || x.Name == "existsOne") && len(args) == 3 {
			n = 2
		}
		for _, a := range args[:min(n, len(args))] {
			x.Vars = append(x.Vars, a.AsIdent())
		}
		args = args[min(n, len(args)):]
	}
	if c.IsMemberFunction() {
		x.Args = append(x.Args, t.node(c.Target()))
	}
	for _, a := range args {
		x.Args = append(x.Args, t.node(a))
	}
	x.Span = t.places.node(sign, c.IsMemberFunction(), spans(x.Args))
	return x
}

// namespace reports whether the target of a call is the first half of the
// function's name: it has no type then.
func (t *translator) namespace(target celast.Expr) bool {
	return target.Kind() == celast.IdentKind && t.types[target.ID()] == nil
}

// namespaced is a macro whose target is no value: cel.bind, math.greatest.
func (t *translator) namespaced(x *Expr, c celast.CallExpr) *Expr {
	args := c.Args()
	x.Name = c.Target().AsIdent() + "." + x.Name
	if x.Name == "cel.bind" && len(args) == 3 {
		x.Vars = []string{args[0].AsIdent()}
		args = args[1:]
	}
	for _, a := range args {
		x.Args = append(x.Args, t.node(a))
	}
	return x
}

func (t *translator) constant(x *Expr, sign int, v any) *Expr {
	x.Op, x.Span = Const, t.places.literal(sign)
	switch v := v.(type) {
	case bool, int64, uint64, float64, string, []byte, nil:
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
