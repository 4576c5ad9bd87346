package check

import (
	"math/big"
	"unicode/utf8"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
)

// longest is more than any text, list or map has.
const longest = 1 << 32

// maxElements is more than a list has that a request or a file gives.
const maxElements = 1 << 16

// sizes bounds size(e).
func (f flow) sizes(e *celfront.Expr) interval {
	out := between(0, longest)
	if f.exhausted() {
		return out
	}
	key := call("size", f.key(e))
	for k := f.facts; k != nil; k = k.outer {
		if r, ok := k.ranges[key]; ok {
			out = out.meet(r)
		}
	}
	if f.known("not 0 " + key) {
		out = out.without(new(big.Int))
	}
	x, g := f.through(e)
	if x != e {
		return out.meet(g.sizes(x))
	}
	switch {
	case e.Op == celfront.Var && e.Type.Kind == types.List && f.named(e.Name) == nil, requestFunction(e) && e.Type.Kind == types.List:
		return out.meet(between(0, maxElements))
	case e.Op == celfront.Const:
		switch v := e.Value.(type) {
		case string:
			n := int64(utf8.RuneCountInString(v))
			return between(n, n)
		case []byte:
			return between(int64(len(v)), int64(len(v)))
		}
	case e.Op == celfront.List || e.Op == celfront.Map:
		n := int64(len(e.Args))
		if e.Op == celfront.Map {
			n /= 2
		}
		least := n
		for _, o := range e.Optional {
			if o {
				least--
			}
		}
		if e.Op == celfront.Map {
			least = min(least, 1) // keys may be equal
		}
		return out.meet(between(least, n))
	case e.Op == celfront.Macro && len(e.Args) > 0:
		switch {
		case e.Name == "map" && len(e.Args) == 2, e.Name == "sortBy", e.Name == "transformList" && len(e.Args) == 2:
			return out.meet(f.sizes(e.Args[0]))
		}
	case e.Op == celfront.Call && len(e.Args) > 0:
		return out.meet(f.callSizes(e))
	}
	return out
}

func (f flow) callSizes(e *celfront.Expr) interval {
	out := between(0, longest)
	switch a := e.Args[0]; e.Name {
	case "sort", "reverse", "lowerAscii", "upperAscii":
		return f.sizes(a)
	case "distinct":
		if n := f.sizes(a); n.atLeast(1) {
			return interval{big.NewInt(1), n.hi}
		}
	case "split":
		return f.splitSizes(e)
	case "_+_":
		b := e.Args[1]
		if k := e.Type.Kind; f.typeOf(a).Kind == k && f.typeOf(b).Kind == k {
			switch sum := f.sizes(a).add(f.sizes(b)); k {
			case types.List, types.Bytes:
				return sum
			case types.String:
				return interval{big.NewInt(f.parts(a) + f.parts(b)), sum.hi}
			}
		}
	case "_?_:_":
		yes, no := f.inner(), f.inner()
		yes.assume(a, true)
		no.assume(a, false)
		return yes.sizes(e.Args[1]).join(no.sizes(e.Args[2]))
	case "lists.range":
		return f.bounds(a)
	}
	return out
}

// splitSizes: a separator splits any text into one part at least, and a text
// that contains it into two.
func (f flow) splitSizes(e *celfront.Expr) interval {
	sep, ok := f.text(e.Args[1])
	if !ok || sep == "" {
		return between(0, longest)
	}
	most := between(1, longest)
	if f.known("contains " + f.key(e.Args[0]) + " " + f.key(e.Args[1])) {
		most = between(2, longest)
	}
	if len(e.Args) == 3 {
		switch n := f.bounds(e.Args[2]); {
		case n.hi.Sign() < 0, n.atLeast(2):
		case n.atLeast(1):
			return between(1, longest)
		default:
			return between(0, longest)
		}
	}
	return most
}

// parts is how many characters an operand adds to a text at least: bytes that
// are no UTF-8 may become one character with those of the other operand.
func (f flow) parts(e *celfront.Expr) int64 {
	if s, ok := f.text(e); ok {
		return int64(utf8.RuneCountInString(s))
	}
	if f.sizes(e).atLeast(1) {
		return 1
	}
	return 0
}

// sizeOf is the size of a text, list or map as a sum.
func (f flow) sizeOf(e *celfront.Expr) linear {
	out := linear{map[string]term{}, new(big.Int)}
	f.addSize(&out, e, 1)
	return out
}
