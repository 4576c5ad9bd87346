package ir_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"moec.dev/moec/compiler"
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
)

const limited = `
auth robots = api_key { key from header "x-key"; keys from file "k.keys"; claims { plan: string? } }
limit per_user = 100/min burst 20 key identity.id announce
limit by_plan = rate (size(identity.subject)) per h at most 50 burst (size(identity.id)) key identity.claims.plan cost 2 max keys 9
limit few = concurrency 4 key source.net
route a {
  match "/a/{id}"
  auth robots
  limit per_user
  limit by_plan when size(path.id) > 3 with 503 json "{}"
  limit few
  shadow limit shade 1/s key source.net
  forward to "a"
}
scope over on all { limit all_of 7/d key source.net, route.name }
`

func limits(t *testing.T) *ir.Bundle {
	t.Helper()
	u, diags := compiler.Run(compiler.Input{Name: "shop", FS: fstest.MapFS{"p.moe": {Data: []byte(limited)}, "k.keys": {Data: []byte(keys)}}}, "verify")
	for _, d := range diags {
		if d.Code.Severity == diag.Error {
			t.Fatal(d)
		}
	}
	return u.IR
}

// Limits that read who calls come behind authentication, all others before it.
func TestDumpLimits(t *testing.T) {
	var text bytes.Buffer
	if err := ir.Dump(&text, limits(t)); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		"limit 0 per_user = 100 per 1m0s burst 20, keys 100000, announced\n",
		"limit 1 by_plan = at most 50 per 1h0m0s burst 50, keys 9\n",
		"limit 2 few = concurrency 4, keys 100000\n",
		"limit 3 a.shade = 1 per 1s burst 0, keys 100000\n",
		"limit 4 over.all_of = 7 per 24h0m0s burst 0, keys 100000\n",
		"  limit-early shop.few of 2 key ((attribute-net 0)) -> 429\n",
		"  limit-early shop.a.shade of 3 key ((attribute-net 0)) shadow -> 429\n",
		"  limit shop.per_user of 0 key ((identity id)) -> 429\n",
		"  limit-early shop.over.all_of of 4 key ((attribute-net 0), (route-name)) -> 429\n",
		" cost 2 rate (size (identity subject)) burst (size (identity id)) when (> (size (capture 0)) 3) -> 503\n",
	} {
		if !strings.Contains(text.String(), part) {
			t.Errorf("the text lacks %q:\n%s", part, text.String())
		}
	}
}

func TestVerifyFindsDamagedLimits(t *testing.T) {
	if err := ir.Verify(limits(t)); err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string]func(b *ir.Bundle, early, late *ir.LimitRule){
		"no such limit":   func(_ *ir.Bundle, early, _ *ir.LimitRule) { early.Limit = 5 },
		"another limit":   func(_ *ir.Bundle, _, late *ir.LimitRule) { late.Limit = 1 },
		"a status":        func(_ *ir.Bundle, early, _ *ir.LimitRule) { early.Answer.Status = 200 },
		"no rate":         func(b *ir.Bundle, _, _ *ir.LimitRule) { b.Routes[0].LateLimits[1].Rate = nil },
		"a key of a list": func(_ *ir.Bundle, early, _ *ir.LimitRule) { early.Key[0].Type = types.ListOf(types.StringType) },
		"a cost of requests": func(_ *ir.Bundle, early, _ *ir.LimitRule) {
			early.Cost = &ir.Expr{Op: "const", Type: types.IntType, Value: int64(1)}
		},
		"a number": func(_ *ir.Bundle, early, _ *ir.LimitRule) { early.Number = 0 },
		"nine at once": func(b *ir.Bundle, early, _ *ir.LimitRule) {
			for range 8 {
				b.Routes[0].EarlyLimits = append(b.Routes[0].EarlyLimits, early)
			}
		},
		"identity on stray requests": func(b *ir.Bundle, _, late *ir.LimitRule) {
			b.Scopes[0].LateLimits = append(b.Scopes[0].LateLimits, late)
		},
	} {
		b := limits(t)
		r := b.Routes[0]
		damage(b, r.EarlyLimits[0], r.LateLimits[0])
		if ir.Verify(b) == nil {
			t.Errorf("%s goes unnoticed", name)
		}
	}
}
