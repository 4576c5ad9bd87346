package ir_test

import (
	"strings"
	"testing"

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// The request's part of a response rule is kept, and nothing more of it.
func TestKeptIsDumped(t *testing.T) {
	var out strings.Builder
	if err := ir.Dump(&out, lowered(t)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"  keep 0 for shop.orders.set.response.x-id = (capture 0)\n",
		`"x-id" = (concat (kept 0) (to-string (response-code)))`,
		"  body at most 65536\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestVerifyFindsDamagedKept(t *testing.T) {
	code := &ir.Expr{Op: "response-code", Type: types.IntType}
	for name, damage := range map[string]func(b *ir.Bundle){
		"one that reads the answer": func(b *ir.Bundle) {
			b.Routes[0].Kept[0].Expr = &ir.Expr{Op: "to-string", Type: types.StringType, Args: []*ir.Expr{code}}
		},
		"one of another type": func(b *ir.Bundle) {
			b.Routes[0].Kept[0].Expr = &ir.Expr{Op: "const", Type: types.IntType, Value: int64(1)}
		},
		"one that nothing can keep": func(b *ir.Bundle) {
			b.Routes[0].Kept[0].Expr = &ir.Expr{Op: "headers-all", Type: types.MapOf(types.StringType, types.StringType)}
		},
		"one of no scope":                func(b *ir.Bundle) { b.Routes[0].Kept[0].Scope = 1 },
		"none":                           func(b *ir.Bundle) { b.Routes[0].Kept = nil },
		"one that fails where none does": func(b *ir.Bundle) { b.Routes[0].Kept[0].Expr.Op = "fail" },
		"a bound below nothing":          func(b *ir.Bundle) { b.Routes[0].MaxBody = -2 },
		"a bound where nothing goes on":  func(b *ir.Bundle) { b.Routes[1].MaxBody = 1 },
	} {
		b := lowered(t)
		damage(b)
		if ir.Verify(b) == nil {
			t.Errorf("%s goes unnoticed", name)
		}
	}
}
