package expression

import (
	"strings"

	"moec.dev/moec/compiler/types"
)

// visible draws a type whose values may be dyn: without optionals, see dynamic.
func (g *generator) visible() *types.Type {
	for {
		if t := g.someType(2); !strings.Contains(t.String(), "?") {
			return t
		}
	}
}

type ways func(weight int, f func() *node)

// generic adds what can be written for any type, or any type of a shape.
func (g *generator) generic(of *types.Type, depth int, add ways) {
	fill := func(weight int, text string, args ...*types.Type) {
		add(weight, func() *node { return g.fill(of, text, depth, args...) })
	}
	list, optional := types.ListOf(of), types.OptionalOf(of)
	fill(2, "(@ ? @ : @)", types.BoolType, of, of)
	fill(1, "@.orValue(@)", optional, of)
	fill(1, "@.value()", optional)
	fill(1, "@[@]", list, types.IntType)
	add(1, func() *node { k := g.keyType(); return g.fill(of, "@[@]", depth, types.MapOf(k, of), k) })
	fill(1, "@.f", types.MapOf(types.StringType, of))
	add(1, func() *node {
		init := g.someType(1)
		return g.bindCall(of, init, depth)
	})
	switch of.Kind {
	case types.Bool:
		g.predicates(depth, add)
	case types.Int:
		add(1, func() *node { return g.fill(of, "size(@)", depth, types.ListOf(g.someType(1))) })
		add(1, func() *node { return g.fill(of, "@.size()", depth, types.MapOf(g.keyType(), g.someType(1))) })
		fill(1, "size(@)", types.DynType)
	case types.Dyn:
		add(4, func() *node { return g.fill(of, "dyn(@)", depth, g.visible()) })
	case types.Optional:
		g.optionals(of, depth, add)
	case types.List:
		g.lists(of, depth, add)
	case types.Map:
		g.maps(of, depth, add)
	}
}

func (g *generator) bindCall(of, init *types.Type, depth int) *node {
	n := &node{of: of, args: []*node{g.expr(init, depth-1)}}
	return g.bind(init, func(name string) *node {
		n.form = "cel.bind(" + name + ", @, @)"
		n.args = append(n.args, g.expr(of, depth-1))
		return n
	})
}

// predicates are what has a bool for a result, whatever it is about.
func (g *generator) predicates(depth int, add ways) {
	some := func(text string, args func(t *types.Type) []*types.Type) func() *node {
		return func() *node { t := g.someType(1); return g.fill(types.BoolType, text, depth, args(t)...) }
	}
	both := func(t *types.Type) []*types.Type { return []*types.Type{t, t} }
	lists := func(t *types.Type) []*types.Type { return []*types.Type{types.ListOf(t), types.ListOf(t)} }
	add(2, some("(@ == @)", both))
	add(1, some("(@ != @)", both))
	add(1, some("(@ == dyn(@))", func(t *types.Type) []*types.Type { return []*types.Type{t, g.someType(1)} }))
	add(1, some("(@ in @)", func(t *types.Type) []*types.Type { return []*types.Type{t, types.ListOf(t)} }))
	add(1, some("(dyn(@) in @)", func(t *types.Type) []*types.Type { return []*types.Type{t, types.DynType} }))
	add(1, func() *node {
		k := g.keyType()
		return g.fill(types.BoolType, "(@ in @)", depth, k, types.MapOf(k, g.someType(1)))
	})
	add(1, func() *node {
		return g.fill(types.BoolType, "(@ in @)", depth, types.DynType, types.MapOf(types.DynType, types.DynType))
	})
	add(3, func() *node {
		t := pick(g.t, types.BoolType, types.IntType, types.UintType, types.DoubleType, types.StringType, types.BytesType, types.DurationType, types.TimestampType, types.DynType)
		return g.fill(types.BoolType, "(@ "+pick(g.t, "<", "<=", ">", ">=")+" @)", depth, t, t)
	})
	add(2, func() *node {
		number := []*types.Type{types.IntType, types.UintType, types.DoubleType}
		return g.fill(types.BoolType, "(@ "+pick(g.t, "<", "<=", ">", ">=")+" @)", depth, pick(g.t, number...), pick(g.t, number...))
	})
	for _, f := range []string{"sets.contains(@, @)", "sets.equivalent(@, @)", "sets.intersects(@, @)", "@.hasAll(@)", "@.hasAny(@)", "@.hasOnly(@)", "@.hasExactly(@)"} {
		add(1, some(f, lists))
	}
	add(1, some("@.hasValue()", func(t *types.Type) []*types.Type { return []*types.Type{types.OptionalOf(t)} }))
	add(1, some("@.hasValue(@)", func(t *types.Type) []*types.Type { return []*types.Type{types.OptionalOf(t), t} }))
	add(1, some("has(@.f)", func(t *types.Type) []*types.Type { return []*types.Type{types.MapOf(types.StringType, t)} }))
	add(1, some("has(@.f)", func(t *types.Type) []*types.Type { return []*types.Type{types.DynType} }))
	// Under a ! alone: where a selection could go on, cel-go gives an optional
	// for the bool that it is.
	add(1, some("!has(@.f)", func(t *types.Type) []*types.Type {
		return []*types.Type{types.OptionalOf(types.MapOf(types.StringType, t))}
	}))
	add(1, some("(type(@) == type(@))", both))
	add(1, func() *node {
		return g.fill(types.BoolType, "(type(@) == "+pick(g.t, literals[types.TypeOf]...)+")", depth, types.DynType)
	})
	add(3, func() *node {
		over, vars := g.iterated(depth)
		return g.macro(types.BoolType, over, "."+pick(g.t, "all", "exists", "exists_one")+"(%s, @)", vars[1:2], depth, types.BoolType)
	})
	add(2, func() *node {
		over, vars := g.iterated(depth)
		return g.macro(types.BoolType, over, "."+pick(g.t, "all", "exists", "exists_one", "existsOne")+"(%s, %s, @)", []*types.Type{vars[0], vars[2]}, depth, types.BoolType)
	})
}

// iterated is a list, map or dyn, and the types of what macros bind over it:
// the first of two, the only one, the second of two.
func (g *generator) iterated(depth int) (over *node, vars [3]*types.Type) {
	elem := g.someType(0)
	switch g.n(5) {
	case 0:
		return g.expr(types.DynType, depth-1), [3]*types.Type{types.DynType, types.DynType, types.DynType}
	case 1:
		k := g.keyType()
		return g.expr(types.MapOf(k, elem), depth-1), [3]*types.Type{k, k, elem}
	}
	return g.expr(types.ListOf(elem), depth-1), [3]*types.Type{types.IntType, elem, elem}
}

func (g *generator) optionals(of *types.Type, depth int, add ways) {
	fill := func(weight int, text string, args ...*types.Type) {
		add(weight, func() *node { return g.fill(of, text, depth, args...) })
	}
	elem := of.Elem
	fill(2, "optional.of(@)", elem)
	if elem.Kind == types.Dyn {
		add(2, func() *node { return leaf(of, "json.parse(json)") })
	}
	fill(1, "optional.ofNonZeroValue(@)", elem)
	fill(1, "@.or(@)", of, of)
	fill(1, "@[?@]", types.ListOf(elem), types.IntType)
	fill(1, "@[?@]", types.OptionalOf(types.ListOf(elem)), types.IntType)
	fill(1, "@[@]", types.OptionalOf(types.ListOf(elem)), types.IntType)
	add(1, func() *node { k := g.keyType(); return g.fill(of, "@[?@]", depth, types.MapOf(k, elem), k) })
	add(1, func() *node {
		k := g.keyType()
		return g.fill(of, "@[?@]", depth, types.OptionalOf(types.MapOf(k, elem)), k)
	})
	add(1, func() *node {
		k := g.keyType()
		return g.fill(of, "@[@]", depth, types.OptionalOf(types.MapOf(k, elem)), k)
	})
	fill(1, "@.?f", types.MapOf(types.StringType, elem))
	fill(1, "@.?f", types.OptionalOf(types.MapOf(types.StringType, elem)))
	fill(1, "@.f", types.OptionalOf(types.MapOf(types.StringType, elem)))
	fill(1, "@.first()", types.ListOf(elem))
	fill(1, "@.last()", types.ListOf(elem))
	fill(1, "(@ ? @ : optional.none())", types.BoolType, of)
	add(1, func() *node {
		from := g.someType(1)
		return g.macro(of, g.expr(types.OptionalOf(from), depth-1), ".optMap(%s, @)", []*types.Type{from}, depth, elem)
	})
	add(1, func() *node {
		from := g.someType(1)
		return g.macro(of, g.expr(types.OptionalOf(from), depth-1), ".optFlatMap(%s, @)", []*types.Type{from}, depth, of)
	})
}

func (g *generator) lists(of *types.Type, depth int, add ways) {
	fill := func(weight int, text string, args ...*types.Type) {
		add(weight, func() *node { return g.fill(of, text, depth, args...) })
	}
	elem := of.Elem
	fill(1, "[@]", elem)
	fill(1, "[@, @, @]", elem, elem, elem)
	fill(1, "[@, ?@]", elem, types.OptionalOf(elem))
	fill(2, "(@ + @)", of, of)
	fill(1, "@.reverse()", of)
	fill(1, "@.distinct()", of)
	fill(1, "@.slice(@, @)", of, types.IntType, types.IntType)
	fill(1, "@.flatten()", types.ListOf(of))
	fill(1, "optional.unwrap(@)", types.ListOf(types.OptionalOf(elem)))
	fill(1, "@.unwrapOpt()", types.ListOf(types.OptionalOf(elem)))
	if isScalar(elem) || elem.Kind == types.Dyn {
		fill(2, "@.sort()", of)
	}
	add(1, func() *node {
		key := pick(g.t, types.IntType, types.UintType, types.StringType, types.BytesType, types.BoolType, types.DoubleType, types.DurationType, types.TimestampType, types.DynType)
		return g.macro(of, g.expr(of, depth-1), ".sortBy(%s, @)", []*types.Type{elem}, depth, key)
	})
	add(2, func() *node {
		return g.macro(of, g.expr(of, depth-1), ".filter(%s, @)", []*types.Type{elem}, depth, types.BoolType)
	})
	add(2, func() *node {
		over, vars := g.iterated(depth)
		return g.macro(of, over, ".map(%s, @)", vars[1:2], depth, elem)
	})
	add(1, func() *node {
		over, vars := g.iterated(depth)
		return g.macro(of, over, ".map(%s, @, @)", vars[1:2], depth, types.BoolType, elem)
	})
	add(1, func() *node {
		over, vars := g.iterated(depth)
		return g.macro(of, over, ".transformList(%s, %s, @)", []*types.Type{vars[0], vars[2]}, depth, elem)
	})
	add(1, func() *node {
		over, vars := g.iterated(depth)
		return g.macro(of, over, ".transformList(%s, %s, @, @)", []*types.Type{vars[0], vars[2]}, depth, types.BoolType, elem)
	})
}

func (g *generator) maps(of *types.Type, depth int, add ways) {
	fill := func(weight int, text string, args ...*types.Type) {
		add(weight, func() *node { return g.fill(of, text, depth, args...) })
	}
	if of.Key.Kind == types.Dyn { // of a kind that can be a key: cel-go looks for others by their address
		scalar := pick(g.t, types.IntType, types.UintType, types.DoubleType, types.StringType, types.BoolType)
		fill(2, "{dyn(@): @, dyn(@): @}", scalar, of.Elem, g.keyType(), of.Elem)
		return
	}
	fill(1, "{@: @}", of.Key, of.Elem)
	fill(1, "{@: @, @: @}", of.Key, of.Elem, of.Key, of.Elem)
	fill(1, "{?@: @, @: @}", of.Key, types.OptionalOf(of.Elem), of.Key, of.Elem)
	for _, filter := range []string{"", "@, "} {
		bodies := []*types.Type{types.BoolType, of.Elem}
		if filter == "" {
			bodies = bodies[1:]
		}
		add(1, func() *node {
			if of.Key.Kind == types.Int && g.n(2) == 0 {
				elem := g.someType(0)
				return g.macro(of, g.expr(types.ListOf(elem), depth-1), ".transformMap(%s, %s, "+filter+"@)", []*types.Type{types.IntType, elem}, depth, bodies...)
			}
			from := g.someType(0)
			return g.macro(of, g.expr(types.MapOf(of.Key, from), depth-1), ".transformMap(%s, %s, "+filter+"@)", []*types.Type{of.Key, from}, depth, bodies...)
		})
		add(1, func() *node {
			over, vars := g.iterated(depth)
			return g.macro(of, over, ".transformMapEntry(%s, %s, "+filter+"@)", []*types.Type{vars[0], vars[2]}, depth, append(bodies[:len(bodies)-1:len(bodies)-1], of)...)
		})
	}
}
