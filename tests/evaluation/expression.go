// Package evaluation compiles many bare expressions into one program and asks
// it for their values, beside cel-go's evaluator for the same expressions.
//
// It knows the compiler's stages for expressions and the program's protocol. It
// must not know where expressions come from, and judges nobody right.
package evaluation

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types/ref"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
	"moec.dev/moec/tests/evaluation/wire"
)

// Expression is a checked expression and the variables that it reads.
type Expression struct {
	Text    string
	Params  []celfront.Variable
	Checked *celfront.Checked

	program cel.Program
}

// Check checks text in an environment; vars are the variables that it was made
// with. What the checker says against it is the error.
func Check(env *celfront.Env, vars []celfront.Variable, text string) (*Expression, error) {
	var diags diag.List
	file := source.New("expression", text)
	c := env.Check(&ast.Expr{Text: text, At: ast.At{Place: source.Span{File: file, End: len(text)}}}, &diags)
	if c == nil || diags.HasErrors() {
		for _, d := range diags.Sorted() {
			return nil, d
		}
		return nil, fmt.Errorf("%s was refused without a word", text)
	}
	x := &Expression{Text: text, Checked: c}
	read := map[string]bool{}
	c.Root.Walk(func(e *celfront.Expr) bool {
		if e.Op == celfront.Var {
			read[e.Name] = true
		}
		return true
	})
	for _, v := range vars {
		if read[v.Name] { // or a macro binds the name, which does no harm
			x.Params = append(x.Params, v)
		}
	}
	var err error
	x.program, err = c.Program()
	return x, err
}

// faulty reports whether an error is cel-go's own and not the expression's: a
// panic that it has recovered from, or has(o.f) of an optional o inside of an
// index, for which it takes the optional for a key.
func faulty(message string) bool {
	return strings.HasPrefix(message, "internal error:") || message == "invalid qualifier type: *types.Optional"
}

// Reference is cel-go's answer, for values of the parameters in their order. A
// fault of cel-go's is a panic, which nothing can agree with.
func (x *Expression) Reference(args []wire.Value) (a wire.Answer) {
	if len(args) != len(x.Params) {
		return wire.Answer{Unasked: fmt.Sprintf("%d values for %d parameters", len(args), len(x.Params))}
	}
	defer func() {
		if p := recover(); p != nil {
			a = wire.Answer{Panic: fmt.Sprint(p)}
		}
	}()
	vars := map[string]any{}
	for i, p := range x.Params {
		v, err := ToCEL(args[i])
		if err != nil {
			return wire.Answer{Unasked: err.Error()}
		}
		vars[p.Name] = v
	}
	out, _, err := x.program.Eval(vars)
	switch {
	case err != nil && faulty(err.Error()):
		return wire.Answer{Panic: err.Error()}
	case err != nil:
		return wire.Answer{Error: err.Error()}
	}
	return written(out)
}

func written(out ref.Val) wire.Answer {
	v, err := FromCEL(out)
	if err != nil {
		return wire.Answer{Unasked: err.Error()}
	}
	return wire.Answer{Value: &v}
}

// Select returns a value for each parameter out of values by name.
func (x *Expression) Select(values map[string]wire.Value) ([]wire.Value, error) {
	var args []wire.Value
	for _, p := range x.Params {
		v, ok := values[p.Name]
		if !ok {
			return nil, fmt.Errorf("%s has no value", p.Name)
		}
		args = append(args, v)
	}
	return slices.Clip(args), nil
}
