package celfront

import (
	"strings"

	celast "cel.dev/cel-go/common/ast"
	celtypes "cel.dev/cel-go/common/types"

	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// loopMacros bind names, one for each element or key, in their later
// arguments: by name and number of arguments, how many.
var loopMacros = map[string]map[int]int{
	"all": {2: 1, 3: 2}, "exists": {2: 1, 3: 2}, "exists_one": {2: 1, 3: 2}, "existsOne": {3: 2},
	"map": {2: 1, 3: 1}, "filter": {2: 1}, "sortBy": {2: 1},
	"transformList": {3: 2, 4: 2}, "transformMap": {3: 2, 4: 2}, "transformMapEntry": {3: 2, 4: 2},
}

// macro translates the call of a macro as it was written.
func (t *translator) macro(id int64, call celast.Expr) *Expr {
	if t.expanded == nil {
		t.expanded = map[int64]celast.Expr{}
		celast.PostOrderVisit(t.ast.Expr(), celast.NewExprVisitor(func(e celast.Expr) { t.expanded[e.ID()] = e }))
	}
	c := call.AsCall()
	sign := t.sign(id)
	x := &Expr{Op: Macro, Name: c.FunctionName(), Type: fromCEL(t.types[id]), Span: t.places.node(sign, false, nil)}
	args := c.Args()
	member := c.IsMemberFunction()
	namespace := ""
	if member {
		namespace = dotted(c.Target())
	}
	overloads := t.ast.GetOverloadIDs(id)
	switch {
	case !member && isRequestFunction(x.Name) && len(args) == 1:
		x.Op, x.Overload = Call, x.Name
	case !member && len(overloads) == 1 && overloads[0] == "let_"+x.Name:
		x.Op, x.Overload = Call, overloads[0]
	case len(overloads) == 1 && (!member && strings.HasPrefix(overloads[0], "let_") && strings.HasSuffix(overloads[0], "."+x.Name) ||
		member && namespace != "" && strings.HasPrefix(overloads[0], "let_") && strings.HasSuffix("."+overloads[0][len("let_"):], "."+namespace+"."+x.Name)): // of a module
		x.Op, x.Overload, x.Name, member = Call, overloads[0], strings.TrimPrefix(overloads[0], "let_"), false
	case !member && x.Name == "has" && len(args) == 1 && args[0].Kind() == celast.SelectKind:
		s := args[0].AsSelect()
		x.Op, x.Name = Has, s.FieldName()
		args = []celast.Expr{s.Operand()}
	case member && loopMacros[x.Name][len(args)] > 0 && t.isLoop(id):
		n := loopMacros[x.Name][len(args)]
		x.Vars = t.names(id, args[:n], false)
		args = args[n:]
		if x.Name == "sortBy" {
			x.Overload = t.sortOverload(id)
		}
	case member && (x.Name == "optMap" || x.Name == "optFlatMap") && len(args) == 2:
		x.Vars = t.names(id, args[:1], true)
		args = args[1:]
	case namespace == "cel" && x.Name == "bind" && len(args) == 3:
		x.Name, member = "cel.bind", false
		x.Vars = t.names(id, args[:1], true)
		args = args[1:]
	case namespace == "math" && (x.Name == "greatest" || x.Name == "least") && t.expanded[id] != nil:
		return t.extreme(x, id)
	default:
		return t.unknown(x, id)
	}
	if member {
		x.Args = append(x.Args, t.written(c.Target()))
	}
	for _, a := range args {
		x.Args = append(x.Args, t.written(a))
	}
	x.Span = t.places.node(sign, member, spans(x.Args))
	return x
}

// written translates what a macro's record has as an argument.
func (t *translator) written(e celast.Expr) *Expr {
	if x, ok := t.expanded[e.ID()]; ok {
		e = x
	}
	return t.node(e)
}

// isLoop reports whether a macro became a loop: other packages may give its
// name to something else.
func (t *translator) isLoop(id int64) bool {
	e, ok := t.expanded[id]
	return ok && e.Kind() == celast.ComprehensionKind
}

// names returns the names that a macro binds. One that a macro of its own has
// written is known from the loop only, or from the binding when that is lazy.
func (t *translator) names(id int64, args []celast.Expr, lazy bool) []string {
	var names []string
	for i, a := range args {
		name := ""
		if a.Kind() == celast.IdentKind {
			name = a.AsIdent()
		} else if e := t.expanded[id]; e != nil && e.Kind() == celast.ComprehensionKind {
			loop := e.AsComprehension()
			switch {
			case lazy:
				name = loop.AccuVar()
			case i == 0:
				name = loop.IterVar()
			default:
				name = loop.IterVar2()
			}
		}
		names = append(names, name)
	}
	return names
}

// sortOverload returns the overloads of the sorting inside sortBy.
func (t *translator) sortOverload(id int64) string {
	bound := t.expanded[id].AsComprehension().Result()
	return strings.Join(t.ast.GetOverloadIDs(bound.ID()), " ")
}

// extreme translates math.greatest and math.least, which are functions but for
// the number of their arguments: three and more are one list.
func (t *translator) extreme(x *Expr, id int64) *Expr {
	e := t.expanded[id]
	if e.Kind() != celast.CallKind {
		return t.unknown(x, id)
	}
	x.Op, x.Name = Call, "math."+x.Name
	x.Overload = strings.Join(t.ast.GetOverloadIDs(id), " ")
	for _, a := range e.AsCall().Args() {
		n := t.node(a)
		if a.Kind() == celast.ListKind && len(e.AsCall().Args()) == 1 && n.Span.End > x.Span.End {
			n.Span = x.Span
		}
		x.Args = append(x.Args, n)
	}
	return x
}

// unknown translates a macro of another package, which no policy can write,
// from what it became.
func (t *translator) unknown(x *Expr, id int64) *Expr {
	e, ok := t.expanded[id]
	if !ok || e.Kind() == celast.ComprehensionKind {
		t.fail(x.Span, diag.NotYetExpr, "the macro %s is not supported", x.Name)
		return x
	}
	return t.plain(e)
}

func spans(list []*Expr) []source.Span {
	var out []source.Span
	for _, e := range list {
		out = append(out, e.Span)
	}
	return out
}

func isRequestFunction(name string) bool {
	for _, f := range requestFunctions {
		if f.name == name {
			return true
		}
	}
	return false
}

// typeNames are the types that an expression can name as values, beside those
// whose name has no dot.
var typeNames = map[string]bool{
	celtypes.TimestampType.TypeName(): true, celtypes.DurationType.TypeName(): true,
}
