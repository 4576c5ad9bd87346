package check

import (
	"math/big"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
)

// macro are the failures of a macro: of what it goes over, of its conditions and
// values for any element, and its own.
func (f flow) macro(e *celfront.Expr) []failure {
	over := e.Args[0]
	if e.Name == "cel.bind" {
		return f.binding(e)
	}
	fs := f.failures(over)
	body := f.inner()
	switch t := f.typeOf(over); {
	case e.Name == "optMap" || e.Name == "optFlatMap":
		if t.Kind != types.Optional {
			fs = append(fs, f.unlike(over, types.OptionalOf(types.DynType)))
		}
		body = body.bind(scopes{name: e.Vars[0]})
	case t.Kind == types.List:
		body = body.elements(e, over)
	case t.Kind == types.Map:
		body = body.keys(e, over)
	default:
		fs = append(fs, inexact(f.unlike(over, types.ListOf(types.DynType)))...) // or a map
		for _, v := range e.Vars {
			body = body.bind(scopes{name: v})
		}
	}
	args := e.Args[1:]
	if conditional(e) {
		fs = append(fs, body.failures(args[0])...)
		fs = append(fs, body.condition(args[0])...)
		body = body.inner()
		body.assume(args[0], true)
		args = args[1:]
	}
	for _, a := range args {
		fs = append(fs, body.failures(a)...)
	}
	switch e.Name {
	case "optFlatMap":
		if k := body.typeOf(args[0]).Kind; k != types.Optional {
			fs = append(fs, body.unlike(args[0], types.OptionalOf(types.DynType)))
		}
	case "transformMap":
		fs = append(fs, body.mapKey(e, over)...)
	case "transformMapEntry":
		fs = append(fs, body.entries(e, args[0])...)
	case "sortBy":
		if k := body.typeOf(args[0]).Kind; !sorted(k) {
			fs = append(fs, failure{at: args[0], why: "this fails when the keys cannot be compared with each other"})
		}
	}
	return fs
}

// conditional reports whether the first argument behind the range of a macro
// decides about an element.
func conditional(e *celfront.Expr) bool {
	switch e.Name {
	case "all", "exists", "exists_one", "existsOne", "filter":
		return true
	case "map", "transformList", "transformMap", "transformMapEntry":
		return len(e.Args) == 3
	}
	return false
}

// binding is cel.bind: its value is evaluated where its name is first read.
func (f flow) binding(e *celfront.Expr) []failure {
	lazy := len(f.failures(e.Args[0])) > 0
	body := f.bind(scopes{name: e.Vars[0], value: e.Args[0], in: f.scope, lazy: lazy})
	return body.failures(e.Args[1])
}

// elements binds what a macro calls the elements of a list.
func (f flow) elements(e, list *celfront.Expr) flow {
	outer := f
	size := linear{map[string]term{}, new(big.Int)}
	outer.addSize(&size, list, 1)
	element := scopes{name: e.Vars[len(e.Vars)-1]}
	x, g := f.through(list)
	isRange := x.Op == celfront.Call && x.Name == "lists.range" && len(x.Args) == 1
	if x.Op == celfront.List {
		for i, v := range x.Args {
			if _, counts := whole(g.typeOf(v)); !counts || len(x.Optional) > i && x.Optional[i] || x.Type.Elem == nil || !v.Type.Equal(x.Type.Elem) {
				element.values = nil
				break
			}
			r := g.bounds(v)
			if element.values != nil {
				r = r.join(*element.values)
			}
			element.values = &r
		}
	}
	if isRange {
		element.values = index(size)
	}
	if len(e.Vars) == 2 {
		f = f.bind(scopes{name: e.Vars[0], values: index(size)})
		f.below(e.Vars[0], size)
	}
	f = f.bind(element)
	if isRange {
		f.below(element.name, size)
	}
	return f
}

// index are the values from 0 to a size, without it.
func index(size linear) *interval {
	return &interval{new(big.Int), plus(size.bounds().hi, big.NewInt(-1))}
}

// below learns that a name is less than a size.
func (f flow) below(name string, size linear) {
	v := &celfront.Expr{Op: celfront.Var, Name: name, Type: types.IntType}
	f.facts.least = append(f.facts.least, size.minus(f.sum(v)).plus(-1))
}

// keys binds what a macro calls the keys and values of a map.
func (f flow) keys(e, m *celfront.Expr) flow {
	over := f.key(m)
	f = f.bind(scopes{name: e.Vars[0]})
	f.learn(hasKey(over, f.scope.key))
	if len(e.Vars) == 2 {
		f = f.bind(scopes{name: e.Vars[1]})
	}
	return f
}

// mapKey: the keys of a new map must be such as maps can have.
func (f flow) mapKey(e, over *celfront.Expr) []failure {
	if t := f.typeOf(over); t.Kind == types.Map && !keyed(t.Key.Kind) {
		return []failure{{at: e, why: "this fails for keys that a map cannot have"}}
	}
	return nil
}

// entries: transformMapEntry fails when it is to add a key a second time. The
// first variable differs from element to element, its value as a key too.
func (f flow) entries(e, value *celfront.Expr) []failure {
	if value.Op == celfront.Map {
		if len(value.Args) == 0 {
			return nil
		}
		if k := value.Args[0]; len(value.Args) == 2 && k.Op == celfront.Var && k.Name == e.Vars[0] {
			return nil
		}
	}
	return []failure{{at: e, why: "this fails when two elements give entries with one key"}}
}

// keyed reports whether values of a kind can be keys.
func keyed(k types.Kind) bool {
	return k == types.Bool || k == types.Int || k == types.Uint || k == types.String
}

// sorted reports whether a list of a kind can be sorted.
func sorted(k types.Kind) bool {
	switch k {
	case types.Bool, types.Int, types.Uint, types.Double, types.String, types.Bytes, types.Duration, types.Timestamp:
		return true
	}
	return false
}
