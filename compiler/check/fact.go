package check

import (
	"strconv"

	"moec.dev/moec/compiler/celfront"
)

// facts are what is known where an expression is evaluated: that a map has a
// key, that a list has so many elements, that an optional has a value.
type facts map[string]bool

func hasKey(m, k *celfront.Expr) string { return "key " + m.Text() + " " + k.Text() }
func hasField(m *celfront.Expr, f string) string {
	return "key " + m.Text() + " " + strconv.Quote(f)
}
func hasValue(o *celfront.Expr) string { return "value " + o.Text() }

// longer is the fact that a list has more than n elements.
func longer(l *celfront.Expr, n int64) string {
	return "longer " + l.Text() + " " + strconv.FormatInt(n, 10)
}

func (f facts) and(g facts) facts {
	if len(g) == 0 {
		return f
	}
	out := facts{}
	for k := range f {
		out[k] = true
	}
	for k := range g {
		out[k] = true
	}
	return out
}

// implied are the facts that follow from e having the given value.
//
// INVARIANT: every fact comes from a condition that cannot itself fail, so that
// it guards the other side of && and || in either order: where it is false the
// whole is decided, whatever the other side does.
func implied(e *celfront.Expr, value bool) facts {
	if e.Op == celfront.Has {
		if value {
			return facts{hasField(e.Args[0], e.Name): true}
		}
		return nil
	}
	if e.Op != celfront.Call {
		return nil
	}
	switch e.Name {
	case "!_":
		return implied(e.Args[0], !value)
	case "_&&_", "_||_":
		if value == (e.Name == "_&&_") {
			return implied(e.Args[0], value).and(implied(e.Args[1], value))
		}
	case "@in":
		if value && isMap(e.Args[1]) {
			return facts{hasKey(e.Args[1], e.Args[0]): true}
		}
	case "hasValue":
		if value {
			return facts{hasValue(e.Args[0]): true}
		}
	case "_>_", "_>=_", "_<_", "_<=_", "_==_", "_!=_":
		return sizeFacts(e, value)
	}
	return nil
}

func isMap(e *celfront.Expr) bool {
	return e.Op == celfront.Var && (e.Name == "request.headers" || e.Name == "response.headers")
}

// sizeFacts reads comparisons of size(list) with a constant.
func sizeFacts(e *celfront.Expr, value bool) facts {
	op, l, r := e.Name, e.Args[0], e.Args[1]
	if l.Op == celfront.Const {
		op, l, r = map[string]string{"_>_": "_<_", "_>=_": "_<=_", "_<_": "_>_", "_<=_": "_>=_"}[op], r, l
		if op == "" {
			op = e.Name
		}
	}
	n, ok := r.Value.(int64)
	if r.Op != celfront.Const || !ok || l.Op != celfront.Call || l.Name != "size" || n < 0 || n > 1000 {
		return nil
	}
	if !value {
		op = map[string]string{"_>_": "_<=_", "_>=_": "_<_", "_<_": "_>=_", "_<=_": "_>_", "_==_": "_!=_", "_!=_": "_==_"}[op]
	}
	least := int64(0) // elements that there are at least
	switch {
	case op == "_>_":
		least = n + 1
	case op == "_>=_" || op == "_==_":
		least = n
	case op == "_!=_" && n == 0:
		least = 1
	}
	out := facts{}
	for i := int64(0); i < least; i++ {
		out[longer(l.Args[0], i)] = true
	}
	return out
}
