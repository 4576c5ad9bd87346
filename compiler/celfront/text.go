package celfront

import (
	"fmt"
	"strings"
)

// Text writes a node in one canonical form: two nodes with one text have one
// value wherever the same names are bound.
func (e *Expr) Text() string {
	var args []string
	for _, a := range e.Args {
		args = append(args, a.Text())
	}
	switch e.Op {
	case Const:
		if s, ok := e.Value.(string); ok {
			return fmt.Sprintf("%q", s)
		}
		return fmt.Sprint(e.Value)
	case Var:
		if e.Root {
			return "." + e.Name
		}
		return e.Name
	case Select:
		return args[0] + "." + e.Name
	case Has:
		return "has(" + args[0] + "." + e.Name + ")"
	case Macro:
		return e.Name + "(" + strings.Join(append(append([]string{}, e.Vars...), args...), ", ") + ")"
	case List:
		return "[" + strings.Join(args, ", ") + "]"
	case Map:
		return "{" + strings.Join(args, ", ") + "}"
	}
	return e.Name + "(" + strings.Join(args, ", ") + ")"
}
