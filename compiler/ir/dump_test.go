package ir_test

import (
	"bytes"
	"strings"
	"testing"

	"moec.dev/moec/compiler/ir"
)

// The text form is stable and names everything that decides.
func TestDump(t *testing.T) {
	var first bytes.Buffer
	if err := ir.Dump(&first, lowered(t)); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		var again bytes.Buffer
		if err := ir.Dump(&again, lowered(t)); err != nil {
			t.Fatal(err)
		}
		if again.String() != first.String() {
			t.Fatalf("two texts of one bundle:\n%s\n%s", first.String(), again.String())
		}
	}
	for _, part := range []string{
		"bundle shop digest ", `reply 403 json=true "{}"`, "owned x-user", "claim 1 = plan: string?", `auth 1 links = api_key from query "key" (slot 0), 1 keys`,
		"let is_ops(): bool = (in \"ops\" (identity groups))", "let agent(prefix: string): bool = (starts-with (header ", "route 0 shop.orders",
		`match GET,POST host "*.example.com" "/orders/{id}" captures [0]`, "shop.orders.bots when (match-sequence <[a-z]{1,-1} end> (capture 0)) -> 418 json=true \"{}\"",
		"authenticate any of [0 1] optional=false", "else refuse 403 by shop.orders.allow", `forward "orders" keep-credential=false`,
		`remove-prefix "x-internal-"`, `set-if-absent "x-lang" = "en" unless header `, "on error skip", `respond 200 json=false "ok"`, "public",
	} {
		if !strings.Contains(first.String(), part) {
			t.Errorf("the text lacks %q:\n%s", part, first.String())
		}
	}
}

// What makes another decision makes another text.
func TestDumpTellsApart(t *testing.T) {
	text := func(change func(b *ir.Bundle, r *ir.Route)) string {
		b := lowered(t)
		change(b, b.Routes[0])
		var out bytes.Buffer
		if err := ir.Dump(&out, b); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	seen := map[string]string{text(func(*ir.Bundle, *ir.Route) {}): "the bundle itself"}
	for name, change := range map[string]func(b *ir.Bundle, r *ir.Route){
		"unmatched":       func(b *ir.Bundle, _ *ir.Route) { b.Unmatched = 421 },
		"reply":           func(b *ir.Bundle, _ *ir.Route) { b.Replies[0].JSON = false },
		"owned":           func(b *ir.Bundle, _ *ir.Route) { b.Owned = nil },
		"methods":         func(_ *ir.Bundle, r *ir.Route) { r.Patterns[0].Methods = nil },
		"host":            func(_ *ir.Bundle, r *ir.Route) { r.Patterns[0].Host = "" },
		"when":            func(_ *ir.Bundle, r *ir.Route) { r.When = nil },
		"optional":        func(_ *ir.Bundle, r *ir.Route) { r.Optional = true },
		"public":          func(_ *ir.Bundle, r *ir.Route) { r.Public = true },
		"keep credential": func(_ *ir.Bundle, r *ir.Route) { r.KeepCredential = true },
		"cluster":         func(_ *ir.Bundle, r *ir.Route) { r.Cluster = "other" },
		"refusal":         func(_ *ir.Bundle, r *ir.Route) { r.Groups[0].Refusal = "other" },
		"allow skipped":   func(_ *ir.Bundle, r *ir.Route) { r.Groups[0].Allows[0].OnSkip = true },
		"status":          func(_ *ir.Bundle, r *ir.Route) { r.EarlyDenies[0].Answer.Status = 404 },
		"body kind":       func(_ *ir.Bundle, r *ir.Route) { r.EarlyDenies[0].Answer.JSON = false },
		"response rule":   func(_ *ir.Bundle, r *ir.Route) { r.Response[0].When = nil },
		"header":          func(_ *ir.Bundle, r *ir.Route) { r.Response[0].Header = "y" },
	} {
		s := text(change)
		if other, ok := seen[s]; ok {
			t.Errorf("%s and %s have one text", name, other)
		}
		seen[s] = name
	}
}
