package celfront

import (
	"strings"
	"unicode/utf8"

	celast "cel.dev/cel-go/common/ast"
	celtypes "cel.dev/cel-go/common/types"

	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// translator turns cel-go's checked tree into ours. It reads macros as they
// were written (from the parser's record of macro calls) rather than as the
// loops into which the parser expanded them.
type translator struct {
	expr   *ast.Expr
	ast    *celast.AST
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
	x := &Expr{Type: fromCEL(t.types[id]), Span: t.span(id)}
	if ref, ok := t.ast.ReferenceMap()[id]; ok && ref.Name != "" && (e.Kind() == celast.SelectKind || e.Kind() == celast.IdentKind) {
		if ref.Value != nil {
			return t.constant(x, ref.Value.Value())
		}
		x.Op, x.Name = Var, strings.TrimPrefix(ref.Name, ".")
		if e.Kind() == celast.SelectKind {
			x.Span = t.leftmost(e).To(x.Span)
			x.Span.End = x.Span.Start + len(e.AsSelect().FieldName()) + fieldOffset(x.Span, e.AsSelect().FieldName())
		}
		return x
	}
	switch e.Kind() {
	case celast.LiteralKind:
		return t.constant(x, e.AsLiteral().Value())
	case celast.IdentKind:
		x.Op, x.Name = Var, e.AsIdent()
	case celast.SelectKind:
		s := e.AsSelect()
		x.Op, x.Name = Select, s.FieldName()
		if s.IsTestOnly() {
			x.Op = Has
		}
		x.Args = []*Expr{t.node(s.Operand())}
	case celast.CallKind:
		c := e.AsCall()
		x.Op, x.Name = Call, c.FunctionName()
		if ids := t.ast.GetOverloadIDs(id); len(ids) > 0 {
			x.Overload = strings.Join(ids, " ")
		}
		if c.IsMemberFunction() {
			x.Args = append(x.Args, t.node(c.Target()))
		}
		for _, a := range c.Args() {
			x.Args = append(x.Args, t.node(a))
		}
	case celast.ListKind:
		l := e.AsList()
		x.Op = List
		x.Optional = make([]bool, l.Size())
		for i, a := range l.Elements() {
			x.Args = append(x.Args, t.node(a))
			x.Optional[i] = l.IsOptional(int32(i))
		}
	case celast.MapKind:
		x.Op = Map
		for _, entry := range e.AsMap().Entries() {
			m := entry.AsMapEntry()
			x.Args = append(x.Args, t.node(m.Key()), t.node(m.Value()))
			x.Optional = append(x.Optional, m.IsOptional())
		}
	case celast.StructKind:
		t.fail(x.Span, diag.NotYetExpr, "message literals are not part of the language").
			Helpf("use a map or a list")
	default:
		t.fail(x.Span, diag.NotYetExpr, "this form of expression is not supported yet")
	}
	x.cover()
	return x
}

// cover widens a node's place to that of its arguments: the parser records the
// operator of a binary expression, the opening sign of a list.
func (e *Expr) cover() {
	for _, a := range e.Args {
		if a.Span.Valid() {
			e.Span.Start = min(e.Span.Start, a.Span.Start)
			e.Span.End = max(e.Span.End, a.Span.End)
		}
	}
}

func fieldOffset(s source.Span, field string) int {
	rest := s.File.Text[s.Start:]
	i := strings.Index(rest, field)
	for i >= 0 {
		// The field is the last word of the dotted name: look for it after a dot.
		if i > 0 && strings.TrimSpace(rest[:i]) != "" && strings.HasSuffix(strings.TrimSpace(rest[:i]), ".") {
			return i
		}
		n := strings.Index(rest[i+1:], field)
		if n < 0 {
			break
		}
		i += 1 + n
	}
	return 0
}

// leftmost returns the place of the first name of a dotted one.
func (t *translator) leftmost(e celast.Expr) source.Span {
	for e.Kind() == celast.SelectKind {
		e = e.AsSelect().Operand()
	}
	return t.span(e.ID())
}

func (t *translator) macro(id int64, call celast.Expr) *Expr {
	c := call.AsCall()
	x := &Expr{Op: Macro, Name: c.FunctionName(), Type: fromCEL(t.types[id]), Span: t.span(id)}
	args := c.Args()
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
	case x.Name == "bind" && len(args) == 3:
		// cel.bind(name, value, body): the target is the namespace cel.
		x.Vars = []string{args[0].AsIdent()}
		x.Args = []*Expr{t.node(args[1]), t.node(args[2])}
		return x
	}
	if c.IsMemberFunction() {
		x.Args = append(x.Args, t.node(c.Target()))
	}
	for _, a := range args {
		x.Args = append(x.Args, t.node(a))
	}
	x.cover()
	return x
}

func (t *translator) constant(x *Expr, v any) *Expr {
	x.Op = Const
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

// span returns the place of a node as the parser recorded it, in bytes.
func (t *translator) span(id int64) source.Span {
	s := t.expr.Span()
	r, ok := t.ast.SourceInfo().GetOffsetRange(id)
	if !ok {
		return s
	}
	start := runeToByte(t.expr.Text, int(r.Start))
	end := runeToByte(t.expr.Text, max(int(r.Stop), int(r.Start)))
	if end == start {
		for end < len(t.expr.Text) && isWord(t.expr.Text[end]) {
			end++
		}
	}
	return source.Span{File: s.File, Start: s.Start + start, End: s.Start + end}
}

func runeToByte(s string, n int) int {
	off := 0
	for ; n > 0 && off < len(s); n-- {
		_, w := utf8.DecodeRuneInString(s[off:])
		off += w
	}
	return off
}
