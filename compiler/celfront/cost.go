package celfront

import (
	"maps"
	"math"
	"sort"
	"sync"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/cost"
	celtypes "cel.dev/cel-go/common/types"
)

// Unbounded is the cost of what nothing bounds.
const Unbounded = math.MaxUint64

// Cost is what evaluating an expression takes at least and at most, in units of
// cel-go: one for an operation, and one for ten bytes of text that it goes over.
type Cost struct{ Min, Max uint64 }

// Price is the cost of an expression and the size of its value, which the cost
// of whatever reads it depends on.
type Price struct {
	Cost
	size cost.SizeEstimate
}

// Sizes says how large what an expression reads can be: a variable, or the
// result of one of moe's functions, by name. ok is false for an unknown name.
type Sizes func(name string) (s Size, ok bool)

// Price estimates an expression. lets has those that it reads or calls. One
// that is read costs nothing here, because its value is kept: whoever adds costs
// up counts it once. One that is called is part of the cost.
func (c *Checked) Price(sizes Sizes, lets map[string]*Price) (*Price, error) {
	return c.PriceOf(c.Root, sizes, lets)
}

// PriceOf estimates a part of the expression: one that stands in no macro.
func (c *Checked) PriceOf(part *Expr, sizes Sizes, lets map[string]*Price) (*Price, error) {
	if part.Op == Const {
		n, _ := part.Value.(string)
		return &Price{size: cost.FixedSizeEstimate(uint64(max(len(n), 1)))}, nil
	}
	whole, origin := c.ast.NativeRep(), c.origin[part]
	if origin == nil {
		origin = whole.Expr()
	}
	e := &priced{sizes: sizes, lets: lets}
	tree, kept := withLets(whole, origin, part, lets)
	est, err := estimateCost(c.env, tree, e, cost.OverloadCostEstimate(wholeOverload, e.whole))
	if err != nil {
		return nil, err
	}
	// The call around the whole, and the list of each binding, are ours.
	extra := cost.CallCost + uint64(kept)*cost.ListCreateBaseCost
	return &Price{Cost{cost.SafeSubtract(est.Min, extra), cost.SafeSubtract(est.Max, extra)}, e.result}, nil
}

// The calls that stand around an expression in the tree that is estimated.
const (
	wholeOverload = "moe_whole" // around all: tells the size of the value
	keptOverload  = "moe_kept_" // and a let's name: is its value
)

// withLets binds the lets that an expression reads, as cel.bind would, so that
// the estimator knows their sizes.
func withLets(whole *celast.AST, origin celast.Expr, part *Expr, lets map[string]*Price) (tree *celast.AST, kept int) {
	read := map[string]bool{}
	part.Walk(func(n *Expr) bool {
		if n.Op == Var && lets[n.Name] != nil {
			read[n.Name] = true
		}
		return true
	})
	names := make([]string, 0, len(read))
	for n := range read {
		names = append(names, n)
	}
	sort.Strings(names)

	ids := int64(math.MaxInt32) // no expression has so many nodes
	next := func() int64 { ids++; return ids }
	typeMap, refs := maps.Clone(whole.TypeMap()), maps.Clone(whole.ReferenceMap())
	factory := celast.NewExprFactory()
	root := factory.NewCall(next(), wholeOverload, origin)
	typeMap[ids], refs[ids] = celtypes.DynType, celast.NewFunctionReference(wholeOverload)
	for _, n := range names {
		value := factory.NewCall(next(), keptOverload+n)
		typeMap[ids], refs[ids] = celtypes.DynType, celast.NewFunctionReference(keptOverload+n)
		list := factory.NewList(next(), nil, nil)
		typeMap[ids] = celtypes.NewListType(celtypes.DynType)
		root = factory.NewComprehension(next(), list, "#unused", n, value, factory.NewLiteral(next(), celtypes.False), factory.NewIdent(next(), n), root)
	}
	return celast.NewCheckedAST(celast.NewAST(root, whole.SourceInfo()), typeMap, refs), len(names)
}

// estimateCost is cel-go's estimate of a tree that was checked in an
// environment, whole or not.
func estimateCost(env *cel.Env, tree *celast.AST, sizes cost.Estimator, opts ...cost.Option) (cost.Estimate, error) {
	// The estimator's options belong to the environment, and it takes no tree but
	// one of its own: one is made, and filled.
	own, _ := trees.Get().(*cel.Ast)
	if own == nil {
		made, iss := env.Parse("0")
		if iss.Err() != nil {
			return cost.Estimate{}, iss.Err()
		}
		own = made
	}
	*own.NativeRep() = *tree
	est, err := env.EstimateCost(own, sizes, opts...)
	*own.NativeRep() = celast.AST{}
	trees.Put(own)
	return est, err
}

// trees are *cel.Ast that may be filled again.
var trees sync.Pool
