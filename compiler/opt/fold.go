package opt

import (
	"strings"

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// fold evaluates what is constant: logic with a known side, comparisons and
// concatenations of constants. A side that could fail may be dropped only
// where CEL would forgive the failure too: true || x and false && x.
func fold(e *ir.Expr) *ir.Expr {
	constant := func(v any) *ir.Expr {
		return &ir.Expr{Op: "const", Type: e.Type, Value: v, Span: e.Span}
	}
	switch e.Op {
	case "and", "or":
		absorbing := e.Op == "or"
		for i, a := range e.Args {
			if v, ok := boolean(a); ok {
				if v == absorbing {
					return constant(absorbing)
				}
				return e.Args[1-i]
			}
		}
	case "not":
		if v, ok := boolean(e.Args[0]); ok {
			return constant(!v)
		}
	case "if":
		if v, ok := boolean(e.Args[0]); ok {
			if v {
				return e.Args[1]
			}
			return e.Args[2]
		}
	case "==", "!=":
		a, b := e.Args[0], e.Args[1]
		if a.Op == "const" && b.Op == "const" && a.Type.Kind == types.String {
			return constant((a.Value == b.Value) == (e.Op == "=="))
		}
	case "concat":
		return concat(e)
	}
	return e
}

func boolean(e *ir.Expr) (value, ok bool) {
	value, ok = e.Value.(bool)
	return value, ok && e.Op == "const"
}

// concat joins neighbouring constants and drops empty ones.
func concat(e *ir.Expr) *ir.Expr {
	var args []*ir.Expr
	for _, a := range e.Args {
		s, ok := a.Value.(string)
		ok = ok && a.Op == "const"
		if ok && s == "" {
			continue
		}
		if n := len(args); ok && n > 0 && args[n-1].Op == "const" {
			joined := *args[n-1]
			joined.Value = strings.Join([]string{joined.Value.(string), s}, "")
			args[n-1] = &joined
			continue
		}
		args = append(args, a)
	}
	switch len(args) {
	case 0:
		return &ir.Expr{Op: "const", Type: e.Type, Value: "", Span: e.Span}
	case 1:
		return args[0]
	}
	c := *e
	c.Args = args
	return &c
}
