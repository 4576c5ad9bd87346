package ir

import "slices"

// Outcomes are the full names of all that can answer a request, in the order of
// their first occurrence: the fixed steps, then what each route and scope has.
// Passes are those of what lets requests go on: the routes that forward, and the
// fixed step of requests that no route takes.
func (b *Bundle) Outcomes() (answers, passes []string) {
	lets := b.FailingLets()
	seen := map[string]bool{}
	add := func(names ...string) {
		for _, n := range names {
			if !seen[n] {
				seen[n] = true
				answers = append(answers, n)
			}
		}
	}
	for _, step := range []string{"canonical", "unmatched", "method", "undecided"} {
		add(b.Name + "." + step)
	}
	if b.bounds() {
		add(b.Name + ".body")
	}
	if len(b.CORS) > 0 {
		add(b.Name + ".cors")
	}
	if b.Unmatched == 0 {
		passes = append(passes, b.Name+".unmatched")
	}
	headers := func(rules []*HeaderRule) {
		for _, h := range rules {
			if h.When.Fails(lets) || h.Value != nil && !h.Value.Sendable() {
				add(h.Name)
			}
		}
	}
	for _, r := range b.Routes {
		if r.When != nil && r.When.Fails(lets) {
			add(r.FullName + ".when")
		}
		if !r.Public {
			add(r.FullName + ".auth")
		}
		add(r.Decisions.answers(lets)...)
		headers(r.Request)
		headers(r.Response)
		for _, k := range r.fates() {
			add(k.Name)
		}
		switch {
		case r.Respond != nil:
			add(r.FullName + ".respond")
		case r.Redirect == nil:
			passes = append(passes, r.FullName)
		}
	}
	for _, s := range b.Scopes {
		add(s.Decisions.answers(lets)...)
	}
	if b.Stray != nil {
		headers(b.Stray.Response)
	}
	return answers, passes
}

// bounds reports whether the body of some request is counted.
func (b *Bundle) bounds() bool {
	return b.Unmatched == 0 && b.MaxBody >= 0 || slices.ContainsFunc(b.Routes, func(r *Route) bool { return r.MaxBody >= 0 })
}

// answers are the names under which a block's rules refuse.
func (d *Decisions) answers(lets map[string]bool) []string {
	var names []string
	for _, k := range slices.Concat(d.EarlyDenies, d.LateDenies) {
		if !k.Shadow {
			names = append(names, k.Name)
		}
	}
	for _, k := range slices.Concat(d.EarlyLimits, d.LateLimits) {
		if !k.Shadow {
			names = append(names, k.Name)
		}
	}
	for _, g := range d.Groups {
		for _, k := range g.Allows {
			if !k.OnSkip && k.When.Fails(lets) {
				names = append(names, k.Name)
			}
		}
		names = append(names, g.Refusal)
	}
	return names
}

// Shadows are the numbers of the rules in shadow.
func (b *Bundle) Shadows() []int {
	var all []int
	block := func(d *Decisions) {
		for _, k := range d.rules() {
			if k.Shadow {
				all = append(all, k.Number)
			}
		}
	}
	for _, r := range b.Routes {
		block(&r.Decisions)
	}
	for _, s := range b.Scopes {
		block(&s.Decisions)
	}
	return all
}
