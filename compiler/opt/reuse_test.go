package opt

import (
	"testing"

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// What stands twice is evaluated once: at once where it is needed in any case
// and cannot fail, and otherwise when it is read first.
func TestReuse(t *testing.T) {
	number := func() *ir.Expr {
		header := &ir.Expr{Op: "header", Type: types.StringType}
		return &ir.Expr{Op: "to-int", Type: types.IntType, Args: []*ir.Expr{header}}
	}
	less := func(a *ir.Expr, n int64) *ir.Expr {
		return &ir.Expr{Op: "<", Type: types.BoolType, Args: []*ir.Expr{a, {Op: "const", Type: types.IntType, Value: n}}}
	}
	and := func(a, b *ir.Expr) *ir.Expr {
		return &ir.Expr{Op: "and", Type: types.BoolType, Args: []*ir.Expr{a, b}}
	}
	method := equals(&ir.Expr{Op: "method", Type: types.StringType}, "GET")
	v := &ir.Expr{Op: "var", Type: types.StringType, Name: "v"}
	looped := &ir.Expr{Op: "call", Type: types.StringType, Name: "string_lower_ascii", Args: []*ir.Expr{v}}
	list := &ir.Expr{Op: "header-values", Type: types.ListOf(types.StringType)}
	for _, c := range []struct {
		e    *ir.Expr
		want string
	}{
		{and(equals(costly1(), "a"), equals(costly1(), "b")),
			`(bind again1 (call string_lower_ascii (header 0)) (and (== again1 "a") (== again1 "b")))`},
		{and(method, and(equals(costly1(), "a"), equals(costly1(), "b"))),
			`(bind-lazy again1 (call string_lower_ascii (header 0)) (and (== (method) "GET") (and (== again1 "a") (== again1 "b"))))`},
		{and(less(number(), 1), less(number(), 2)),
			`(bind-lazy again1 (to-int (header 0)) (and (< again1 1) (< again1 2)))`},
		{and(equals(costly1(), "a"), less(number(), 2)),
			`(and (== (call string_lower_ascii (header 0)) "a") (< (to-int (header 0)) 2))`},
		{&ir.Expr{Op: "exists", Type: types.BoolType, Vars: []string{"v"}, Args: []*ir.Expr{list, and(equals(looped, "a"), equals(looped, "b"))}},
			`(exists v (header-values 0) (and (== (call string_lower_ascii v) "a") (== (call string_lower_ascii v) "b")))`},
	} {
		if got := reuse(c.e).String(); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func costly1() *ir.Expr { return costly0(0) }
