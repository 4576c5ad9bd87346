package celfront

import (
	"math"
	"sort"
	"time"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	celtypes "cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"moec.dev/moec/compiler/types"
)

// Limits on folding, so that no constant expression keeps the compiler busy or
// makes the library large.
const (
	maxFoldCost     = 100_000   // units of cel-go's cost, for one subtree
	maxFoldTotal    = 1_000_000 // for one expression
	maxFoldAttempts = 200       // subtrees of one expression
	maxFoldText     = 4 << 10   // bytes of text in one result
	maxFoldElements = 256       // elements and entries in one result
)

// Folded returns the tree with every largest subtree that reads nothing put in
// place of its value: constants, and lists and maps of them, of the same static
// type and at the same place. A subtree stays as it is when evaluating it fails,
// when its value has no literal (optionals, types, addresses, numbers that are
// none), and when the value or the work is too large.
func (c *Checked) Folded() *Expr {
	c.foldOnce.Do(func() {
		f := newFolder(c)
		c.folded = f.fold(c.Root, 0)
	})
	return c.folded
}

// folder folds one expression.
type folder struct {
	c *Checked
	// binders has, for each node, the depth of the outermost macro whose name
	// is read in or below it: -1 where something else is read, and unbound where
	// nothing is.
	binders  map[*Expr]int
	cost     uint64
	attempts int
}

func newFolder(c *Checked) *folder {
	f := &folder{c: c, binders: map[*Expr]int{}, cost: maxFoldTotal, attempts: maxFoldAttempts}
	f.reads(c.Root, 0, map[string]int{})
	return f
}

const (
	free    = -1
	unbound = math.MaxInt
)

// reads finds the binders of a node that stands at a depth. bound has the depth
// of the macro that binds each name.
func (f *folder) reads(e *Expr, depth int, bound map[string]int) int {
	outermost := unbound
	switch e.Op {
	case Var:
		if d, ok := bound[e.Name]; ok && !e.Root {
			outermost = d
		} else if e.Type.Kind != types.TypeOf {
			outermost = free
		}
	case Call:
		if readsRequest(e) {
			outermost = free
		}
	}
	for i, a := range e.Args {
		inner := bound
		if i > 0 && len(e.Vars) > 0 {
			inner = make(map[string]int, len(bound)+len(e.Vars))
			for name, d := range bound {
				inner[name] = d
			}
			for _, name := range e.Vars {
				inner[name] = depth
			}
		}
		outermost = min(outermost, f.reads(a, depth+1, inner))
	}
	f.binders[e] = outermost
	return outermost
}

// readsRequest reports whether a call reads the request, or is one of a let.
func readsRequest(e *Expr) bool {
	return isRequestFunction(e.Overload) || e.Overload == "let_"+e.Name
}

func (f *folder) fold(e *Expr, depth int) *Expr {
	if isLiteral(e) {
		return e
	}
	if f.binders[e] >= depth {
		if v, ok := f.value(e); ok {
			l := literals{at: e, text: maxFoldText, elements: maxFoldElements}
			if x, ok := l.of(e.Type, v); ok {
				return x
			}
		}
	}
	var args []*Expr
	for i, a := range e.Args {
		if x := f.fold(a, depth+1); x != a {
			if args == nil {
				args = append(args, e.Args...)
			}
			args[i] = x
		}
	}
	if args == nil {
		return e
	}
	copied := *e
	copied.Args = args
	return &copied
}

// isLiteral reports whether a node is a value already.
func isLiteral(e *Expr) bool {
	switch e.Op {
	case Const:
		return true
	case List, Map:
		for _, o := range e.Optional {
			if o {
				return false
			}
		}
	case Call:
		return e.Overload == "to_dyn" && e.Args[0].Op == Const
	default:
		return false
	}
	for _, a := range e.Args {
		if !isLiteral(a) {
			return false
		}
	}
	return true
}

// value evaluates a subtree. The work is estimated before: an evaluation that
// has begun a long step cannot be ended.
func (f *folder) value(e *Expr) (ref.Val, bool) {
	origin, ok := f.c.origin[e]
	if !ok || f.attempts == 0 || formatsNames(e) {
		return nil, false
	}
	f.attempts--
	whole := f.c.ast.NativeRep()
	tree := celast.NewCheckedAST(celast.NewAST(origin, whole.SourceInfo()), whole.TypeMap(), whole.ReferenceMap())
	estimate, err := estimateCost(f.c.env, tree, literalSizes{})
	if err != nil || estimate.Max > maxFoldCost || estimate.Max > f.cost {
		return nil, false
	}
	f.cost -= estimate.Max
	p, err := f.c.env.PlanProgram(tree, inOrder(), cel.CostLimit(maxFoldCost))
	if err != nil {
		return nil, false
	}
	v, _, err := p.Eval(cel.NoVars())
	return v, err == nil
}

// formatsNames reports whether format( ) is given anything but literals
// somewhere in a subtree: the estimate does not know how much text that is.
func formatsNames(e *Expr) bool {
	found := false
	e.Walk(func(n *Expr) bool {
		if n.Op == Call && n.Overload == "string_format" {
			found = found || !isLiteral(n.Args[0]) || !isLiteral(n.Args[1])
		}
		return !found
	})
	return found
}

// literals turns values into nodes, as far as the room goes.
type literals struct {
	at             *Expr // gives the place
	text, elements int
}

func (l *literals) of(t *types.Type, v ref.Val) (*Expr, bool) {
	if t.Kind == types.Dyn {
		scalar, ok := scalarTypes[v.Type().TypeName()]
		if !ok {
			return nil, false
		}
		x, ok := l.of(scalar, v)
		return &Expr{Op: Call, Name: "dyn", Overload: "to_dyn", Type: t, Span: l.at.Span, Args: []*Expr{x}}, ok
	}
	switch v := v.(type) {
	case traits.Mapper:
		return l.entries(t, v)
	case traits.Lister:
		return l.list(t, v)
	}
	value, ok := scalarOf(v)
	if !ok || scalarTypes[v.Type().TypeName()] == nil || scalarTypes[v.Type().TypeName()].Kind != t.Kind {
		return nil, false
	}
	switch s := value.(type) {
	case string:
		l.text -= len(s)
	case []byte:
		l.text -= len(s)
	}
	return &Expr{Op: Const, Type: t, Span: l.at.Span, Value: value}, l.text >= 0
}

func (l *literals) list(t *types.Type, v traits.Lister) (*Expr, bool) {
	n, ok := v.Size().(celtypes.Int)
	if !ok || t.Kind != types.List || int64(n) > int64(l.elements) {
		return nil, false
	}
	l.elements -= int(n)
	x := &Expr{Op: List, Type: t, Span: l.at.Span, Optional: make([]bool, n)}
	for i := celtypes.Int(0); i < n; i++ {
		a, ok := l.of(t.Elem, v.Get(i))
		if !ok {
			return nil, false
		}
		x.Args = append(x.Args, a)
	}
	return x, true
}

// entries writes a map in its order, or in that of its keys where cel-go gives
// them in any.
func (l *literals) entries(t *types.Type, v traits.Mapper) (*Expr, bool) {
	n, ok := v.Size().(celtypes.Int)
	if !ok || t.Kind != types.Map || int64(n) > int64(l.elements) {
		return nil, false
	}
	l.elements -= int(n)
	keys := keysOf(v)
	_, ordered := v.(*orderedMap)
	sort.SliceStable(keys, func(i, j int) bool {
		a, b := keys[i], keys[j]
		if ordered {
			return false
		}
		if a.Type() != b.Type() {
			return a.Type().TypeName() < b.Type().TypeName()
		}
		c, ok := a.(traits.Comparer)
		return ok && c.Compare(b) == celtypes.IntNegOne
	})
	x := &Expr{Op: Map, Type: t, Span: l.at.Span, Optional: make([]bool, n)}
	for _, k := range keys {
		key, ok := l.of(t.Key, k)
		if !ok {
			return nil, false
		}
		value, ok := l.of(t.Elem, v.Get(k))
		if !ok {
			return nil, false
		}
		x.Args = append(x.Args, key, value)
	}
	return x, true
}

// scalarTypes are the types whose values a Const holds, by cel-go's name.
var scalarTypes = map[string]*types.Type{
	"bool": types.BoolType, "int": types.IntType, "uint": types.UintType, "double": types.DoubleType, "string": types.StringType,
	"bytes": types.BytesType, "null_type": types.NullType,
	celtypes.DurationType.TypeName(): types.DurationType, celtypes.TimestampType.TypeName(): types.TimestampType,
}

// scalarOf returns what a Const holds of a value. Infinity, what is no number,
// and the negative zero have no literal.
func scalarOf(v ref.Val) (any, bool) {
	switch v := v.(type) {
	case celtypes.Bool:
		return bool(v), true
	case celtypes.Int:
		return int64(v), true
	case celtypes.Uint:
		return uint64(v), true
	case celtypes.Double:
		d := float64(v)
		return d, !math.IsNaN(d) && !math.IsInf(d, 0) && !(d == 0 && math.Signbit(d))
	case celtypes.String:
		return string(v), true
	case celtypes.Bytes:
		return []byte(v), true
	case celtypes.Null:
		return nil, true
	case celtypes.Duration:
		return v.Duration, true
	case celtypes.Timestamp:
		return v.Time.In(time.UTC), true
	}
	return nil, false
}
