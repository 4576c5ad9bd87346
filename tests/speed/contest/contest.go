// Package contest evaluates the expressions of tests/speed on both sides, in
// one process: as the compiler has made them, and by cel-go. It holds the inputs
// that both get, compares what they give, and measures them in turn.
//
// It must not know how a policy is compiled: the generated program hands it the
// compiled side of each row.
package contest

import (
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"
)

// Inputs is how many inputs every row has. They rotate, so that neither the
// processor's branch predictor nor a cache of one value decides. It is a power
// of two.
const Inputs = 64

// Param is a variable of a row that its like finds in an object or a path.
type Param struct {
	Name string
	Type *cel.Type
}

// Row is one expression.
type Row struct {
	Name, Text string
	Params     []Param
	// Compiled prepares the compiled side for the inputs.
	Compiled func([]*Input) (Side, error)
	// Activation makes the struct through which cel-go gets variables.
	Activation func(values map[string]ref.Val) interpreter.Activation
}

// Side is one way to evaluate a row.
type Side interface {
	// Run evaluates n times, over the inputs in turn, and returns the sum of
	// Fold of the results.
	Run(n int) uint64
	// Value is the result for one input; an error is a failed evaluation.
	Value(i int) (any, error)
}

// Input is what one evaluation reads.
type Input struct {
	Method, Scheme, Host, Path string // the path with its query
	Headers                    [][2]string
	Source                     string // an address
	SourcePort                 int64
	DestinationPort            int64
	Now                        time.Time
	Identity                   Identity
	// Params are Go's own types: strings, int64, slices and maps of these.
	Params map[string]any
}

// Identity is a caller. Claims that are not there are left out.
type Identity struct {
	Subject string
	Groups  []string
	Claims  map[string]any
}

// Failed is what a failed evaluation adds to a sum.
const Failed = 7

// FoldBool makes a result part of a sum, so that no evaluation can be left out
// by Go's compiler.
func FoldBool(v bool) uint64 {
	if v {
		return 1
	}
	return 0
}

// FoldInt is FoldBool for an int.
func FoldInt(v int64) uint64 { return uint64(v) }

// FoldString is FoldBool for a string.
func FoldString(v string) uint64 {
	if v == "" {
		return 0
	}
	return uint64(len(v))<<8 + uint64(v[len(v)-1])
}
