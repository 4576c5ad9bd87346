// Package celfront is the only door to cel-go's parser and checker: CEL text
// from a policy goes in, a typed tree of our own comes out, with every place
// mapped back into the policy file.
//
// It knows which functions moe adds to CEL, and nothing of routes or rules.
package celfront

import (
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/ext"

	"moec.dev/moec/compiler/types"
)

// Limits on one expression, so that no input makes the checker explode.
const (
	maxExpressionBytes = 32 << 10
	maxRecursion       = 64
	maxProblems        = 20 // that are told of one expression
	// maxRange is how far lists.range goes: as far as runtime/eval.Range.
	maxRange = 1 << 16
)

// Variable is a name that an expression may read. The name may be dotted.
type Variable struct {
	Name string
	Type *types.Type
}

// Function is a let with parameters.
type Function struct {
	Name   string
	Params []*types.Type
	Result *types.Type
}

// Env is a set of names. It is safe for concurrent use.
type Env struct {
	env   *cel.Env
	vars  map[string]*types.Type
	funcs map[string]Function
}

var base = sync.OnceValues(func() (*cel.Env, error) {
	opts := []cel.EnvOption{
		cel.OptionalTypes(),
		ext.Strings(), ext.Math(), ext.Sets(), ext.Lists(ext.ListsMaxRangeSize(maxRange)), ext.Encoders(),
		ext.Bindings(), ext.Network(), ext.TwoVarComprehensions(),
		cel.EnableMacroCallTracking(),
		cel.CrossTypeNumericComparisons(true),
		cel.DefaultUTCTimeZone(true),
		cel.ParserRecursionLimit(maxRecursion),
		cel.ParserExpressionSizeLimit(maxExpressionBytes),
		cel.Variable(RequestVar, requestType),
	}
	return cel.NewCustomEnv(append([]cel.EnvOption{cel.StdLib()}, append(opts, builtins()...)...)...)
})

// NewEnv returns the environment with moe's own functions and the given names.
func NewEnv(vars []Variable, funcs []Function) (*Env, error) {
	b, err := base()
	if err != nil {
		return nil, err
	}
	e := &Env{vars: map[string]*types.Type{}, funcs: map[string]Function{}}
	var opts []cel.EnvOption
	for _, v := range vars {
		e.vars[v.Name] = v.Type
		opts = append(opts, cel.Variable(v.Name, toCEL(v.Type)))
	}
	for _, f := range funcs {
		e.funcs[f.Name] = f
		opts = append(opts, letFunction(f)...)
	}
	if e.hasRecords() {
		opts = append(opts, provideRecords)
	}
	e.env, err = b.Extend(append(opts, moduleCalls(funcs)...)...)
	return e, err
}

// With returns the environment with more of cel-go's options: for tests that
// check expressions which no policy can write.
func (e *Env) With(opts ...cel.EnvOption) (*Env, error) {
	extended, err := e.env.Extend(opts...)
	if err != nil {
		return nil, err
	}
	return &Env{env: extended, vars: e.vars, funcs: e.funcs}, nil
}
