package lower

import (
	"strings"

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/resolve"
)

// buckets lowers the limits of a bundle.
func (l *lowerer) buckets() {
	l.bucket = map[*resolve.Limit]int{}
	for i, b := range l.check.Limits {
		l.bucket[b] = i
		l.Limits = append(l.Limits, &ir.Limit{Name: strings.TrimPrefix(b.FullName, l.Name+"."), Count: b.Count, AtMost: b.AtMost, Burst: b.Burst,
			Concurrency: b.Concurrency, Period: b.Period, Keys: b.Keys, Announce: b.Announce})
	}
}

// takes lowers the limits of a block. A limit that reads the identity in any of
// its parts comes after authentication.
func (x *expression) takes(r *resolve.Route, o *ir.Decisions) {
	for _, t := range r.Limits {
		k := &ir.LimitRule{
			Rule: ir.Rule{Name: t.Name, When: x.of(t.When), Span: t.Span, Comment: comment(t.Span), Shadow: t.Shadow,
				Answer: ir.Answer{Status: t.Status, Body: t.Body.Text, JSON: t.Body.JSON, HasBody: t.Body.Set}},
			Limit: x.bucket[t.Limit], Cost: x.of(t.Cost), Rate: x.of(t.Rate), Burst: x.of(t.BurstOf),
		}
		for _, e := range t.Key {
			k.Key = append(k.Key, x.of(e))
		}
		late := x.needsIdentity(k.When)
		for _, e := range k.Exprs() {
			late = late || x.needsIdentity(e)
		}
		if late {
			o.LateLimits = append(o.LateLimits, k)
		} else {
			o.EarlyLimits = append(o.EarlyLimits, k)
		}
	}
}
