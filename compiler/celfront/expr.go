package celfront

import (
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/source"
)

// Op says what a node of the typed tree is.
type Op uint8

// The nodes. Macros are nodes of their own, not yet loops.
const (
	Const  Op = iota // Value
	Var              // Name: a variable, dotted or bound by a macro
	Select           // Args[0].Name, of a map
	Has              // has(Args[0].Name)
	Call             // Name is the function, Overload cel-go's overload
	List             // Args are the elements
	Map              // Args are key, value, key, value ...
	Macro            // Name(Args...) with Vars bound in the later arguments
)

// Expr is a node of the typed tree. It is immutable.
type Expr struct {
	Op       Op
	Type     *types.Type
	Span     source.Span
	Name     string
	Overload string
	// Value of a Const: bool, int64, uint64, float64, string, []byte or nil.
	Value any
	Args  []*Expr
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
