package ir

import (
	"strings"

	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/source"
)

// Op is an operation of an expression.
type Op string

// Expr is an expression over numbered slots. It is immutable after lowering;
// passes build new nodes.
type Expr struct {
	Op   Op
	Type *types.Type
	Args []*Expr
	// Value is a constant's value: bool, int64, uint64, float64, string (also of
	// bytes and of a type's name), time.Duration, time.Time, []string, Sequence, or nil.
	Value any
	Name  string // of a let, variable, field, capture or function
	Index int    // of a slot
	// Vars are the names that a loop or a bind binds: unique in the expression.
	Vars []string
	// Optional marks elements of a list and entries of a map that are left out
	// when they have no value; nil means none.
	Optional []bool
	// Of is the type that "is" asks for.
	Of   *types.Type
	Span source.Span
}

// signature is what the verifier knows of an operation.
type signature struct {
	args  int // -1: any number
	fails bool
}

// The operations, with how many arguments they take and whether they can fail
// even when their arguments do not.
var operations = map[Op]signature{
	"const": {0, false},
	"var":   {0, false}, // bound by a macro or a let's parameter
	"let":   {-1, false},
	// Vars[0] is Args[0] in Args[1]. A lazy one is evaluated when it is read
	// first, and fails there.
	"bind": {2, false}, "bind-lazy": {2, false}, "var-lazy": {0, true},
	"fail": {0, true}, // Name is the error's name in runtime/eval

	// A function of the table; see Functions.
	"call": {-1, false},

	// Between a type and dyn, at any depth. Boxing cannot fail; see Fails.
	"cast": {1, true}, "is": {1, false},

	// Reads of the request.
	"path": {0, false}, "raw-path": {0, false}, "url-path": {0, false}, "query-string": {0, false}, "host": {0, false},
	"scheme": {0, false}, "method": {0, false}, "now": {0, false}, "route-name": {0, false},
	"attribute": {0, false}, "attribute-ip": {0, false}, "attribute-net": {0, false},
	"attribute-int": {0, false}, "attribute-bool": {0, false},
	"header": {0, false}, "header-has": {0, false}, "header-at": {0, true}, "header-optional": {0, false},
	"header-values": {0, false},
	"headers-has":   {1, false}, "headers-at": {1, true}, "headers-optional": {1, false},
	"headers-all": {0, false}, "response-all": {0, false},
	"query": {0, false}, "query-values": {0, false}, "cookie": {0, false},
	"capture":  {0, false},
	"identity": {0, false}, "claim": {0, false},
	// Kept values of the request, in a response rule; whether a scope by template
	// holds.
	"kept": {0, false}, "kept-fallible": {0, true}, "inside": {0, false},
	"response-code": {0, false}, "response-has": {1, false}, "response-at": {1, true}, "response-optional": {1, false},

	// Logic.
	"and": {2, false}, "or": {2, false}, "not": {1, false}, "if": {3, false},

	// Comparison of two values of one type, or of two kinds of number. NaN is
	// neither less nor greater than anything, which is no failure.
	"==": {2, false}, "!=": {2, false}, "<": {2, false}, "<=": {2, false}, ">": {2, false}, ">=": {2, false},

	// Arithmetic. Double arithmetic cannot fail; see Fails.
	"+": {2, true}, "-": {2, true}, "*": {2, true}, "/": {2, true}, "%": {2, true}, "negate": {1, true},
	"concat": {-1, false},

	// Text.
	"size": {1, false}, "contains": {2, false}, "starts-with": {2, false}, "ends-with": {2, false},
	"matches":        {1, false}, // Value is the pattern
	"match-sequence": {1, false}, // Value is the Sequence

	// Conversions, by target type.
	"to-int": {1, true}, "to-uint": {1, true}, "to-double": {1, true}, "to-bool": {1, true}, "to-string": {1, false},
	"to-duration": {1, true}, "to-timestamp": {1, true},

	// Lists and maps.
	"list": {-1, false}, "in": {2, false}, "index": {2, true}, "index-optional": {2, false},
	"map-literal": {-1, false}, // key, value, key, value ...
	"lookup":      {2, true}, "lookup-has": {2, false}, "lookup-optional": {2, false},

	// Loops over a list or a map, with one name or two. The arguments are what
	// they go over, a condition for those that have one, and a body.
	"all": {2, false}, "exists": {2, false}, "exists-one": {2, false}, "filter": {2, false},
	"map": {-1, false}, "transform-map": {-1, true}, "transform-entry": {-1, true},

	// Optionals.
	"or-value": {2, false}, "has-value": {1, false}, "value": {1, true}, "or-optional": {2, false},
	"unwrap": {1, false}, // of an optional that is known to have a value
	"some":   {1, false}, "none": {0, false},

	// Time; Name is the getter, Value the zone if it is not UTC.
	"get": {1, false},

	// Tables and their records. field-set asks whether a field has a value.
	"table": {0, false}, "field": {1, false}, "field-set": {1, false},

	// moe's own.
	"in-cidr":      {1, true}, // Value is the blocks
	"in-cidr-list": {2, true}, // blocks that are known only with the request
	"int-or":       {2, false},
}

// Fails reports whether evaluating e can fail: an argument can, or the
// operation itself. lets says the same of the lets by name.
func (e *Expr) Fails(lets map[string]bool) bool {
	if e == nil {
		return false
	}
	if e.Op == "let" && lets[e.Name] {
		return true
	}
	if operations[e.Op].fails && !e.total() || e.Op == "call" && Functions[e.Name].Fails {
		return true
	}
	args := e.Args
	if e.Op == "bind-lazy" || e.Op == "bind" && !e.Args[1].Reads(e.Vars[0]) {
		args = args[1:] // where it is read it fails, and nothing evaluates it before
	}
	for _, a := range args {
		if a.Fails(lets) {
			return true
		}
	}
	return false
}

// total reports whether an operation that fails for some types cannot for
// these.
func (e *Expr) total() bool {
	switch e.Op {
	case "cast":
		return Boxes(e.Args[0].Type, e.Type)
	case "transform-map": // keys known only at run time may be equal: 1 and 1u
		return e.Type.Key.Kind != types.Dyn
	case "+", "-", "*", "/", "negate":
		return e.Type.Kind == types.Double
	case "to-int":
		k := e.Args[0].Type.Kind
		return k == types.Int || k == types.Timestamp || k == types.Duration
	case "to-uint":
		return e.Args[0].Type.Kind == types.Uint
	case "to-double":
		return e.Args[0].Type.Kind != types.String
	case "to-bool":
		return e.Args[0].Type.Kind == types.Bool
	case "to-duration":
		return e.Args[0].Type.Kind == types.Duration
	case "to-timestamp":
		return e.Args[0].Type.Kind == types.Timestamp
	}
	return false
}

// Boxes reports whether a cast can only put values under dyn, which never fails.
func Boxes(from, to *types.Type) bool {
	switch {
	case from.Equal(to), to.Kind == types.Dyn:
		return true
	case from.Kind != to.Kind:
		return false
	case from.Key != nil && !Boxes(from.Key, to.Key):
		return false
	}
	return Boxes(from.Elem, to.Elem)
}

// FailingLets returns which lets can fail, by name.
func (b *Bundle) FailingLets() map[string]bool {
	fails := map[string]bool{}
	for _, l := range b.Lets { // in dependency order
		fails[l.Name] = l.Value.Fails(fails)
	}
	return fails
}

// Sendable reports whether e is a constant that can stand in a header as it is.
// Others go by the runtime's check, which refuses line ends and cuts blanks off:
// passes make constants of what was none when the policy was checked.
func (e *Expr) Sendable() bool {
	s, ok := e.Value.(string)
	return e.Op == "const" && ok && !strings.ContainsAny(s, "\r\n\x00") && strings.Trim(s, " \t") == s
}

// Reads reports whether evaluating e may read a bound name. The value of a bind
// that nothing reads is not evaluated.
func (e *Expr) Reads(name string) bool {
	switch e.Op {
	case "var", "var-lazy":
		return e.Name == name
	case "bind", "bind-lazy":
		return e.Args[1].Reads(name) || e.Args[1].Reads(e.Vars[0]) && e.Args[0].Reads(name)
	}
	for _, a := range e.Args {
		if a.Reads(name) {
			return true
		}
	}
	return false
}

// Walk calls f for e and all below it.
func (e *Expr) Walk(f func(*Expr)) {
	if e == nil {
		return
	}
	f(e)
	for _, a := range e.Args {
		a.Walk(f)
	}
}

// Exprs calls f for every expression of the bundle, lets first.
func (b *Bundle) Exprs(f func(*Expr)) {
	for _, l := range b.Lets {
		f(l.Value)
	}
	for _, r := range b.Routes {
		if r.When != nil {
			f(r.When)
		}
		for _, k := range r.rules() {
			if k.When != nil {
				f(k.When)
			}
		}
		for _, h := range append(append([]*HeaderRule{}, r.Request...), r.Response...) {
			if h.Value != nil {
				f(h.Value)
			}
		}
		r.limitExprs(f)
		r.FateExprs(f)
		for _, k := range r.Kept {
			f(k.Expr)
		}
	}
	for _, s := range b.Scopes {
		if s.When != nil {
			f(s.When)
		}
		s.limitExprs(f)
	}
	for _, k := range b.shared() {
		if k.When != nil {
			f(k.When)
		}
	}
	if b.Stray != nil {
		for _, k := range b.Stray.Kept {
			f(k.Expr)
		}
		for _, h := range b.Stray.Response {
			if h.Value != nil {
				f(h.Value)
			}
		}
	}
}
