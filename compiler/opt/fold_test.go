package opt

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

var errFailed = errors.New("failed")

// eval is CEL's meaning of the few operations that these tests use: && and ||
// forgive the failure of a side when the other settles the answer.
func eval(e *ir.Expr) (any, error) {
	switch e.Op {
	case "const":
		return e.Value, nil
	case "method": // stands for text that is not known before the request
		return "GET", nil
	case "header-at": // stands for what fails
		return nil, errFailed
	case "concat":
		s := ""
		for _, a := range e.Args {
			v, err := eval(a)
			if err != nil {
				return nil, err
			}
			s += v.(string)
		}
		return s, nil
	}
	a, errA := eval(e.Args[0])
	if e.Op == "not" {
		if errA != nil {
			return nil, errA
		}
		return !a.(bool), nil
	}
	if e.Op == "if" {
		if errA != nil {
			return nil, errA
		}
		if a.(bool) {
			return eval(e.Args[1])
		}
		return eval(e.Args[2])
	}
	b, errB := eval(e.Args[1])
	if e.Op == "and" || e.Op == "or" {
		settles := e.Op == "or"
		if errA == nil && a.(bool) == settles || errB == nil && b.(bool) == settles {
			return settles, nil
		}
		return !settles, errors.Join(errA, errB)
	}
	if err := errors.Join(errA, errB); err != nil {
		return nil, err
	}
	return (a == b) == (e.Op == "=="), nil
}

func node(op ir.Op, t *types.Type, args ...*ir.Expr) *ir.Expr {
	return &ir.Expr{Op: op, Type: t, Args: args}
}

// text and condition draw trees.
func text(t *rapid.T, depth int) *ir.Expr {
	if depth > 0 && rapid.Bool().Draw(t, "branch") {
		e := node("concat", types.StringType)
		for range rapid.IntRange(2, 4).Draw(t, "parts") {
			e.Args = append(e.Args, text(t, depth-1))
		}
		return e
	}
	switch rapid.IntRange(0, 5).Draw(t, "text") {
	case 0:
		return node("method", types.StringType)
	case 1:
		return node("header-at", types.StringType)
	}
	return &ir.Expr{Op: "const", Type: types.StringType, Value: rapid.SampledFrom([]string{"", "G", "GET", "ET"}).Draw(t, "constant")}
}

func condition(t *rapid.T, depth int) *ir.Expr {
	if depth == 0 {
		return &ir.Expr{Op: "const", Type: types.BoolType, Value: rapid.Bool().Draw(t, "value")}
	}
	op := rapid.SampledFrom([]ir.Op{"and", "or", "and", "or", "not", "if", "==", "!=", "const"}).Draw(t, "op")
	switch op {
	case "not":
		return node(op, types.BoolType, condition(t, depth-1))
	case "if":
		return node(op, types.BoolType, condition(t, depth-1), condition(t, depth-1), condition(t, depth-1))
	case "==", "!=":
		return node(op, types.BoolType, text(t, 2), text(t, 2))
	case "const":
		return condition(t, 0)
	}
	return node(op, types.BoolType, condition(t, depth-1), condition(t, depth-1))
}

// An expression means what it meant before: the same value, or a failure.
func TestFoldKeepsTheMeaning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := condition(t, 5)
		before := e.String()
		want, wantErr := eval(e)
		folded := rewrite(e, fold)
		got, gotErr := eval(folded)
		if got != want && wantErr == nil || (gotErr == nil) != (wantErr == nil) {
			t.Fatalf("%s is %v (%v), folded to %s it is %v (%v)", before, want, wantErr, folded, got, gotErr)
		}
		if e.String() != before {
			t.Fatalf("the tree was changed: %s, now %s", before, e)
		}
		if again := rewrite(folded, fold); again.String() != folded.String() {
			t.Fatalf("%s folds on to %s", folded, again)
		}
	})
}

func TestFold(t *testing.T) {
	yes, no := &ir.Expr{Op: "const", Type: types.BoolType, Value: true}, &ir.Expr{Op: "const", Type: types.BoolType, Value: false}
	x := node("==", types.BoolType, node("method", types.StringType), node("header-at", types.StringType)) // may fail
	s := func(v string) *ir.Expr { return &ir.Expr{Op: "const", Type: types.StringType, Value: v} }
	m := node("method", types.StringType)
	for _, c := range []struct {
		e    *ir.Expr
		want string
	}{
		{node("and", types.BoolType, yes, x), x.String()},
		{node("and", types.BoolType, x, no), "false"},
		{node("or", types.BoolType, x, yes), "true"},
		{node("or", types.BoolType, no, x), x.String()},
		{node("not", types.BoolType, no), "true"},
		{node("not", types.BoolType, x), "(not " + x.String() + ")"},
		{node("if", types.BoolType, yes, x, no), x.String()},
		{node("if", types.BoolType, no, x, yes), "true"},
		{node("if", types.BoolType, x, yes, yes), "(if " + x.String() + " true true)"},
		{node("==", types.BoolType, s("a"), s("a")), "true"},
		{node("!=", types.BoolType, s("a"), s("a")), "false"},
		{node("==", types.BoolType, m, m), "(== (method) (method))"},
		{node("concat", types.StringType, s("a"), s(""), s("b"), m, s("c"), s("d")), `(concat "ab" (method) "cd")`},
		{node("concat", types.StringType, s(""), m), "(method)"},
		{node("concat", types.StringType, s(""), s("")), `""`},
		{node("and", types.BoolType, node("or", types.BoolType, no, yes), node("not", types.BoolType, no)), "true"},
	} {
		if got := rewrite(c.e, fold).String(); got != c.want {
			t.Errorf("%s folds to %s, want %s", c.e, got, c.want)
		}
	}
}
