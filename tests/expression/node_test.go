package expression

import (
	"strings"

	"moec.dev/moec/compiler/types"
)

// hole is where the next argument stands in a node's form.
const hole = "@"

// node is an expression that remembers how it was put together, so that it can
// be taken apart again.
type node struct {
	of   *types.Type
	form string // with a hole for each argument
	args []*node
}

func leaf(of *types.Type, text string) *node { return &node{of: of, form: text} }

func (n *node) String() string {
	var b strings.Builder
	parts := strings.Split(n.form, hole)
	for i, p := range parts {
		b.WriteString(p)
		if i < len(n.args) {
			b.WriteString(n.args[i].String())
		}
	}
	return b.String()
}

// size is how many nodes there are.
func (n *node) size() int {
	s := 1
	for _, a := range n.args {
		s += a.size()
	}
	return s
}

// below calls f for every node under n.
func (n *node) below(f func(*node)) {
	for _, a := range n.args {
		f(a)
		a.below(f)
	}
}

// with returns a copy in which old stands no more, but other.
func (n *node) with(old, other *node) *node {
	if n == old {
		return other
	}
	o := *n
	o.args = nil
	for _, a := range n.args {
		o.args = append(o.args, a.with(old, other))
	}
	return &o
}

// parse reads a type as types.Type writes it.
func parse(text string) *types.Type {
	text = strings.TrimSpace(text)
	if of, ok := strings.CutSuffix(text, "?"); ok {
		return types.OptionalOf(parse(of))
	}
	if of, ok := strings.CutPrefix(text, "list("); ok {
		return types.ListOf(parse(strings.TrimSuffix(of, ")")))
	}
	if of, ok := strings.CutPrefix(text, "map("); ok {
		key, elem, _ := strings.Cut(strings.TrimSuffix(of, ")"), ",")
		return types.MapOf(parse(key), parse(elem))
	}
	for _, t := range scalars {
		if t.String() == text {
			return t
		}
	}
	panic("no type is called " + text)
}

// scalars are the types without parameters.
var scalars = []*types.Type{types.BoolType, types.IntType, types.UintType, types.DoubleType, types.StringType, types.BytesType,
	types.DurationType, types.TimestampType, types.NullType, types.DynType, types.TypeType, types.IPType, types.CIDRType}

// variable is a parameter, or a name that a macro binds.
type variable struct {
	name string
	of   *types.Type
}

// parameters are what every expression may read.
var parameters = func() (out []variable) {
	for _, line := range strings.Split(strings.TrimSpace(`
b bool
i int
j int
u uint
d double
e double
s string
t string
y bytes
w duration
at timestamp
n null
x dyn
z dyn
a net.IP
c net.CIDR
lb list(bool)
li list(int)
lu list(uint)
ld list(double)
ls list(string)
ly list(bytes)
lw list(duration)
lt list(timestamp)
lx list(dyn)
la list(net.IP)
ll list(list(int))
lm list(map(string, int))
lo list(int?)
mb map(bool, string)
mi map(int, string)
mu map(uint, int)
ms map(string, int)
mt map(string, string)
mx map(string, dyn)
md map(dyn, dyn)
ml map(string, list(int))
oi int?
os string?
ox dyn?
ol list(int)?
om map(string, int)?
zone string
json string
`), "\n") {
		name, of, _ := strings.Cut(line, " ")
		out = append(out, variable{name, parse(of)})
	}
	return out
}()
