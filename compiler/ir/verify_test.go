package ir_test

import (
	"slices"
	"testing"

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// Every node that is damaged in one way is found out.
func TestVerifyFindsDamagedExpressions(t *testing.T) {
	if err := ir.Verify(lowered(t)); err != nil {
		t.Fatal(err)
	}
	slots := []ir.Op{"header", "header-has", "header-at", "header-optional", "header-values", "query", "cookie", "capture", "attribute",
		"attribute-ip", "attribute-net", "attribute-int", "attribute-bool", "kept"}
	any := []ir.Op{"list", "concat"} // these take any number of arguments
	named := []ir.Op{"let", "var", "identity", "claim", "get"}
	valued := []ir.Op{"const", "matches", "match-sequence", "in-cidr"}
	for _, m := range []struct {
		name   string
		damage func(e *ir.Expr) bool // false where the damage means nothing
	}{
		{"unknown operation", func(e *ir.Expr) bool { e.Op = "nonesuch"; return true }},
		{"no operation", func(e *ir.Expr) bool { e.Op = ""; return true }},
		{"no type", func(e *ir.Expr) bool { e.Type = nil; return true }},
		{"one argument less", func(e *ir.Expr) bool {
			if len(e.Args) == 0 || slices.Contains(any, e.Op) {
				return false
			}
			e.Args = e.Args[1:]
			return true
		}},
		{"one argument more", func(e *ir.Expr) bool {
			e.Args = append(slices.Clone(e.Args), &ir.Expr{Op: "now", Type: types.TimestampType})
			return !slices.Contains(any, e.Op)
		}},
		{"slot too large", func(e *ir.Expr) bool { e.Index = 1000; return slices.Contains(slots, e.Op) }},
		{"slot negative", func(e *ir.Expr) bool { e.Index = -1; return slices.Contains(slots, e.Op) }},
		{"unknown name", func(e *ir.Expr) bool { e.Name = "nonesuch"; return slices.Contains(named, e.Op) }},
		{"no value", func(e *ir.Expr) bool { e.Value = nil; return slices.Contains(valued, e.Op) }},
		{"value of another type", func(e *ir.Expr) bool { e.Value = 1; return slices.Contains(valued, e.Op) }},
	} {
		damaged, count := 0, len(exprs(lowered(t)))
		for i := range count {
			b := lowered(t)
			e := exprs(b)[i]
			before := e.String()
			if !m.damage(e) {
				continue
			}
			damaged++
			if ir.Verify(b) == nil {
				t.Errorf("%s in %s goes unnoticed", m.name, before)
			}
		}
		if damaged == 0 {
			t.Errorf("%s: there is nothing to damage", m.name)
		}
	}
}

// So is everything else that code is written from.
func TestVerifyFindsDamagedRules(t *testing.T) {
	text := &ir.Expr{Op: "const", Type: types.StringType, Value: "x"}
	for name, damage := range map[string]func(b *ir.Bundle, r *ir.Route){
		"no pattern":                  func(_ *ir.Bundle, r *ir.Route) { r.Patterns = nil },
		"two endings":                 func(_ *ir.Bundle, r *ir.Route) { r.Respond = &ir.Answer{Status: 200} },
		"a redirect beside a forward": func(_ *ir.Bundle, r *ir.Route) { r.Redirect = &ir.Target{Status: 301, HTTPS: true} },
		"a cluster and a choice": func(_ *ir.Bundle, r *ir.Route) {
			r.Cluster, r.Forward = "", &ir.Forward{Cluster: "c", Choice: &ir.Choice{Value: text, Among: []string{"c"}}}
		},
		"a choice among nothing": func(_ *ir.Bundle, r *ir.Route) {
			r.Cluster, r.Forward = "", &ir.Forward{Choice: &ir.Choice{Value: text}}
		},
		"shares of 99": func(_ *ir.Bundle, r *ir.Route) {
			r.Cluster, r.Forward = "", &ir.Forward{Split: &ir.Split{Shares: []ir.Share{{Cluster: "c", Percent: 99}}}}
		},
		"a rewrite to nowhere":          func(_ *ir.Bundle, r *ir.Route) { r.RewritePath = &ir.Target{} },
		"a timeout of the host's route": func(_ *ir.Bundle, r *ir.Route) { r.Cluster, r.Delivery = "", &ir.Delivery{} },
		"public with auth":              func(_ *ir.Bundle, r *ir.Route) { r.Public = true },
		"neither public nor auth":       func(_ *ir.Bundle, r *ir.Route) { r.Auths = nil },
		"auth that is not there":        func(_ *ir.Bundle, r *ir.Route) { r.Auths[0] = 2 },
		"capture that is not there":     func(_ *ir.Bundle, r *ir.Route) { r.Patterns[0].Captures[0] = 9 },
		"no template":                   func(_ *ir.Bundle, r *ir.Route) { r.Patterns[0].Template = "" },
		"host capture too large":        func(_ *ir.Bundle, r *ir.Route) { r.Patterns[0].HostCapture = 9 },
		"host capture negative":         func(_ *ir.Bundle, r *ir.Route) { r.Patterns[0].HostCapture = -2 },
		"when of another type":          func(_ *ir.Bundle, r *ir.Route) { r.When = text },
		"deny of another type":          func(_ *ir.Bundle, r *ir.Route) { r.EarlyDenies[0].When = text },
		"deny without a condition":      func(_ *ir.Bundle, r *ir.Route) { r.LateDenies[0].When = nil },
		"deny without a status":         func(_ *ir.Bundle, r *ir.Route) { r.EarlyDenies[0].Answer.Status = 0 },
		"deny that lets through":        func(_ *ir.Bundle, r *ir.Route) { r.EarlyDenies[0].Answer.Status = 200 },
		"allow without a condition":     func(_ *ir.Bundle, r *ir.Route) { r.Groups[0].Allows[0].When = nil },
		"allow of another type":         func(_ *ir.Bundle, r *ir.Route) { r.Groups[0].Allows[1].When = text },
		"set without a value":           func(_ *ir.Bundle, r *ir.Route) { r.Response[0].Value = nil },
		"remove with a value":           func(_ *ir.Bundle, r *ir.Route) { r.Request[0].Value = text },
		"header of another type":        func(_ *ir.Bundle, r *ir.Route) { r.Response[0].Value = r.Response[0].When },
		"header's when of type text":    func(_ *ir.Bundle, r *ir.Route) { r.Response[0].When = text },
		"header slot too large":         func(_ *ir.Bundle, r *ir.Route) { r.Request[2].Slot = 99 },
		"header slot negative":          func(_ *ir.Bundle, r *ir.Route) { r.Request[0].Slot = -2 },
		"number that is another's":      func(_ *ir.Bundle, r *ir.Route) { r.Groups[0].Allows[0].Number++ },
		"number that is nobody's":       func(_ *ir.Bundle, r *ir.Route) { r.Response[0].Number = 999 },
		"auth at an unknown place":      func(b *ir.Bundle, _ *ir.Route) { b.Auths[0].Place = "body" },
		"auth's slot too large":         func(b *ir.Bundle, _ *ir.Route) { b.Auths[1].Slot = 9 },
		"key without claims":            func(b *ir.Bundle, _ *ir.Route) { b.Auths[0].Keys[0].Claims = nil },
		"lets in the wrong order":       func(b *ir.Bundle, _ *ir.Route) { b.Lets = nil },
		"claim that is not there":       func(b *ir.Bundle, _ *ir.Route) { b.Claims = b.Claims[:1] },
		"header that is not there":      func(b *ir.Bundle, _ *ir.Route) { b.Headers = b.Headers[:1] },
		"attribute that is not there":   func(b *ir.Bundle, _ *ir.Route) { b.Attributes = b.Attributes[:1] },
	} {
		b := lowered(t)
		damage(b, b.Routes[0])
		if ir.Verify(b) == nil {
			t.Errorf("%s goes unnoticed", name)
		}
	}
}
