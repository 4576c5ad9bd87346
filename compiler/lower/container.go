package lower

import (
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

func (x *expression) list(e *celfront.Expr) *ir.Expr {
	out := &ir.Expr{Op: "list", Type: e.Type, Span: e.Span}
	for i, a := range e.Args {
		want := e.Type.Elem
		if e.Optional[i] {
			want = types.OptionalOf(want)
			if out.Optional == nil {
				out.Optional = make([]bool, len(e.Args))
			}
			out.Optional[i] = true
		}
		out.Args = append(out.Args, x.cast(x.lower(a), want))
	}
	return out
}

func (x *expression) mapLiteral(e *celfront.Expr) *ir.Expr {
	out := &ir.Expr{Op: "map-literal", Type: e.Type, Span: e.Span}
	for i := 0; i < len(e.Args); i += 2 {
		want := e.Type.Elem
		if e.Optional[i/2] {
			want = types.OptionalOf(want)
			if out.Optional == nil {
				out.Optional = make([]bool, len(e.Args)/2)
			}
			out.Optional[i/2] = true
		}
		out.Args = append(out.Args, x.cast(x.lower(e.Args[i]), e.Type.Key), x.cast(x.lower(e.Args[i+1]), want))
	}
	return out
}

// membership is x in y.
func (x *expression) membership(e *celfront.Expr) *ir.Expr {
	if side := isHeaders(e.Args[1]); side != "" && e.Args[0].Type.Kind == types.String {
		return x.headerAccess(e, side, "has", e.Args[0])
	}
	args := x.all(e.Args)
	out := &ir.Expr{Type: types.BoolType, Span: e.Span}
	elem, in := args[0], args[1]
	switch in.Type.Kind {
	case types.List:
		out.Op = "in"
		t := in.Type.Elem
		if len(in.Args) > 0 || in.Op != "list" {
			t = joinTypes(elem.Type, t)
		} else {
			t = elem.Type // of the empty list
		}
		out.Args = []*ir.Expr{x.cast(elem, t), x.cast(in, types.ListOf(t))}
		return out
	case types.Map:
		if key, ok := x.key(elem, in); ok {
			out.Op, out.Args = "lookup-has", []*ir.Expr{in, key}
			return out
		}
	}
	return x.dynamic(e, "dyn_in", types.BoolType, args)
}

// key fits a key to a map; false when the map must be asked as dyn, where 1u
// finds 1.
func (x *expression) key(key, m *ir.Expr) (*ir.Expr, bool) {
	if m.Type.Key.Kind == types.Dyn {
		return x.dyn(key), true
	}
	return key, key.Type.Equal(m.Type.Key)
}

// index is a[k], a[?k] and a.?f.
func (x *expression) index(e *celfront.Expr) *ir.Expr {
	how := map[string]string{"_[_]": "at", "_[?_]": "optional", "_?._": "optional"}[e.Name]
	if side := isHeaders(e.Args[0]); side != "" && e.Args[1].Type.Kind == types.String {
		return x.headerAccess(e, side, how, e.Args[1])
	}
	if holdsOptional(e.Args[0]) {
		return x.notYet(e, "reading into an optional that lies in a list or a map")
	}
	return x.element(e, x.lower(e.Args[0]), x.lower(e.Args[1]), how)
}

// chained reports whether a node is a step of a chain like m.f[i].?g, and
// whether the chain is optional up to it: because of a ? or of what it begins
// with.
func chained(e *celfront.Expr) (step, optional bool) {
	if e.Op != celfront.Select && (e.Op != celfront.Call || e.Name != "_[_]" && e.Name != "_[?_]" && e.Name != "_?._") {
		return false, e.Type.Kind == types.Optional
	}
	_, optional = chained(e.Args[0])
	return true, optional || e.Name == "_[?_]" && e.Op == celfront.Call || e.Name == "_?._" && e.Op == celfront.Call
}

// holdsOptional reports whether a step of a chain yields an optional that is
// itself an element. cel-go does not look into those in the midst of a chain,
// though its checker says so; a bind makes clear what is meant.
func holdsOptional(e *celfront.Expr) bool {
	if e.Op == celfront.Call && e.Name == "_?_:_" {
		return holdsOptional(e.Args[1]) || holdsOptional(e.Args[2])
	}
	step, optional := chained(e)
	t := e.Type
	if step && optional && t.Kind == types.Optional {
		t = t.Elem
	}
	return step && t.Kind == types.Optional
}

// element reads one element; how is at, has or optional.
func (x *expression) element(e *celfront.Expr, from, key *ir.Expr, how string) *ir.Expr {
	out := &ir.Expr{Span: e.Span, Args: []*ir.Expr{from, key}}
	switch from.Type.Kind {
	case types.List:
		if key.Type.Kind == types.Int && how != "has" {
			out.Op, out.Type = map[string]ir.Op{"at": "index", "optional": "index-optional"}[how], resultOf(from.Type.Elem, how)
			return out
		}
	case types.Map:
		if k, ok := x.key(key, from); ok {
			out.Args[1] = k
			out.Op, out.Type = map[string]ir.Op{"at": "lookup", "has": "lookup-has", "optional": "lookup-optional"}[how], resultOf(from.Type.Elem, how)
			return out
		}
	case types.Record:
		if name, ok := key.Value.(string); ok && key.Op == "const" {
			return x.recordField(e, from, name, how)
		}
	case types.Optional: // of what it holds, or nothing
		return x.bind(from, func(read func() *ir.Expr) *ir.Expr {
			inner := "optional"
			if how == "has" {
				inner = how
			}
			value := x.element(e, &ir.Expr{Op: "unwrap", Type: from.Type.Elem, Args: []*ir.Expr{read()}, Span: e.Span}, key, inner)
			none := &ir.Expr{Op: "none", Type: value.Type, Span: e.Span}
			if how == "has" {
				none = &ir.Expr{Op: "const", Type: types.BoolType, Value: false, Span: e.Span}
			}
			has := &ir.Expr{Op: "has-value", Type: types.BoolType, Args: []*ir.Expr{read()}, Span: e.Span}
			return &ir.Expr{Op: "if", Type: value.Type, Args: []*ir.Expr{has, value, none}, Span: e.Span}
		})
	}
	if how == "has" {
		return &ir.Expr{Op: "call", Name: "dyn_has_field", Type: types.BoolType, Args: []*ir.Expr{x.dyn(from), key}, Span: e.Span}
	}
	name := map[string]string{"at": "dyn_index", "optional": "dyn_index_optional"}[how]
	return x.dynamic(e, name, resultOf(types.DynType, how), out.Args)
}

func resultOf(elem *types.Type, how string) *types.Type {
	switch how {
	case "has":
		return types.BoolType
	case "optional":
		return types.OptionalOf(elem)
	}
	return elem
}

// selection is m.f.
func (x *expression) selection(e *celfront.Expr) *ir.Expr { return x.field(e, "at") }

// presence is has(m.f).
func (x *expression) presence(e *celfront.Expr) *ir.Expr { return x.field(e, "has") }

func (x *expression) field(e *celfront.Expr, how string) *ir.Expr {
	if side := isHeaders(e.Args[0]); side != "" {
		return x.headerAccess(e, side, how, &celfront.Expr{Op: celfront.Const, Type: types.StringType, Value: e.Name, Span: e.Span})
	}
	if holdsOptional(e.Args[0]) {
		if how == "has" {
			return x.absent(e)
		}
		return x.notYet(e, "reading into an optional that lies in a list or a map")
	}
	from := x.lower(e.Args[0])
	key := &ir.Expr{Op: "const", Type: types.StringType, Value: e.Name, Span: e.Span}
	if from.Type.Kind != types.Dyn {
		return x.element(e, from, key, how)
	}
	name := map[string]string{"at": "dyn_field", "has": "dyn_has_field"}[how]
	return &ir.Expr{Op: "call", Name: name, Type: resultOf(types.DynType, how), Args: []*ir.Expr{from, key}, Span: e.Span}
}

// absent is has(o.f) of an optional o in the midst of a chain: cel-go finds no
// members there, so that it is false unless o fails. Each branch of a ?: begins
// a chain of its own.
func (x *expression) absent(e *celfront.Expr) *ir.Expr {
	of := e.Args[0]
	if of.Op == celfront.Call && of.Name == "_?_:_" {
		yes, no := *e, *e
		yes.Args, no.Args = of.Args[1:2], of.Args[2:3]
		return x.lower(&celfront.Expr{Op: celfront.Call, Name: of.Name, Overload: of.Overload, Type: types.BoolType, Args: []*celfront.Expr{of.Args[0], &yes, &no}, Span: e.Span})
	}
	never := &ir.Expr{Op: "const", Type: types.BoolType, Value: false, Span: e.Span}
	found := &ir.Expr{Op: "has-value", Type: types.BoolType, Args: []*ir.Expr{x.lower(of)}, Span: e.Span}
	return &ir.Expr{Op: "if", Type: types.BoolType, Args: []*ir.Expr{found, never, never}, Span: e.Span}
}

// headerAccess is headers[k], k in headers, headers[?k] in either direction.
// A slot would show a credential; the map has none.
func (x *expression) headerAccess(e *celfront.Expr, side, how string, key *celfront.Expr) *ir.Expr {
	out := &ir.Expr{Type: resultOf(types.StringType, how), Span: e.Span}
	name, isConst := key.Value.(string)
	if side == "request" && key.Op == celfront.Const && isConst && name != "" && name == strings.ToLower(name) && !strings.HasPrefix(name, ":") &&
		check.CredentialIn(x.check.Auths, name) == nil {
		out.Op, out.Index = ir.Op("header-"+how), slot(&x.Headers, name)
		return out
	}
	prefix := "headers-"
	if side == "response" {
		prefix = "response-"
	}
	out.Op, out.Args = ir.Op(prefix+how), []*ir.Expr{x.lower(key)}
	return out
}
