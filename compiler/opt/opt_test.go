package opt

import (
	"testing"

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// Every expression of a bundle is rewritten, wherever it stands, and the bundle
// that was given stays as it was.
func TestOptimizeReachesEverything(t *testing.T) {
	bad := func() *ir.Expr {
		return node("not", types.BoolType, &ir.Expr{Op: "const", Type: types.BoolType, Value: false})
	}
	text := func() *ir.Expr {
		s := &ir.Expr{Op: "const", Type: types.StringType, Value: "x"}
		return node("concat", types.StringType, s, s)
	}
	rule := func() []*ir.Rule { return []*ir.Rule{{When: bad()}} }
	header := func() []*ir.HeaderRule { return []*ir.HeaderRule{{Rule: ir.Rule{When: bad()}, Value: text()}, {}} }
	b := &ir.Bundle{Lets: []*ir.Let{{Value: bad()}}, Routes: []*ir.Route{{
		When: bad(), Decisions: ir.Decisions{EarlyDenies: rule(), LateDenies: rule(), Groups: []*ir.Group{{Allows: rule(), Shadows: rule()}}}, Request: header(), Response: header(),
	}, {}}}
	count := func(b *ir.Bundle) (folded, left int) {
		b.Exprs(func(e *ir.Expr) {
			if e.Op == "const" {
				folded++
			} else {
				left++
			}
		})
		return folded, left
	}
	out := Optimize(b)
	if folded, left := count(out); folded != 10 || left != 0 {
		t.Errorf("%d are folded, %d are not", folded, left)
	}
	if folded, left := count(b); folded != 0 || left != 10 {
		t.Error("the bundle itself was changed")
	}
	if len(out.Routes) != 2 || len(out.Routes[0].Request) != 2 {
		t.Error("something was lost")
	}
}
