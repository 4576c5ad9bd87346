package expression

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"moec.dev/moec/compiler/types"
)

// generator writes one expression.
type generator struct {
	t     *rapid.T
	scope []variable
	bound int
}

// depth is how many operators stand inside each other at most.
const depth = 5

// expressions draws an expression of any type.
var expressions = rapid.Custom(func(t *rapid.T) *node {
	g := &generator{t: t, scope: slices.Clone(parameters)}
	return g.expr(g.someType(1), rapid.IntRange(2, depth).Draw(t, ""))
})

// someType draws a type.
func (g *generator) someType(deep int) *types.Type {
	if deep > 0 && chance(g.t, 35) {
		switch g.n(3) {
		case 0:
			return types.ListOf(g.someType(deep - 1))
		case 1:
			return types.MapOf(g.keyType(), g.someType(deep-1))
		}
		return types.OptionalOf(g.someType(deep - 1))
	}
	return pick(g.t, types.BoolType, types.BoolType, types.BoolType, types.IntType, types.IntType, types.UintType, types.DoubleType,
		types.StringType, types.StringType, types.BytesType, types.DurationType, types.TimestampType, types.DynType, types.DynType,
		types.TypeType, types.IPType, types.CIDRType, types.NullType)
}

func (g *generator) keyType() *types.Type {
	return pick(g.t, types.StringType, types.StringType, types.IntType, types.UintType, types.BoolType)
}

func (g *generator) n(n int) int { return rapid.IntRange(0, n-1).Draw(g.t, "") }

// expr writes an expression of a type.
func (g *generator) expr(of *types.Type, depth int) *node {
	if depth <= 0 {
		return g.leaf(of)
	}
	var ways []func() *node
	add := func(weight int, f func() *node) {
		for range weight {
			ways = append(ways, f)
		}
	}
	add(2, func() *node { return g.leaf(of) })
	for _, f := range forms[of.String()] {
		add(1, func() *node { return g.fill(of, f.text, depth, f.args...) })
	}
	many := 1 + len(ways)/12 // so that no kind of node is rare where functions are many
	g.generic(of, depth, func(weight int, f func() *node) { add(weight*many, f) })
	return pick(g.t, ways...)()
}

// fill writes a form with fresh arguments.
func (g *generator) fill(of *types.Type, text string, depth int, args ...*types.Type) *node {
	n := &node{of: of, form: text}
	for _, a := range args {
		n.args = append(n.args, g.expr(a, depth-1))
	}
	return n
}

// leaf writes a variable or a literal.
func (g *generator) leaf(of *types.Type) *node {
	var names []string
	for i, v := range g.scope {
		if v.of.Equal(of) && texts[v.name] == nil && !slices.ContainsFunc(g.scope[i+1:], func(w variable) bool { return w.name == v.name }) {
			names = append(names, v.name)
			if i >= len(parameters) { // what a macro binds is worth more
				names = append(names, v.name, v.name)
			}
		}
	}
	if len(names) > 0 && chance(g.t, 65) {
		return leaf(of, pick(g.t, names...))
	}
	switch of.Kind {
	case types.List:
		if chance(g.t, 20) && of.Elem.Kind == types.Dyn {
			return leaf(of, "[]")
		}
		return &node{of: of, form: "[@, @]", args: []*node{g.leaf(of.Elem), g.leaf(of.Elem)}}
	case types.Map:
		key := of.Key
		if key.Kind == types.Dyn {
			return &node{of: of, form: "{dyn(@): @}", args: []*node{g.leaf(g.keyType()), g.leaf(of.Elem)}}
		}
		return &node{of: of, form: "{@: @}", args: []*node{g.leaf(key), g.leaf(of.Elem)}}
	case types.Optional:
		return &node{of: of, form: "optional.of(@)", args: []*node{g.leaf(of.Elem)}}
	case types.Dyn:
		return &node{of: of, form: "dyn(@)", args: []*node{g.leaf(pick(g.t, types.IntType, types.StringType, types.DoubleType, types.UintType, types.BoolType, types.ListOf(types.IntType)))}}
	}
	return leaf(of, pick(g.t, literals[of.Kind]...))
}

// literals are constants of the scalar types.
var literals = map[types.Kind][]string{
	types.Bool:      {"true", "false"},
	types.Int:       {"0", "1", "2", "3", "-1", "-3", "10", "9223372036854775807", "-9223372036854775808"},
	types.Uint:      {"0u", "1u", "2u", "7u", "18446744073709551615u"},
	types.Double:    {"0.0", "-0.0", "1.0", "1.5", "-2.5", "1e21", "1e-7", "(0.0 / 0.0)", "(1.0 / 0.0)", "9007199254740993.0"},
	types.String:    {"''", "'a'", "'b'", "'abc'", "'é🙂'", "'f'", "','", "'1'", "'10.0.0.1'", "'2026-01-02T03:04:05Z'", "'90s'", "'%s'", `'\u00e9\n"'`},
	types.Bytes:     {"b''", "b'a'", `b'\xff\x00'`, "b'é'"},
	types.Duration:  {"duration('5s')", "duration('-1h30m')", "duration('1ms')", "duration('1.000000001s')"},
	types.Timestamp: {"timestamp('2026-01-02T03:04:05Z')", "timestamp('1969-12-31T23:59:59.5Z')", "timestamp('9999-12-31T23:59:59Z')", "timestamp(0)"},
	types.Null:      {"null"},
	types.TypeOf:    {"int", "string", "list", "type", "double", "map", "null_type", "google.protobuf.Timestamp"},
	types.IP:        {"ip('10.0.0.1')", "ip('2001:db8::1')", "ip('::')"},
	types.CIDR:      {"cidr('10.0.0.0/8')", "cidr('2001:db8::/32')", "cidr('10.1.2.3/16')"},
}

// bind runs f with a name bound to a type, as in a macro's body. Now and then
// the name is one that means something else outside.
func (g *generator) bind(of *types.Type, f func(name string) *node) *node {
	g.bound++
	name := fmt.Sprintf("v%d", g.bound)
	if chance(g.t, 15) {
		name = pick(g.t, "i", "s", "x", "v1", "li")
	}
	g.scope = append(g.scope, variable{name, of})
	n := f(name)
	g.scope = g.scope[:len(g.scope)-1]
	return n
}

// bind2 binds two names, which differ.
func (g *generator) bind2(one, two *types.Type, f func(a, b string) *node) *node {
	return g.bind(one, func(a string) *node {
		return g.bind(two, func(b string) *node {
			if a == b {
				b += "_"
				g.scope[len(g.scope)-1].name = b
			}
			return f(a, b)
		})
	})
}

// macro writes RANGE.NAME(bound, BODY...): the format has %s for each name, and
// holes for the bodies.
func (g *generator) macro(of *types.Type, over *node, format string, vars []*types.Type, depth int, bodies ...*types.Type) *node {
	write := func(names ...any) *node {
		n := &node{of: of, form: hole + fmt.Sprintf(format, names...), args: []*node{over}}
		for _, b := range bodies {
			n.args = append(n.args, g.expr(b, min(depth-1, 3)))
		}
		return n
	}
	if len(vars) == 1 {
		return g.bind(vars[0], func(a string) *node { return write(a) })
	}
	return g.bind2(vars[0], vars[1], func(a, b string) *node { return write(a, b) })
}

func isScalar(t *types.Type) bool {
	return strings.Contains(" bool int uint double string bytes duration timestamp ", " "+t.String()+" ")
}
