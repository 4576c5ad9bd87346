package ir

import "moec.dev/moec/compiler/types"

func (v *verifier) scopes() {
	for _, s := range v.b.Scopes {
		v.current = &Route{Captures: s.Captures}
		v.expr(s.When, types.BoolType)
		v.decisions(&s.Decisions)
		v.current = nil
		if s.Template() && s.Late() {
			v.fail("scope %s needs identity and holds on stray requests", s.Name)
		}
	}
	if v.b.Stray == nil {
		return
	}
	v.covering(v.b.Stray.Scopes, "stray")
	v.holds(&Decisions{}, v.b.Stray.Scopes, "stray")
	for _, i := range v.b.Stray.Scopes {
		// INVARIANT: nobody authenticates a request that no route takes.
		if i < len(v.b.Scopes) && v.b.Scopes[i].Late() {
			v.fail("scope %s needs identity and holds on stray requests", v.b.Scopes[i].Name)
		}
	}
	v.current = &Route{Kept: v.b.Stray.Kept}
	v.keeps(v.b.Stray.Kept)
	v.headers(v.b.Stray.Response)
	v.sharing(v.b.Stray.Sharing, "stray")
	v.current = nil
}

func (v *verifier) covering(scopes []int, who string) {
	for _, i := range scopes {
		if i < 0 || i >= len(v.b.Scopes) {
			v.fail("%s: scope %d", who, i)
		}
	}
}

// decisions checks the denies, allows and limits of a block.
func (v *verifier) decisions(d *Decisions) {
	for _, k := range append(append([]*Rule{}, d.EarlyDenies...), d.LateDenies...) {
		if k.Answer.Status < 400 || k.Answer.Status > 599 {
			v.fail("rule %s answers with %d", k.Name, k.Answer.Status)
		}
	}
	for _, g := range d.Groups {
		// INVARIANT: a group of shadows alone would let everybody in.
		if len(g.Allows) == 0 || g.Refusal == "" {
			v.fail("group %q refuses nobody", g.Refusal)
		}
	}
	limits := len(d.Limits()) // may go without a condition; they are the last
	for i, k := range d.rules() {
		if k.When == nil && i < len(d.rules())-limits {
			v.fail("rule %s has no condition", k.Name)
		}
		v.expr(k.When, types.BoolType)
	}
	v.limits(d)
}

func (v *verifier) headers(rules []*HeaderRule) {
	route := v.current
	for _, h := range rules {
		if v.current = route; h.Scope >= 0 && h.Scope < len(v.b.Scopes) {
			v.current = &Route{Captures: v.b.Scopes[h.Scope].Captures}
			if route != nil {
				v.current.Kept = route.Kept
			}
		}
		v.expr(h.When, types.BoolType)
		if h.Slot < -1 || h.Slot >= len(v.b.Headers) {
			v.fail("rule %s: header slot %d", h.Name, h.Slot)
		}
		if (h.Value == nil) != (h.Op == Remove || h.Op == RemoveAll) {
			v.fail("rule %s: %s and its value disagree", h.Name, h.Op)
		}
		v.expr(h.Value, types.StringType)
	}
	v.current = route
}
