package check

import (
	"math"
	"math/big"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
)

// assume adds what follows from e having the given value.
//
// INVARIANT: f is the point at which e has been evaluated and did not fail.
func (f flow) assume(e *celfront.Expr, value bool) {
	if f.exhausted() {
		return
	}
	if x, g := f.through(e); x != e {
		g.facts = f.facts
		g.assume(x, value)
		return
	}
	if e.Op == celfront.Has {
		if value {
			f.learn(hasKey(f.key(e.Args[0]), quoted(e.Name)))
		}
		return
	}
	if e.Op != celfront.Call {
		return
	}
	switch len(e.Args) {
	case 1:
		f.assumeTest(e, value)
	case 2:
		f.assumePair(e, value)
	case 3:
		// c ? a : false is c && a.
		for i, other := range []int{2, 1} {
			if v, ok := e.Args[other].Value.(bool); e.Name == "_?_:_" && ok && e.Args[other].Op == celfront.Const && v != value {
				f.assume(e.Args[0], i == 0)
				f.assume(e.Args[1+i], value)
			}
		}
	}
}

func quoted(field string) string {
	return flow{analysis: &analysis{}}.key(&celfront.Expr{Op: celfront.Const, Value: field})
}

func (f flow) assumeTest(e *celfront.Expr, value bool) {
	a := e.Args[0]
	switch e.Name {
	case "!_":
		f.assume(a, !value)
	case "hasValue":
		if value {
			f.learn(hasValue(f.key(a)))
			f.assumePresent(a)
		}
	case "isIP", "isCIDR":
		if value {
			f.learn(e.Name + " " + f.key(a))
		}
	case "math.isNaN":
		if !value {
			f.limitReal(f.key(a), reals{math.Inf(-1), math.Inf(1), false})
		}
	case "math.isInf":
		if !value {
			f.limitReal(f.key(a), reals{-math.MaxFloat64, math.MaxFloat64, true})
		}
	case "math.isFinite":
		if value {
			f.limitReal(f.key(a), reals{-math.MaxFloat64, math.MaxFloat64, false})
		}
	}
}

// assumePresent: an optional selection that gives something has found it.
func (f flow) assumePresent(o *celfront.Expr) {
	if o.Op != celfront.Call || len(o.Args) != 2 {
		return
	}
	switch m := f.typeOf(o.Args[0]); {
	case m.Kind == types.Map && (o.Name == "_[?_]" || o.Name == "_?._"):
		f.learn(hasKey(f.key(o.Args[0]), f.key(o.Args[1])))
	case o.Name == "or":
	}
}

func (f flow) assumePair(e *celfront.Expr, value bool) {
	a, b := e.Args[0], e.Args[1]
	switch e.Name {
	case "_&&_", "_||_":
		if value == (e.Name == "_&&_") {
			f.assume(a, value)
			f.assume(b, value)
		}
	case "@in":
		if !value {
			return
		}
		switch f.typeOf(b).Kind {
		case types.Map:
			f.learn(hasKey(f.key(b), f.key(a)))
		case types.List:
			f.assumeElement(a, b)
		}
	case "contains", "startsWith", "endsWith":
		f.assumePart(e, value)
	case "_==_", "_!=_":
		f.assumeEqual(a, b, value == (e.Name == "_==_"))
	case "_<_", "_<=_", "_>_", "_>=_":
		if e.Name == "_>_" || e.Name == "_>=_" {
			a, b = b, a
		}
		strict := e.Name == "_<_" || e.Name == "_>_"
		f.assumeOrder(a, b, strict, value)
	}
}

// assumeElement: a value in a list lies between its elements.
func (f flow) assumeElement(a, list *celfront.Expr) {
	key := call("size", f.key(list))
	f.limit(key, between(1, longest))
	x, g := f.through(list)
	if _, counts := whole(f.typeOf(a)); !counts || x.Op != celfront.List || len(x.Args) == 0 {
		return
	}
	var out interval
	for i, v := range x.Args {
		if _, counts := whole(g.typeOf(v)); !counts || x.Optional != nil && x.Optional[i] || g.typeOf(v).Kind != f.typeOf(a).Kind {
			return
		}
		if r := g.bounds(v); i == 0 {
			out = r
		} else {
			out = out.join(r)
		}
	}
	f.limit(f.key(a), out)
}

// assumePart: a text that has a part is as long as the part.
func (f flow) assumePart(e *celfront.Expr, value bool) {
	part, ok := f.text(e.Args[1])
	if !value || !ok || f.typeOf(e.Args[0]).Kind != types.String {
		return
	}
	s, p := f.key(e.Args[0]), f.key(e.Args[1])
	if n := f.sizes(e.Args[1]); n.lo.Sign() > 0 {
		f.limit(call("size", s), interval{n.lo, big.NewInt(longest)})
	}
	if e.Name == "contains" && part != "" {
		f.learn("contains " + s + " " + p)
		f.learn("found " + call("indexOf", s, p))
		f.learn("found " + call("lastIndexOf", s, p))
	}
}

func (f flow) assumeEqual(a, b *celfront.Expr, equal bool) {
	for _, p := range [][2]*celfront.Expr{{a, b}, {b, a}} {
		x, y := p[0], p[1]
		if v, ok := y.Value.(bool); ok && y.Op == celfront.Const && x.Type.Kind == types.Bool {
			f.assume(x, v == equal)
		}
		if t := f.typeNamed(y); equal && t != nil && x.Op == celfront.Call && x.Name == "type" && len(x.Args) == 1 {
			if f.facts.kinds == nil {
				f.facts.kinds = map[string]*types.Type{}
			}
			f.facts.kinds[f.key(x.Args[0])] = t
		}
		f.assumeSize(x, y, equal)
		if _, counts := whole(f.typeOf(x)); counts && !equal && f.typeOf(x).Kind == f.typeOf(y).Kind {
			if r := f.bounds(y); r.lo.Cmp(r.hi) == 0 {
				f.learn("not " + r.lo.String() + " " + f.key(x))
				f.limit(f.key(x), f.bounds(x).without(r.lo))
			}
		}
	}
	switch {
	case !equal:
	case f.counted(a, b):
		f.assumeSum(f.sum(b).minus(f.sum(a)))
		f.assumeSum(f.sum(a).minus(f.sum(b)))
	case f.typeOf(a).Kind == types.Double || f.typeOf(b).Kind == types.Double:
		f.assumeReals(a, b)
		f.assumeReals(b, a)
	}
}

// counted reports whether two expressions are whole numbers of one kind, or an
// int and a uint, which CEL compares as numbers.
func (f flow) counted(a, b *celfront.Expr) bool {
	s, t := f.typeOf(a), f.typeOf(b)
	_, counts := whole(s)
	_, too := whole(t)
	number := func(k types.Kind) bool { return k == types.Int || k == types.Uint }
	return counts && too && (s.Kind == t.Kind || number(s.Kind) && number(t.Kind))
}

// assumeSize: what differs from the empty text, list or map is not empty.
func (f flow) assumeSize(x, empty *celfront.Expr, equal bool) {
	switch k := f.typeOf(x).Kind; {
	case k != f.typeOf(empty).Kind || k != types.String && k != types.List && k != types.Map && k != types.Bytes:
	case equal && k != types.Map:
		// Equal lists and texts are of one size.
		f.limit(call("size", f.key(x)), f.sizes(empty))
	case !equal && f.sizes(empty).hi.Sign() == 0:
		f.limit(call("size", f.key(x)), between(1, longest))
	}
}

// assumeOrder: a < b, or a <= b, or that it is not so.
func (f flow) assumeOrder(a, b *celfront.Expr, strict, value bool) {
	if f.counted(a, b) {
		if !value {
			a, b, strict = b, a, !strict
		}
		sum := f.sum(b).minus(f.sum(a))
		if strict {
			sum = sum.plus(-1)
		}
		f.assumeSum(sum)
		return
	}
	// What is no number is neither less nor more than anything.
	if !value || f.typeOf(a).Kind != types.Double && f.typeOf(b).Kind != types.Double {
		return
	}
	x, y := f.reals(a), f.reals(b)
	if f.typeOf(a).Kind == types.Double {
		f.limitReal(f.key(a), reals{math.Inf(-1), y.hi, false})
	}
	if f.typeOf(b).Kind == types.Double {
		f.limitReal(f.key(b), reals{x.lo, math.Inf(1), false})
	}
}

func (f flow) assumeReals(a, b *celfront.Expr) {
	if f.typeOf(a).Kind != types.Double {
		return
	}
	if r := f.reals(b); r.lo <= r.hi {
		f.limitReal(f.key(a), reals{r.lo, r.hi, false})
	}
}

// assumeSum: the sum is not below 0; neither term can be so large, or so small,
// that the others could not make up for it.
func (f flow) assumeSum(l linear) {
	f.facts.least = append(f.facts.least, l)
	for key, t := range l.terms {
		others := only(l.rest)
		for k, o := range l.terms {
			if k != key {
				others = others.add(o.at.bounds(o.of).scaled(big.NewInt(o.times)))
			}
		}
		r := allTimes.join(allUints).join(allInts)
		switch t.times {
		case 1: // t >= -others
			r.lo = new(big.Int).Neg(others.hi)
		case -1: // t <= others
			r.hi = others.hi
		default:
			continue
		}
		f.limit(key, r)
	}
}

// typeNamed returns the type that an expression names: int, or type("a").
func (f flow) typeNamed(e *celfront.Expr) *types.Type {
	switch {
	case e.Op == celfront.Call && e.Name == "type" && len(e.Args) == 1:
		if t := f.typeOf(e.Args[0]); t.Kind != types.Dyn && t.Elem == nil {
			return t
		}
	case e.Op == celfront.Var && e.Type.Kind == types.TypeOf && f.named(e.Name) == nil:
		return namedTypes[e.Name]
	}
	return nil
}

// namedTypes are the types that have a name in CEL.
var namedTypes = map[string]*types.Type{
	"bool": types.BoolType, "int": types.IntType, "uint": types.UintType, "double": types.DoubleType, "string": types.StringType,
	"bytes": types.BytesType, "google.protobuf.Duration": types.DurationType, "google.protobuf.Timestamp": types.TimestampType,
	"null_type": types.NullType, "list": types.ListOf(types.DynType), "map": types.MapOf(types.DynType, types.DynType),
	"net.IP": types.IPType, "net.CIDR": types.CIDRType, "type": types.TypeType,
}
