package core

import (
	"strings"
	"testing"
)

// What decided is found by the constant that names it, and by the same text at
// another address.
func TestOutcome(t *testing.T) {
	before := bundles
	defer func() { bundles = before }()
	bundles = nil
	b := &Bundle{
		Name: "shop", Spec: (&Spec{Details: Details{Unmatched: "moe.shop.unmatched"}}).Prepare(),
		Outcomes: []string{"moe.shop.unmatched", "moe.shop.undecided", "moe.shop.a.no"},
		Passes:   []string{"shop.a", "shop.unmatched"},
	}
	Register(b)
	answer := func(name string) *Frame { return &Frame{Verdict: VerdictReply, Details: ref(name)} }
	passed := func(name string) *Frame { return &Frame{Verdict: VerdictContinue, Label: ref(name)} }
	late := passed("shop.a")
	late.Phase = PhaseResponse
	for _, c := range []struct {
		f      *Frame
		number uint32
		name   string
		answer bool
	}{
		{answer("moe.shop.unmatched"), 1, "shop.unmatched", true},
		{answer("moe.shop.a.no"), 3, "shop.a.no", true},
		{answer(strings.Clone("moe.shop.a.no")), 3, "shop.a.no", true},
		{answer("moe.shop.a"), 0, "", false},
		{answer(""), 0, "", false},
		{passed("shop.a"), 4, "shop.a", false},
		{passed(b.Spec.Details.Unmatched[len("moe."):]), 5, "shop.unmatched", false},
		{late, 0, "", false},
		{&Frame{}, 0, "", false},
	} {
		number := b.outcome(c.f)
		name, answer := b.Outcome(int(number))
		if number != c.number || name != c.name || answer != c.answer {
			t.Errorf("%q %q: %d %q %v, want %d %q %v", c.f.Details.view(), c.f.Label.view(), number, name, answer, c.number, c.name, c.answer)
		}
	}
	if n := b.OutcomeNamed("shop.a.no"); n != 3 {
		t.Errorf("shop.a.no is %d", n)
	}
	if n := b.OutcomeNamed("shop.a"); n != 0 {
		t.Errorf("shop.a, which is no answer, is %d", n)
	}
	if name, _ := b.Outcome(6); name != "" {
		t.Errorf("outcome 6 is %q", name)
	}
}

// Every name has a place, however many there are.
func TestOutcomeOfMany(t *testing.T) {
	b := &Bundle{Name: "b"}
	for i := range 3000 {
		b.Outcomes = append(b.Outcomes, "moe.b."+strings.Repeat("x", i+1))
	}
	o := newOutcomes(b)
	for i, name := range b.Outcomes {
		if n := o.number(ref(name)); n != uint32(i+1) {
			t.Fatalf("%d is found as %d", i+1, n)
		}
	}
}

func BenchmarkOutcome(b *testing.B) {
	names := []string{"moe.shop.canonical", "moe.shop.unmatched", "moe.shop.method", "moe.shop.undecided", "moe.shop.a.no"}
	o := newOutcomes(&Bundle{Outcomes: names})
	for b.Loop() {
		if o.number(ref(names[4])) != 5 {
			b.Fatal()
		}
	}
}
