package celfront

import (
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/source"
)

// Op says what a node of the typed tree is.
type Op uint8

// The nodes. Macros are nodes of their own, not yet loops.
//
// A Var whose Type is of kind TypeOf and whose Name nothing binds is CEL's name
// of a type: int, null_type, google.protobuf.Timestamp, net.IP.
//
// A Select has a map, a dyn, or an optional of one of them: then its Type is
// optional, too. The function _?._ has the field's name as a constant text in
// Args[1].
//
// What a Macro has, in the order of the text:
//
//	all exists exists_one existsOne  Vars x     Args: range, condition
//	                                 Vars x, y  Args: range, condition
//	map                              Vars x     Args: range, value
//	                                            Args: range, condition, value
//	filter                           Vars x     Args: list or map, condition
//	sortBy                           Vars x     Args: list, key; Overload: that of the sorting by the list of the keys
//	transformList transformMap       Vars x, y  Args: range, value
//	transformMapEntry                           Args: range, condition, value
//	optMap optFlatMap                Vars x     Args: optional, value
//	cel.bind                         Vars x     Args: value, expression
//
// With one variable a range gives a list's elements or a map's keys, with two
// its indices or keys, and its elements. transformMapEntry's value is a map of
// the entries to add. math.greatest and math.least are calls: of one value, of
// two, or of one list.
const (
	Const  Op = iota // Value
	Var              // Name: a variable, dotted or bound by a macro
	Select           // Args[0].Name
	Has              // has(Args[0].Name)
	Call             // Name is the function, Overload cel-go's overload
	List             // Args are the elements
	Map              // Args are key, value, key, value ...
	Macro            // Name(Args...) with Vars bound in the later arguments
)

// Expr is a node of the typed tree. It is immutable.
type Expr struct {
	Op   Op
	Type *types.Type
	Span source.Span
	Name string
	// Overload is the overload of a call: several, joined by blanks, where only
	// the values of dyn arguments tell which one it is.
	Overload string
	// Value of a Const: bool, int64, uint64, float64, string, []byte or nil, and
	// in a folded tree also time.Duration or time.Time (UTC).
	Value any
	Args  []*Expr
	// Root says of a Var that it is written with a dot before it, so that no
	// macro's variable is meant.
	Root bool
	// Vars are the names that a macro binds.
	Vars []string
	// Optional marks the elements and entries that are written with ?.
	Optional []bool
}

// Walk calls f for a node and all below it, parents first; f returns false to
// leave out what is below.
func (e *Expr) Walk(f func(*Expr) bool) {
	if e == nil || !f(e) {
		return
	}
	for _, a := range e.Args {
		a.Walk(f)
	}
}
