package resolve

import (
	"time"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// Limit is a set of buckets: one that the bundle names, or one that is written
// in a block and belongs to that place.
type Limit struct {
	Named    bool
	Name     string // per_user
	FullName string // shop.per_user; shop.orders.burst where it stands in a block
	Spec     *ast.LimitSpec
	Place    source.Span // of the name
	// Exactly one of Count, AtMost and Concurrency is set. Burst is 0 for as
	// many as the rate's count, of the request at hand where it has its own.
	// Where the burst is the request's own, Burst is AtMost, to which it is
	// lowered.
	Count, AtMost, Burst, Concurrency int64
	Period                            time.Duration // of Count or AtMost
	Keys                              int           // how many keys have buckets of their own
	Announce                          bool

	// Tried is, of the buckets that rules in shadow have, the limit that they try:
	// what is tried out takes nothing from those that it is enforced for.
	Tried *Limit

	used   bool
	shadow *Limit // the buckets of rules in shadow, if there are any
}

// inShadow are the buckets of a named limit's rules in shadow.
func (l *Limit) inShadow() *Limit {
	if l.shadow == nil {
		twin := *l
		twin.FullName += " in shadow"
		twin.Tried, twin.used = l, false
		l.shadow = &twin
	}
	return l.shadow
}

// origin is the limit as it is declared.
func (l *Limit) origin() *Limit {
	if l.Tried != nil {
		return l.Tried
	}
	return l
}

// LimitRule is a limit in a block. Its Name is the Limit's full name, and its
// When may be nil.
type LimitRule struct {
	Rule
	Limit  *Limit
	Status int // 429 unless said
	Body   Body
	// The limit's expressions as they stand here: a named limit is checked, and
	// may be of other types, at each place that takes from it. Rate and BurstOf
	// are nil where the numbers are constant, and Cost where it is 1. A rate or
	// burst below 1 is no rate.
	Key                 []*ast.Expr
	Cost, Rate, BurstOf *ast.Expr
}

// Exprs are the expressions of the rule but its condition, in the order in
// which they are evaluated.
func (l *LimitRule) Exprs() []*ast.Expr {
	all := append([]*ast.Expr{}, l.Key...)
	for _, e := range []*ast.Expr{l.Cost, l.Rate, l.BurstOf} {
		if e != nil {
			all = append(all, e)
		}
	}
	return all
}

// Bounds of a limit's numbers, and of what one request may hold.
//
// INVARIANT: these are the runtime's; a test compares them.
const (
	maxCount    = 1_000_000_000
	maxKeys     = 1 << 28
	defaultKeys = 100_000
	maxHeld     = 8
	maxAnnounce = 1 << 10 // bytes, of what one answer says
)

// announced is how many bytes an answer says of the limit at most: its name
// twice, with a quota and a window, and with what is left and until when; and
// what stands between members.
func (l *Limit) announced() int {
	const policy, state = `"";q=1000000000;w=86400, `, `"";r=1000000000;t=4611686018, `
	return 2*len(l.Name) + len(policy) + len(state)
}

var periods = map[string]time.Duration{"s": time.Second, "min": time.Minute, "h": time.Hour, "d": 24 * time.Hour}

// limits enters the names of limits, so that a policy may use one that a later
// file declares.
func (r *resolver) limits(tree *ast.Bundle) {
	for _, f := range tree.Files {
		for _, d := range f.Decls {
			if d, ok := d.(*ast.LimitDecl); ok && d.Spec != nil && r.named[d.Name.Text] == nil {
				r.named[d.Name.Text] = &Limit{Named: true, Name: d.Name.Text, FullName: r.fullName(d.Name.Text), Spec: d.Spec, Place: d.Name.Span()}
			}
		}
	}
}

// limitDecl resolves a limit that the bundle names.
func (r *resolver) limitDecl(d *ast.LimitDecl) {
	if l := r.named[d.Name.Text]; l != nil && l.Spec == d.Spec {
		r.numbers(l)
	}
}

// limit resolves a limit in a block.
func (b *block) limit(n *ast.LimitRule) {
	var l *Limit
	if n.Spec == nil {
		if l = b.findLimit(n.Name); l == nil {
			return
		}
		if n.Shadow {
			l = l.inShadow()
		}
		l.used = l.used || !b.trial
	} else {
		if other := b.named[n.Name.Text]; other != nil && b.home == "" {
			b.diags.Add(diag.DuplicateName, n.Name.Span(), "%s is a limit of the bundle, and this would be another one", n.Name.Text).
				Note(other.Place, "declared here").Helpf("limit %s, or another name", n.Name.Text)
		}
		l = &Limit{Name: n.Name.Text, FullName: b.ruleName(n.Name, "limit", n.Span()), Spec: n.Spec, Place: n.Name.Span()}
		b.numbers(l)
	}
	o := &LimitRule{Rule: b.base(n, l.origin().FullName, n.When), Limit: l, Status: 429, Body: b.body(n.JSON, n.Body)}
	o.Shadow = n.Shadow
	own := func(e *ast.Expr) *ast.Expr {
		if n.Spec != nil || e == nil {
			return b.own(e)
		}
		c := *e
		return &c
	}
	for _, k := range l.Spec.Key {
		o.Key = append(o.Key, own(k))
	}
	o.Cost, o.Rate, o.BurstOf = own(l.Spec.Cost), own(l.Spec.RateExpr), own(l.Spec.BurstExpr)
	if n.Status != nil {
		o.Status = int(n.Status.Value)
		if o.Status != 0 && o.Status < 400 || o.Status > 599 {
			b.diags.Add(diag.BadStatus, n.Status.Span(), "a limit answers with a status from 400 to 599, not %d", o.Status)
		}
	}
	if n.OnError.Text == "skip" {
		b.diags.Add(diag.SkipNotAllowed, n.OnError.Span(), "on error skip on a limit would let the request through uncounted when the rule fails").
			Helpf("on error deny")
	}
	b.route.Limits = append(b.route.Limits, o)
}

func (b *block) findLimit(n ast.Name) *Limit {
	if b.home != "" {
		b.diags.Add(diag.UnknownName, n.Span(), "a policy of a module knows no limits of a bundle").
			Helpf("limit %s 100/min key source.net", n.Text)
		return nil
	}
	if l := b.named[n.Text]; l != nil {
		return l
	}
	if at, other := b.resolver.names[n.Text]; other {
		b.diags.Add(diag.WrongKind, n.Span(), "%s is not a limit but a %s", n.Text, b.asKind[n.Text]).Note(at, "declared here")
		return nil
	}
	b.diags.Add(diag.UnknownName, n.Span(), "no limit is named %s", n.Text).
		Helpf("limit %s = 100/min key source.net", n.Text)
	return nil
}

// numbers reads what a limit says but for its expressions.
func (r *resolver) numbers(l *Limit) {
	s := l.Spec
	bad := func(at source.Span, format string, args ...any) *diag.Diagnostic {
		return r.diags.Add(diag.BadLimit, at, format, args...)
	}
	number := func(n *ast.Int, what string, most int64) int64 {
		if n == nil {
			return 0
		}
		if n.Value < 1 || n.Value > most {
			bad(n.Span(), "%s is from 1 to %d, not %d", what, most, n.Value)
			return 1
		}
		return n.Value
	}
	l.Burst = number(s.Burst, "a burst", maxCount)
	switch {
	case s.Concurrency != nil:
		l.Concurrency = number(s.Concurrency, "a concurrency", maxCount)
		if s.Burst != nil || s.BurstExpr != nil {
			bad(s.Span(), "a concurrency has no burst: it counts requests that have not ended, and no tokens")
		}
		if s.Cost != nil {
			bad(s.Cost.Span(), "a concurrency has no cost: every request is one")
		}
		if s.Announce {
			bad(s.Span(), "a concurrency cannot be announced: it has no window of time").Helpf("leave announce out")
		}
	case s.Rate != nil:
		l.Period = s.Rate.Per
		if l.Count = s.Rate.Count; l.Count < 1 || l.Count > maxCount {
			bad(s.Rate.Span(), "a rate is from 1 to %d, not %d", maxCount, l.Count)
		}
		if s.BurstExpr != nil {
			bad(s.BurstExpr.Span(), "a burst of each request's own goes with a rate of its own").Helpf("burst 20, or rate ( ... ) per min at most 1000 burst ( ... )")
		}
	case s.RateExpr != nil:
		l.Period = periods[s.RatePer.Text]
		l.AtMost = number(s.AtMost, "the highest rate", maxCount)
		if s.BurstExpr != nil {
			l.Burst = l.AtMost
		}
	}
	l.Keys = defaultKeys
	if s.MaxKeys != nil {
		l.Keys = int(number(s.MaxKeys, "the number of keys", maxKeys))
	}
	if s.Store.Text != "" {
		r.notYet(s.Store.Span(), "store")
	}
	if s.Unavailable.Text != "" {
		r.notYet(s.Unavailable.Span(), "on unavailable")
	}
	l.Announce = s.Announce
}
