package check

import (
	"math/big"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
)

// flow is a point of an expression's evaluation: what is known there, and what
// the names of macros stand for. It is a value: the facts of an inner point
// are added to those of the outer ones and end with it.
type flow struct {
	*analysis
	facts *facts
	scope *scopes
}

// analysis is the search for what may fail in one expression.
type analysis struct {
	*checker
	bound int // names that macros have bound so far
	work  int // nodes looked at
}

// maxWork ends an analysis: what has not been proven then, counts as failing.
// Only expressions that are made for it come near.
const maxWork = 400_000

func (a *analysis) exhausted() bool {
	a.work++
	return a.work > maxWork
}

// facts are what is known at a point besides what is known around it.
type facts struct {
	outer *facts
	holds map[string]bool
	// ranges, numbers and kinds belong to the expressions of these texts.
	ranges  map[string]interval
	numbers map[string]reals
	kinds   map[string]*types.Type
	least   []linear // none of these sums is below 0
}

// scopes are the names that macros bind, innermost first.
type scopes struct {
	outer  *scopes
	name   string
	key    string         // what stands for the name in facts
	value  *celfront.Expr // of cel.bind, or of a let's parameter
	in     *scopes        // where value stands
	keys   *celfront.Expr // the name is a key of this map
	values *interval      // of a whole number
	lazy   bool           // value is evaluated where the name stands
}

// inner is a point behind this one: what is learnt there, is known there only.
func (f flow) inner() flow {
	f.facts = &facts{outer: f.facts}
	return f
}

// bind gives a name to something that no other name stands for.
func (f flow) bind(s scopes) flow {
	s.outer = f.scope
	if s.key == "" {
		f.bound++
		s.key = s.name + "#" + big.NewInt(int64(f.bound)).String()
	}
	f.scope = &s
	return f
}

// named returns what a name stands for, or nil for one that no macro binds.
func (f flow) named(name string) *scopes {
	for s := f.scope; s != nil; s = s.outer {
		if s.name == name {
			return s
		}
	}
	return nil
}

// letOf returns the let without parameters that a name stands for.
func (f flow) letOf(e *celfront.Expr) *celfront.Expr {
	if e.Op != celfront.Var || f.named(e.Name) != nil {
		return nil
	}
	l, ok := f.lets[e.Name]
	if !ok || l.Call {
		return nil
	}
	if x := f.Exprs[l.Decl.Value]; x != nil {
		return x.Root
	}
	return nil
}

// through returns the expression that a name stands for, and the point at which
// it is to be read: its own names with what is known here.
func (f flow) through(e *celfront.Expr) (*celfront.Expr, flow) {
	for e.Op == celfront.Var && !f.exhausted() {
		if s := f.named(e.Name); s != nil {
			if s.value == nil {
				return e, f
			}
			e, f.scope = s.value, s.in
			continue
		}
		root := f.letOf(e)
		if root == nil {
			return e, f
		}
		e, f.scope = root, nil
	}
	return e, f
}

func (f flow) learn(fact string) {
	if f.facts.holds == nil {
		f.facts.holds = map[string]bool{}
	}
	f.facts.holds[fact] = true
}

func (f flow) known(fact string) bool {
	for k := f.facts; k != nil; k = k.outer {
		if k.holds[fact] {
			return true
		}
	}
	return false
}

func (f flow) limit(key string, r interval) {
	if f.facts.ranges == nil {
		f.facts.ranges = map[string]interval{}
	}
	if old, ok := f.facts.ranges[key]; ok {
		r = r.meet(old)
	}
	f.facts.ranges[key] = r
}

func (f flow) limitReal(key string, r reals) {
	if f.facts.numbers == nil {
		f.facts.numbers = map[string]reals{}
	}
	if old, ok := f.facts.numbers[key]; ok {
		r = r.meet(old)
	}
	f.facts.numbers[key] = r
}

// ranged reports whether any range is known: without one no text of an
// expression need be made.
func (f flow) ranged() bool {
	for k := f.facts; k != nil; k = k.outer {
		if len(k.ranges) > 0 || len(k.holds) > 0 {
			return true
		}
	}
	return false
}

// typeOf is the type of an expression as it is known here: a test of type(x)
// tells that of a dyn.
func (f flow) typeOf(e *celfront.Expr) *types.Type {
	if e.Type.Kind != types.Dyn {
		return e.Type
	}
	if e.Op == celfront.Var {
		if s := f.named(e.Name); s != nil && s.value != nil && s.value.Type.Kind != types.Dyn {
			return s.value.Type
		}
	}
	if e.Op == celfront.Call && e.Name == "dyn" && len(e.Args) == 1 {
		return f.typeOf(e.Args[0])
	}
	key := ""
	for k := f.facts; k != nil; k = k.outer {
		if len(k.kinds) == 0 {
			continue
		}
		if key == "" {
			key = f.key(e)
		}
		if t := k.kinds[key]; t != nil {
			return t
		}
	}
	return e.Type
}
