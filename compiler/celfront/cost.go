package celfront

import (
	"maps"
	"math"
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
	Size Size
}

// Sizes says how large what an expression reads can be: a variable, or the
// result of one of moe's functions, by name. ok is false for an unknown name.
type Sizes func(name string) (s Size, ok bool)

// Price estimates an expression. Lets that it reads are variables, which cost
// nothing here, because their values are kept: whoever adds costs up counts
// each once. calls has the lets that it calls: those are part of the cost.
func (c *Checked) Price(sizes Sizes, calls map[string]*Price) (*Price, error) {
	p := &Price{}
	size := func(e cost.Estimator, _ *cost.AstNode, args []cost.AstNode) *cost.CallEstimate {
		p.Size = sizeOf(c.Type, cost.EstimateSize(e, args[0]))
		return cost.NewCallEstimate(cost.Estimate{}, nil)
	}
	est, err := estimateCost(c.env, around(c.ast.NativeRep()), &priced{sizes: sizes, calls: calls}, cost.OverloadCostEstimate(wholeOverload, size))
	p.Cost = Cost{est.Min, est.Max}
	return p, err
}

// wholeOverload is a call that stands around an expression: what it is given,
// is the value.
const wholeOverload = "moe_whole"

func around(tree *celast.AST) *celast.AST {
	const id = math.MaxInt32 // no expression has so many nodes
	types, refs := maps.Clone(tree.TypeMap()), maps.Clone(tree.ReferenceMap())
	types[id], refs[id] = celtypes.DynType, celast.NewFunctionReference(wholeOverload)
	call := celast.NewExprFactory().NewCall(id, wholeOverload, tree.Expr())
	return celast.NewCheckedAST(celast.NewAST(call, tree.SourceInfo()), types, refs)
}

// CostOf estimates a part of the expression: one that stands in no macro.
func (c *Checked) CostOf(part *Expr, sizes Sizes, calls map[string]*Price) (Cost, error) {
	whole, origin := c.ast.NativeRep(), c.origin[part]
	if part.Op == Const || origin == nil {
		return Cost{}, nil
	}
	tree := celast.NewCheckedAST(celast.NewAST(origin, whole.SourceInfo()), whole.TypeMap(), whole.ReferenceMap())
	est, err := estimateCost(c.env, tree, &priced{sizes: sizes, calls: calls})
	return Cost{est.Min, est.Max}, err
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
	est, err := env.EstimateCost(own, sizes, append(opts, comparisons...)...)
	*own.NativeRep() = celast.AST{}
	trees.Put(own)
	return est, err
}

// trees are *cel.Ast that may be filled again.
var trees sync.Pool
