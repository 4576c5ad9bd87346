package opt

import (
	"testing"

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

func costly0(slot int) *ir.Expr {
	header := &ir.Expr{Op: "header", Type: types.StringType, Index: slot}
	return &ir.Expr{Op: "call", Type: types.StringType, Name: "string_lower_ascii", Args: []*ir.Expr{header}}
}

func equals(e *ir.Expr, s string) *ir.Expr {
	c := &ir.Expr{Op: "const", Type: types.StringType, Value: s}
	return &ir.Expr{Op: "==", Type: types.BoolType, Args: []*ir.Expr{e, c}}
}

// What costs and stands twice is evaluated once, before whoever reads it first,
// and the response phase keeps its own.
func TestShare(t *testing.T) {
	b := ir.Bundle{
		Lets: []*ir.Let{{Name: "other", Value: equals(costly0(1), "x")}, {Name: "agent", Value: equals(costly0(0), "a")}},
		Routes: []*ir.Route{{
			Decisions: ir.Decisions{EarlyDenies: []*ir.Rule{{When: equals(costly0(0), "b")}, {When: equals(costly0(2), "b")}}},
			Response:  []*ir.HeaderRule{{Value: costly0(0)}},
		}},
	}
	out := share(b)
	var names []string
	for _, l := range out.Lets {
		names = append(names, l.Name+" = "+l.Value.String())
	}
	want := []string{
		`other = (== (call string_lower_ascii (header 1)) "x")`,
		`shared_1 = (call string_lower_ascii (header 0))`,
		`agent = (== (let shared_1) "a")`,
	}
	if len(names) != len(want) {
		t.Fatalf("got %q", names)
	}
	for i := range want {
		if names[i] != want[i] {
			t.Errorf("let %d is %s, want %s", i, names[i], want[i])
		}
	}
	r := out.Routes[0]
	if got := r.EarlyDenies[0].When.String(); got != `(== (let shared_1) "b")` {
		t.Errorf("the deny is %s", got)
	}
	if got := r.EarlyDenies[1].When.String(); got != `(== (call string_lower_ascii (header 2)) "b")` {
		t.Errorf("what stands once is shared: %s", got)
	}
	if got := r.Response[0].Value.String(); got != `(call string_lower_ascii (header 0))` {
		t.Errorf("the response rule reads a let: %s", got)
	}
	if len(b.Lets) != 2 || b.Lets[1].Value.String() != `(== (call string_lower_ascii (header 0)) "a")` {
		t.Error("the bundle itself was changed")
	}
}

// What reads a loop's variable or a capture means something else elsewhere.
func TestShareKeepsWhatDependsOnItsPlace(t *testing.T) {
	v := &ir.Expr{Op: "var", Type: types.StringType, Name: "v"}
	lower := func(e *ir.Expr) *ir.Expr {
		return &ir.Expr{Op: "call", Type: types.StringType, Name: "string_lower_ascii", Args: []*ir.Expr{e}}
	}
	capture := &ir.Expr{Op: "capture", Type: types.StringType, Name: "path.x"}
	for _, e := range []*ir.Expr{lower(v), lower(capture)} {
		b := ir.Bundle{Lets: []*ir.Let{{Name: "a", Value: equals(e, "1")}, {Name: "b", Value: equals(e, "2")}}}
		if out := share(b); len(out.Lets) != 2 {
			t.Errorf("%s is shared", e)
		}
	}
}
