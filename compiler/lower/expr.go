package lower

import (
	"strconv"
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// binding is what a name of the policy stands for inside a macro or a let.
type binding struct {
	name string // in the IR, where no name is bound twice
	typ  *types.Type
	lazy bool
}

// lower turns one node of the typed tree into IR of the node's type.
func (x *expression) lower(e *celfront.Expr) *ir.Expr {
	if why := unsupported(e.Type); why != "" {
		return x.notYet(e, why)
	}
	return x.cast(x.node(e), e.Type)
}

// node lowers a node; the type may be closer than the one that cel-go gives.
func (x *expression) node(e *celfront.Expr) *ir.Expr {
	switch e.Op {
	case celfront.Const:
		return &ir.Expr{Op: "const", Type: e.Type, Value: constant(e), Span: e.Span}
	case celfront.Var:
		return x.name(e)
	case celfront.Select:
		return x.selection(e)
	case celfront.Has:
		return x.presence(e)
	case celfront.List:
		return x.list(e)
	case celfront.Map:
		return x.mapLiteral(e)
	case celfront.Macro:
		return x.macro(e)
	}
	return x.call(e)
}

// constant is the value as the IR holds it: bytes as a string.
func constant(e *celfront.Expr) any {
	if b, ok := e.Value.([]byte); ok {
		return string(b)
	}
	return e.Value
}

// isHeaders says whether a node is all the headers of the request or response.
func isHeaders(e *celfront.Expr) string {
	if e.Op == celfront.Var && (e.Name == "request.headers" || e.Name == "response.headers") {
		return strings.TrimSuffix(e.Name, ".headers")
	}
	return ""
}

// unsupported says why values of a type have no Go form, or "".
func unsupported(t *types.Type) string {
	switch t.Kind {
	case types.Bool, types.Int, types.Uint, types.Double, types.String, types.Bytes, types.Duration, types.Timestamp,
		types.Null, types.Dyn, types.TypeOf, types.IP, types.CIDR:
		return ""
	case types.Record:
		for _, f := range t.Fields {
			if why := unsupported(f.Type); why != "" {
				return why
			}
		}
		return ""
	case types.List, types.Optional:
		return unsupported(t.Elem)
	case types.Map:
		switch t.Key.Kind {
		case types.Bool, types.Int, types.Uint, types.String, types.Dyn:
			return unsupported(t.Elem)
		}
		return "a map with keys of type " + t.Key.String()
	}
	return "a value of type " + t.String()
}

// with lowers under names that a macro binds. It returns their names in the IR.
func (x *expression) with(names []string, kinds []*types.Type, lazy bool, lower func()) []string {
	before := x.bound
	x.bound = map[string]binding{}
	for n, b := range before {
		x.bound[n] = b
	}
	var out []string
	for i, n := range names {
		b := binding{name: x.fresh(n), typ: kinds[i], lazy: lazy}
		x.bound[n] = b
		out = append(out, b.name)
	}
	lower()
	x.bound = before
	return out
}

// fresh makes a name that nothing else in the expression has. Names that cannot
// be part of a Go name lose what is in the way.
func (x *expression) fresh(name string) string {
	name = strings.Map(func(r rune) rune {
		if r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, name)
	if x.names == nil {
		x.names = map[string]int{}
	}
	x.names[name]++
	if n := x.names[name]; n > 1 {
		return x.fresh(name + "_" + strconv.Itoa(n))
	}
	return name
}

// bind evaluates a value once, for several readers.
func (x *expression) bind(value *ir.Expr, body func(read func() *ir.Expr) *ir.Expr) *ir.Expr {
	if value.Op == "var" || value.Op == "const" {
		return body(func() *ir.Expr { return value })
	}
	lazy := value.Fails(x.Bundle.FailingLets())
	name := x.fresh("t")
	out := body(func() *ir.Expr { return variable(binding{name: name, typ: value.Type, lazy: lazy}, value.Span) })
	return &ir.Expr{Op: bindOp(lazy), Type: out.Type, Vars: []string{name}, Args: []*ir.Expr{value, out}, Span: value.Span}
}

func bindOp(lazy bool) ir.Op {
	if lazy {
		return "bind-lazy"
	}
	return "bind"
}

// variable reads a bound name.
func variable(b binding, at source.Span) *ir.Expr {
	op := ir.Op("var")
	if b.lazy {
		op = "var-lazy"
	}
	return &ir.Expr{Op: op, Type: b.typ, Name: b.name, Span: at}
}

// notYet refuses an expression and returns a node that keeps the rest going.
func (x *expression) notYet(e *celfront.Expr, what string) *ir.Expr {
	x.diags.Add(diag.NotYetExpr, e.Span, "%s is not supported yet", what)
	return &ir.Expr{Op: "const", Type: e.Type, Span: e.Span}
}

func (x *expression) all(list []*celfront.Expr) []*ir.Expr {
	var out []*ir.Expr
	for _, e := range list {
		out = append(out, x.lower(e))
	}
	return out
}
