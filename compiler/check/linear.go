package check

import (
	"math/big"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
)

// linear is a sum of expressions, each some times, and a number.
type linear struct {
	terms map[string]term // by key
	rest  *big.Int
}

type term struct {
	times int64
	of    *celfront.Expr
	at    flow
}

// maxTerms bounds the sums that are looked at; longer ones are one term.
const maxTerms = 6

// sum writes an expression of whole numbers as a sum.
func (f flow) sum(e *celfront.Expr) linear {
	out := linear{map[string]term{}, new(big.Int)}
	f.addTo(&out, e, 1)
	return out
}

func (f flow) addTo(out *linear, e *celfront.Expr, times int64) {
	if x, g := f.through(e); x != e && x.Type.Equal(e.Type) && !f.ranged() {
		g.addTo(out, x, times)
		return
	}
	if r := f.bounds(e); r.lo.Cmp(r.hi) == 0 {
		out.rest = plus(out.rest, new(big.Int).Mul(r.lo, big.NewInt(times)))
		return
	}
	if _, counts := whole(e.Type); counts && e.Op == celfront.Call && len(out.terms) < maxTerms {
		switch {
		case e.Name == "_+_" && len(e.Args) == 2:
			f.addTo(out, e.Args[0], times)
			f.addTo(out, e.Args[1], times)
			return
		case e.Name == "_-_" && len(e.Args) == 2:
			f.addTo(out, e.Args[0], times)
			f.addTo(out, e.Args[1], -times)
			return
		case e.Name == "size" && len(e.Args) == 1 && f.sameSize(e.Args[0]) != nil:
			f.addSize(out, f.sameSize(e.Args[0]), times)
			return
		}
	}
	out.add(f.key(e), term{times, e, f})
}

// addSize adds the size of a text, list or map.
func (f flow) addSize(out *linear, e *celfront.Expr, times int64) {
	if same := f.sameSize(e); same != nil {
		f.addSize(out, same, times)
		return
	}
	if r := f.sizes(e); r.lo.Cmp(r.hi) == 0 {
		out.rest = plus(out.rest, new(big.Int).Mul(r.lo, big.NewInt(times)))
		return
	}
	if e.Op == celfront.Call && e.Name == "lists.range" && len(e.Args) == 1 {
		f.addTo(out, e.Args[0], times)
		return
	}
	of := &celfront.Expr{Op: celfront.Call, Name: "size", Type: types.IntType, Args: []*celfront.Expr{e}}
	out.add(call("size", f.key(e)), term{times, of, f})
}

// sameSize returns what has as many elements as e, or nil.
func (f flow) sameSize(e *celfront.Expr) *celfront.Expr {
	if e.Op == celfront.Macro && (e.Name == "map" && len(e.Args) == 2 || e.Name == "sortBy") ||
		e.Op == celfront.Call && (e.Name == "sort" || e.Name == "reverse" || e.Name == "lowerAscii" || e.Name == "upperAscii") {
		return e.Args[0]
	}
	return nil
}

func (l linear) add(key string, t term) {
	t.times += l.terms[key].times
	l.terms[key] = t
	if t.times == 0 {
		delete(l.terms, key)
	}
}

// minus is l - m.
func (l linear) minus(m linear) linear {
	out := linear{map[string]term{}, new(big.Int).Sub(l.rest, m.rest)}
	for k, t := range l.terms {
		out.add(k, t)
	}
	for k, t := range m.terms {
		t.times = -t.times
		out.add(k, t)
	}
	return out
}

func (l linear) plus(n int64) linear {
	return linear{l.terms, plus(l.rest, big.NewInt(n))}
}

// bounds are the values that the sum can have by its terms alone.
func (l linear) bounds() interval {
	out := only(l.rest)
	for _, t := range l.terms {
		out = out.add(t.at.bounds(t.of).scaled(big.NewInt(t.times)))
	}
	return out
}

func (l linear) nonNegative() bool { return l.bounds().lo.Sign() >= 0 }

// maxSums bounds the facts that one proof may take.
const maxSums = 24

// atMost proves that a + n <= b wherever both have values.
func (f flow) atMost(a linear, n int64, b linear) bool {
	goal := b.minus(a).plus(-n)
	if goal.nonNegative() {
		return true
	}
	var known []linear
	for k := f.facts; k != nil && len(known) < maxSums; k = k.outer {
		known = append(known, k.least...)
	}
	for _, t := range goal.terms {
		known = append(known, t.intrinsic()...)
	}
	known = known[:min(len(known), maxSums)]
	for i, k := range known {
		g := goal.minus(k)
		if g.nonNegative() {
			return true
		}
		for _, m := range known[i:] {
			if f.exhausted() {
				return false
			}
			if g.minus(m).nonNegative() {
				return true
			}
		}
	}
	return false
}

// intrinsic are sums of which a term's own meaning says that they are not below 0.
func (t term) intrinsic() []linear {
	e, f := t.of, t.at
	if e.Op != celfront.Call {
		return nil
	}
	it := f.sum(e)
	switch n := len(e.Args); {
	case (e.Name == "indexOf" || e.Name == "lastIndexOf") && n >= 2:
		// What is found lies in the text as a whole; -1 is what is not found.
		var size linear
		size = linear{map[string]term{}, new(big.Int)}
		f.addSize(&size, e.Args[0], 1)
		part := f.sizes(e.Args[1])
		room := int64(0)
		if part.atLeast(1) {
			room = 1
			if f.bounds(e).atLeast(0) && part.lo.IsInt64() {
				room = part.lo.Int64()
			}
		}
		return []linear{size.minus(it).plus(-room)}
	case (e.Name == "math.least" || e.Name == "math.greatest") && n == 2:
		var out []linear
		for _, a := range e.Args {
			if _, counts := whole(f.typeOf(a)); !counts {
				continue
			}
			if e.Name == "math.least" {
				out = append(out, f.sum(a).minus(it))
			} else {
				out = append(out, it.minus(f.sum(a)))
			}
		}
		return out
	case e.Name == "_%_" && n == 2 && f.bounds(e.Args[0]).atLeast(0) && f.bounds(e.Args[1]).atLeast(1):
		return []linear{f.sum(e.Args[1]).minus(it).plus(-1)}
	}
	return nil
}
