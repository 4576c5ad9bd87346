package check

import (
	"strconv"
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
)

var selectionRules = map[string]func(f flow, e *celfront.Expr) []failure{
	"_[_]": flow.index, "_[?_]": flow.optionalIndex, "_?._": flow.optionalField, "@in": flow.membership, "value": flow.optionalValue,
	"hasValue": func(flow, *celfront.Expr) []failure { return nil },
}

// field is a selection by a dot, or the test of one.
func (f flow) field(e *celfront.Expr) []failure {
	m := e.Args[0]
	t := f.typeOf(m)
	switch {
	case t.Kind == types.Record, t.Kind == types.Optional && t.Elem.Kind == types.Record:
		return nil // every record has all fields
	case t.Kind == types.Optional && t.Elem.Kind == types.Map && e.Op == celfront.Select:
		return nil // an optional, too
	case t.Kind != types.Map:
		out := f.unlike(m, types.MapOf(types.DynType, types.DynType))
		if e.Op == celfront.Has {
			return inexact(out)
		}
		return []failure{out}
	case e.Op == celfront.Has || f.known(hasKey(f.key(m), quoted(e.Name))) || f.literalKey(m, e.Name):
		return nil
	}
	out := f.missing(m, phrase{strconv.Quote(e.Name)}, phrase{"has(", m, "." + e.Name + ")"}, e.Type)
	out.at = e
	return []failure{out}
}

// missing is the failure of a key that a map does not have.
func (f flow) missing(m *celfront.Expr, key, guard phrase, t *types.Type) failure {
	out := failure{why: "this fails when the map has no such key", guard: guard, exact: true}
	if m.Op == celfront.Var && (m.Name == "request.headers" || m.Name == "response.headers") && f.named(m.Name) == nil {
		out.why = "this fails when the header is not there"
		if name := key.source(); name != strings.ToLower(name) && (strings.HasPrefix(name, `"`) || strings.HasPrefix(name, "'")) {
			out.guard = nil // the name is refused, and so would be any text with it
			return out
		}
		out.guard = append(append(phrase{}, key...), " in "+m.Name)
	}
	if other := empty(t); other != "" && t.Kind != types.Dyn {
		out.instead = append(append(phrase{m, "[?"}, key...), "].orValue("+other+")")
	}
	return out
}

// literalKey reports whether a map is written with a key.
func (f flow) literalKey(m *celfront.Expr, key any) bool {
	x, g := f.through(m)
	if x.Op != celfront.Map {
		return false
	}
	for i := 0; i+1 < len(x.Args); i += 2 {
		if i/2 < len(x.Optional) && x.Optional[i/2] {
			continue
		}
		if k, _ := g.through(x.Args[i]); k.Op == celfront.Const && k.Value == key {
			return true
		}
	}
	return false
}

func (f flow) index(e *celfront.Expr) []failure {
	m, k := e.Args[0], e.Args[1]
	at := func(fail failure) []failure { fail.at = e; return []failure{fail} }
	switch t, kt := f.typeOf(m), f.typeOf(k); {
	case t.Kind == types.Optional && (t.Elem.Kind == types.List && kt.Kind == types.Int || t.Elem.Kind == types.Map && keyed(kt.Kind)):
		return nil
	case t.Kind == types.Map:
		if !keyed(kt.Kind) {
			if kt.Kind == types.Dyn {
				return []failure{f.unlike(k, types.StringType, types.IntType, types.UintType, types.BoolType)}
			}
			return at(failure{why: "this fails for a value that cannot be the key of a map"})
		}
		if c, _ := f.through(k); c.Op == celfront.Const && f.literalKey(m, c.Value) || f.known(hasKey(f.key(m), f.key(k))) {
			return nil
		}
		return at(f.missing(m, phrase{k}, phrase{k, " in ", m}, e.Type))
	case t.Kind == types.List:
		if kt.Kind != types.Int {
			return []failure{f.unlike(k, types.IntType)}
		}
		size := f.sizeOf(m)
		low, high := f.bounds(k).atLeast(0) || f.atMost(linear{rest: between(0, 0).lo}, 0, f.sum(k)), f.atMost(f.sum(k), 1, size)
		if low && high {
			return nil
		}
		out := failure{why: "this fails when the list is too short", exact: true}
		if !low {
			out.why = "this fails when the index is below 0 or the list is too short"
			out.guard = phrase{k, " >= 0"}
		}
		switch {
		case k.Op == celfront.Const && !low:
			out.guard = nil
		case k.Op == celfront.Const:
			out.guard = phrase{"size(", m, ") > ", k}
		case !high:
			out.guard = conjoin(out.guard, k, " < size(", m, ")")
		}
		if other := empty(e.Type); other != "" && e.Type.Kind != types.Dyn {
			out.instead = phrase{m, "[?", k, "].orValue(" + other + ")"}
		}
		return at(out)
	}
	return []failure{f.container(m, k)}
}

// container is the failure of something that has neither keys nor indices.
func (f flow) container(m, k *celfront.Expr) failure {
	keys, list := types.MapOf(types.DynType, types.DynType), types.ListOf(types.DynType)
	if f.typeOf(k).Kind == types.String {
		return f.unlike(m, keys) // no list has such a place
	}
	if f.typeOf(k).Kind == types.Int {
		return f.unlike(m, list, keys)
	}
	return f.unlike(m, keys, list)
}

func (f flow) optionalIndex(e *celfront.Expr) []failure {
	m, k := e.Args[0], e.Args[1]
	t, kt := f.typeOf(m), f.typeOf(k)
	if t.Kind == types.Optional {
		t = t.Elem
	}
	switch {
	case t.Kind == types.Map && keyed(kt.Kind), t.Kind == types.List && kt.Kind == types.Int:
		return nil
	case t.Kind == types.Map && kt.Kind != types.Dyn:
		return []failure{{at: e, why: "this fails for a value that cannot be the key of a map"}}
	case t.Kind == types.Map:
		return []failure{f.unlike(k, types.StringType, types.IntType, types.UintType, types.BoolType)}
	case t.Kind == types.List:
		return inexact(f.unlike(k, types.IntType))
	}
	return inexact(f.container(m, k))
}

func (f flow) optionalField(e *celfront.Expr) []failure {
	t := f.typeOf(e.Args[0])
	if t.Kind == types.Optional {
		t = t.Elem
	}
	if t.Kind == types.Map || t.Kind == types.Record {
		return nil
	}
	return inexact(f.unlike(e.Args[0], types.MapOf(types.DynType, types.DynType)))
}

// inexact is a failure of what may have a result without its guard, too: has( ) and
// optional selections find nothing in some values that hold nothing, and macros
// go over lists and maps.
func inexact(out failure) []failure {
	out.exact = false
	return []failure{out}
}

func (f flow) membership(e *celfront.Expr) []failure {
	k, m := e.Args[0], e.Args[1]
	switch f.typeOf(m).Kind {
	case types.List:
		return nil // elements are compared, and any two values can be
	case types.Map:
		switch kind := f.typeOf(k).Kind; {
		case keyed(kind):
			return nil
		case kind == types.Dyn:
			return []failure{f.unlike(k, types.StringType, types.IntType, types.UintType, types.BoolType)}
		}
		return []failure{{at: e, why: "this fails for a value that cannot be the key of a map"}}
	}
	return []failure{f.unlike(m, types.ListOf(types.DynType), types.MapOf(types.DynType, types.DynType))}
}

func (f flow) optionalValue(e *celfront.Expr) []failure {
	o := e.Args[0]
	if f.present(o) {
		return nil
	}
	out := failure{at: e, why: "this fails when the optional has no value", guard: phrase{o, ".hasValue()"}, exact: true}
	if other := empty(e.Type); other != "" && e.Type.Kind != types.Dyn {
		out.instead = phrase{o, ".orValue(" + other + ")"}
	}
	return []failure{out}
}

// present reports whether an optional has a value for certain.
func (f flow) present(o *celfront.Expr) bool {
	if f.exhausted() {
		return false
	}
	if f.known(hasValue(f.key(o))) {
		return true
	}
	if x, g := f.through(o); x != o {
		return g.present(x)
	}
	if o.Op == celfront.Macro {
		return o.Name == "optMap" && f.present(o.Args[0])
	}
	if o.Op != celfront.Call {
		return false
	}
	switch o.Name {
	case "optional.of":
		return true
	case "or":
		return f.present(o.Args[0]) || f.present(o.Args[1])
	case "first", "last":
		return f.typeOf(o.Args[0]).Kind == types.List && f.sizes(o.Args[0]).atLeast(1)
	case "_[?_]", "_?._":
		m, k := o.Args[0], o.Args[1]
		switch f.typeOf(m).Kind {
		case types.Map:
			c, _ := f.through(k)
			return f.known(hasKey(f.key(m), f.key(k))) || c.Op == celfront.Const && f.literalKey(m, c.Value)
		case types.List:
			return f.typeOf(k).Kind == types.Int && f.bounds(k).atLeast(0) && f.atMost(f.sum(k), 1, f.sizeOf(m))
		}
	}
	return false
}
