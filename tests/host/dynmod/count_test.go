package dynmod

import (
	"fmt"
	"strings"
	"testing"

	"moec.dev/moec/compiler/scenario"
)

// What decided is counted once, named with the digest in the response-code
// details, and recorded, the refusals of the shim itself too.
func TestOutcomesAreCounted(t *testing.T) {
	const digest = "@0123456789ab"
	h := Start(t, library, Options{}, "noted")
	many := get()
	for i := range 600 {
		many.Headers = append(many.Headers, scenario.Header{Name: fmt.Sprint("x-", i), Value: "v"})
	}
	rules := []string{"canonical", "undecided", "items.no", "items.set", "items"}
	totals := map[string]int{}
	for _, c := range []struct {
		what    string
		request scenario.Request
		details string
		counted []string // with what comes behind rule.
		records []string // a part of each line, in order
	}{
		{"forwarded", get(), "", []string{"rule.items"}, []string{`"outcome":"forwarded"`}},
		{"denied", get("x-do", "no"), "moe.noted.items.no" + digest, []string{"rule.items.no", "denied"}, []string{`"rule":"noted.items.no","outcome":"denied","status":403`}},
		{"a name that is none", get("x-do", "strange"), "moe.noted.items.strange", []string{"denied"}, []string{`"rule":"noted.items.strange"`}},
		{"in shadow", get("x-do", "shadow"), "", []string{"rule.items", "shadowed", "shadow.items.new", "shadow.items.newer"}, []string{`"outcome":"forwarded","shadow":["noted.items.new","noted.items.newer"]`}},
		{"a panic", get("x-do", "panic"), "moe.noted.undecided" + digest, []string{"rule.undecided", "denied", "undecided"}, []string{`"rule":"noted.undecided","outcome":"denied","status":500`, "on purpose"}},
		{"what the shim refuses", get("x-do", "nameless"), "moe.noted.undecided" + digest, []string{"rule.undecided", "denied", "undecided"},
			[]string{`"outcome":"forwarded"`, `"rule":"noted.undecided","outcome":"denied","status":500`}},
		{"too many headers", many, "moe.noted.canonical" + digest, []string{"rule.canonical", "denied"}, []string{`"rule":"noted.canonical","outcome":"denied","status":431`}},
		{"the response", get("x-do", "response"), "moe.noted.items.set" + digest, []string{"rule.items", "rule.items.set", "denied"}, []string{`"outcome":"forwarded"`, `"rule":"noted.items.set","outcome":"denied","status":500`}},
		{"no memory for a record", get("no", "memory"), "moe.noted.undecided" + digest, []string{"rule.undecided", "denied", "undecided"}, []string{`"rule":"noted.undecided","outcome":"denied","status":500`}},
	} {
		t.Run(c.what, func(t *testing.T) {
			mode := ""
			if strings.HasPrefix(c.what, "no memory") {
				mode = "no-memory"
			}
			r := run(t, h, Stream{Chain: []string{"noted"}, Request: c.request, Mode: mode})
			if r.Details != c.details {
				t.Errorf("details %q, want %q", r.Details, c.details)
			}
			for _, name := range c.counted {
				totals[name]++
			}
			for _, rule := range rules {
				counted(t, h, "noted.rule."+rule, totals["rule."+rule])
			}
			for _, name := range []string{"denied", "undecided", "shadowed", "shadow.items.new", "shadow.items.newer"} {
				counted(t, h, "noted."+name, totals[name])
			}
			if len(r.Log) != len(c.records) {
				t.Fatalf("logged %q", r.Log)
			}
			for _, want := range c.records {
				if n := strings.Count(strings.Join(r.Log, "\n"), want); n != 1 {
					t.Errorf("%s stands %d times in %q", want, n, r.Log)
				}
			}
			for _, line := range r.Log {
				if strings.Contains(line, `"time":"1970`) {
					t.Errorf("no time in %s", line)
				}
			}
		})
	}
}
