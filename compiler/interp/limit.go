package interp

import (
	"encoding/binary"
	"math"
	"math/big"
	"strconv"
	"time"

	celtypes "cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/dsl/ast"
)

// limit takes what the limits of a step ask for: those that need identity, or
// those that do not. Either all of them admit the request or none counts it.
// Those in shadow are asked when the others have let the request pass.
func (d *decision) limit(identity bool) *answer {
	var all, shadows []*asking
	for _, block := range d.blocks {
		d.captures = block.captures
		for _, rule := range block.Limits {
			if d.late(rule) != identity {
				continue
			}
			switch a := d.asking(rule); {
			case a == nil:
			case rule.Shadow:
				shadows = append(shadows, a)
			default:
				all = append(all, a)
			}
		}
	}
	first, wait := d.take(all)
	d.announce(all, first)
	if first != nil {
		return first.refusal(wait)
	}
	for _, a := range shadows {
		if refused, _ := d.take([]*asking{a}); refused != nil {
			d.shadows = append(d.shadows, a.rule.Name)
		}
	}
	return nil
}

// late reports whether a limit reads who the client is.
func (d *decision) late(rule *resolve.LimitRule) bool {
	for _, e := range append(rule.Exprs(), rule.When) {
		if e != nil && d.bundle.needsIdentity(e) {
			return true
		}
	}
	return false
}

// asking is what one limit is asked for by one request.
type asking struct {
	rule   *resolve.LimitRule
	failed bool     // an expression has no value
	key    string   // "" where a part is empty
	cost   *big.Int // tokens
	rate   *big.Int // tokens a period
	burst  *big.Int
	why    refused
	wait   *big.Int // nil: waiting does not help, or nobody knows how long
	bucket string   // whose bucket it was, with the key's own or the one that is shared
}

// refused says why a limit does not let a request pass.
type refused string

const (
	limited refused = "limited"
	failed  refused = "an expression has no value"
	badKey  refused = "a part of the key is empty"
	badRate refused = "a rate or burst below 1"
	badCost refused = "a cost that no bucket has"
)

// asking evaluates what a limit says; nil if its condition does not hold.
func (d *decision) asking(rule *resolve.LimitRule) *asking {
	a := &asking{rule: rule}
	if rule.When != nil {
		holds, err := d.holds(rule.When)
		if err != nil {
			a.failed = true
			return a
		}
		if !holds {
			return nil
		}
	}
	empty := false
	for _, e := range rule.Key {
		v, err := d.eval(e, nil)
		if err != nil {
			a.failed = true
			return a
		}
		part := keyPart(v)
		empty = empty || part == ""
		a.key += part
	}
	if empty {
		a.key = ""
	}
	l := rule.Limit
	number := func(e *ast.Expr, otherwise int64) *big.Int {
		if e == nil {
			return big.NewInt(otherwise)
		}
		v, err := d.eval(e, nil)
		n, ok := v.(celtypes.Int)
		if err != nil || !ok {
			a.failed = true
			return big.NewInt(0)
		}
		return big.NewInt(int64(n))
	}
	a.cost = number(rule.Cost, 1)
	a.rate = number(rule.Rate, l.Count)
	switch {
	case rule.BurstOf != nil:
		a.burst = number(rule.BurstOf, 0)
	case l.Burst != 0:
		a.burst = big.NewInt(l.Burst)
	default:
		a.burst = new(big.Int).Set(a.rate)
	}
	if most := big.NewInt(l.AtMost); l.AtMost != 0 {
		a.rate = lowered(a.rate, most)
		if rule.BurstOf != nil || l.Burst == 0 {
			a.burst = lowered(a.burst, most)
		}
	}
	return a
}

func lowered(a, b *big.Int) *big.Int {
	if a.Cmp(b) > 0 {
		return b
	}
	return a
}

// keyPart writes a value so that no two tuples look alike; "" for one that is
// empty.
func keyPart(v ref.Val) string {
	text := ""
	switch v := v.(type) {
	case *celtypes.Optional:
		if !v.HasValue() {
			return ""
		}
		return keyPart(v.GetValue())
	case celtypes.String:
		text = string(v)
	case celtypes.Bytes:
		text = string(v)
	case celtypes.Double:
		f := float64(v)
		switch {
		case f == 0:
			f = 0 // and not -0
		case f != f:
			f = math.NaN() // whichever it was
		}
		text = string(binary.BigEndian.AppendUint64(nil, math.Float64bits(f)))
	case celtypes.Timestamp:
		text = v.UTC().Format(time.RFC3339Nano)
	case celtypes.Duration:
		text = strconv.FormatInt(int64(v.Duration), 10)
	case celtypes.Int, celtypes.Uint, celtypes.Bool:
		text = string(v.ConvertToType(celtypes.StringType).(celtypes.String))
	}
	if text == "" {
		return ""
	}
	return v.Type().TypeName() + " " + strconv.Itoa(len(text)) + " " + text + ";"
}

// take asks several limits at once; the first that refuses, and how long it
// takes until all of them would let the same request pass, nil if that is
// not known. The bucket that keys without one of their own share is asked when
// all the others let the request pass.
func (d *decision) take(all []*asking) (first *asking, wait *big.Int) {
	now := new(big.Rat).SetInt64(int64(d.sent.Clock))
	var own, shared []*asking
	for _, a := range all {
		b := d.bundle.buckets(a.rule.Limit)
		b.look(a, now)
		if a.bucket = b.place(a.key, now); a.why == limited && a.bucket == overflow {
			shared = append(shared, a)
		} else {
			own = append(own, a)
		}
	}
	if first, wait = refusedBy(own); first == nil && len(shared) > 0 {
		first, wait = refusedBy(shared[:1])
	}
	for _, a := range all {
		if first == nil {
			d.bundle.buckets(a.rule.Limit).fill(a, now, d.ends)
		}
		d.log.limit(d, a)
	}
	return first, wait
}

// refusedBy is the first of some limits that refuses, and the longest wait.
func refusedBy(all []*asking) (first *asking, wait *big.Int) {
	known := true
	wait = new(big.Int)
	for _, a := range all {
		if a.why == "" {
			continue
		}
		if first == nil {
			first = a
		}
		if a.wait == nil {
			known = false
		} else if a.wait.Cmp(wait) > 0 {
			wait = a.wait
		}
	}
	if !known {
		wait = nil
	}
	return first, wait
}

// refusal is the answer in place of what a limit does not let pass.
func (a *asking) refusal(wait *big.Int) *answer {
	if a.why != limited {
		return refusal(403, a.rule.Name)
	}
	out := &answer{status: a.rule.Status, by: a.rule.Name, body: a.rule.Body}
	if wait != nil {
		seconds := new(big.Int).Add(wait, big.NewInt(int64(time.Second-1)))
		seconds.Quo(seconds, big.NewInt(int64(time.Second)))
		out.headers = []scenario.Header{{Name: "retry-after", Value: seconds.String()}}
	}
	return out
}
