package ir

import (
	"strconv"
	"strings"
	"time"

	"moec.dev/moec/compiler/types"
)

// Limit is a set of buckets. Exactly one of Count, AtMost and Concurrency is
// set; the others mean what runtime/limit says of them.
type Limit struct {
	Name        string // without the bundle's
	Count       int64
	AtMost      int64
	Burst       int64
	Concurrency int64
	Period      time.Duration
	Keys        int
	Announce    bool
}

// LimitRule takes from a limit.
type LimitRule struct {
	Rule          // When: nil is always; Answer: of a refusal
	Limit int     // index into Bundle.Limits
	Key   []*Expr // the parts of the key
	Cost  *Expr   // nil: 1
	Rate  *Expr   // of a limit with AtMost, else nil
	Burst *Expr   // nil: the limit's
}

// MaxHeld is how many requests-at-once limits one request can pass: what it
// holds of each is kept in the frame.
const MaxHeld = 8

// Exprs are the rule's expressions but its condition.
func (k *LimitRule) Exprs() []*Expr {
	all := append([]*Expr{}, k.Key...)
	for _, e := range []*Expr{k.Cost, k.Rate, k.Burst} {
		if e != nil {
			all = append(all, e)
		}
	}
	return all
}

// Limits are the limits of a block: before authentication, then after it.
func (d *Decisions) Limits() []*LimitRule {
	return append(append([]*LimitRule{}, d.EarlyLimits...), d.LateLimits...)
}

func (d *Decisions) limitExprs(f func(*Expr)) {
	for _, k := range d.Limits() {
		for _, e := range k.Exprs() {
			f(e)
		}
	}
}

// keyKinds are the types that a part of a key can have.
var keyKinds = map[types.Kind]bool{types.String: true, types.Bytes: true, types.Int: true, types.Uint: true, types.Double: true,
	types.Bool: true, types.Timestamp: true, types.Duration: true}

func (v *verifier) limits(d *Decisions) {
	for _, k := range d.Limits() {
		if k.Limit < 0 || k.Limit >= len(v.b.Limits) {
			v.fail("rule %s takes from limit %d", k.Name, k.Limit)
			return
		}
		if k.Answer.Status < 400 || k.Answer.Status > 599 {
			v.fail("rule %s answers with %d", k.Name, k.Answer.Status)
		}
		l := v.b.Limits[k.Limit]
		if (k.Rate != nil) != (l.AtMost != 0) || k.Burst != nil && k.Rate == nil || (k.Cost != nil || l.Announce) && l.Concurrency != 0 {
			v.fail("rule %s and limit %s disagree", k.Name, l.Name)
		}
		for _, p := range k.Key {
			v.expr(p, nil)
			if t := p.Type; t != nil && !keyKinds[t.Kind] && (t.Kind != types.Optional || !keyKinds[t.Elem.Kind]) {
				v.fail("rule %s: a key has the type %s", k.Name, t)
			}
		}
		v.expr(k.Cost, types.IntType)
		v.expr(k.Rate, types.IntType)
		v.expr(k.Burst, types.IntType)
	}
}

// held counts the requests-at-once limits of blocks.
func (b *Bundle) held(blocks ...*Decisions) int {
	n := 0
	for _, d := range blocks {
		for _, k := range d.Limits() {
			if b.Limits[k.Limit].Concurrency != 0 {
				n++
			}
		}
	}
	return n
}

// holds checks that what a request of a route can hold fits its frame.
func (v *verifier) holds(own *Decisions, scopes []int, who string) {
	if v.err != nil {
		return
	}
	if n := v.b.held(v.b.deciding(own, scopes)...); n > MaxHeld {
		v.fail("%s can hold %d requests-at-once limits", who, n)
	}
}

// announces reports whether answers say how limits of blocks stand.
func (b *Bundle) announces(blocks ...*Decisions) bool {
	for _, d := range blocks {
		for _, k := range d.Limits() {
			if b.Announced(k) {
				return true
			}
		}
	}
	return false
}

// Announced reports whether answers say how the limit of a rule stands. In shadow
// it says nothing: clients would go by it.
func (b *Bundle) Announced(k *LimitRule) bool { return b.Limits[k.Limit].Announce && !k.Shadow }

// Announces reports whether answers to requests of a route say how limits stand.
func (b *Bundle) Announces(r *Route) bool { return b.announces(b.deciding(&r.Decisions, r.Scopes)...) }

// StrayAnnounces is Announces for requests that no route takes.
func (b *Bundle) StrayAnnounces() bool {
	return b.Stray != nil && b.announces(b.deciding(&Decisions{}, b.Stray.Scopes)...)
}

// deciding are the decisions of a block and of the scopes over it.
func (b *Bundle) deciding(own *Decisions, scopes []int) []*Decisions {
	blocks := []*Decisions{own}
	for _, i := range scopes {
		blocks = append(blocks, &b.Scopes[i].Decisions)
	}
	return blocks
}

func (d *dumper) limits(what string, rules []*LimitRule) {
	for _, k := range rules {
		var key []string
		for _, e := range k.Key {
			key = append(key, e.String())
		}
		line := "  " + what + " " + k.Name + " of " + strconv.Itoa(k.Limit) + " key (" + strings.Join(key, ", ") + ")"
		for _, part := range []struct {
			word string
			e    *Expr
		}{{"cost", k.Cost}, {"rate", k.Rate}, {"burst", k.Burst}, {"when", k.When}} {
			if part.e != nil {
				line += " " + part.word + " " + part.e.String()
			}
		}
		if k.Shadow {
			line += " shadow"
		}
		d.line("%s -> %d", line, k.Answer.Status)
	}
}

func (d *dumper) limit(i int, l *Limit) {
	announced := ""
	if l.Announce {
		announced = ", announced"
	}
	switch {
	case l.Concurrency != 0:
		d.line("limit %d %s = concurrency %d, keys %d", i, l.Name, l.Concurrency, l.Keys)
	case l.AtMost != 0:
		d.line("limit %d %s = at most %d per %s burst %d, keys %d%s", i, l.Name, l.AtMost, l.Period, l.Burst, l.Keys, announced)
	default:
		d.line("limit %d %s = %d per %s burst %d, keys %d%s", i, l.Name, l.Count, l.Period, l.Burst, l.Keys, announced)
	}
}
