package expression

import (
	"slices"
	"testing"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/tests/evaluation"
	"moec.dev/moec/tests/evaluation/wire"
)

// Bounds on the work of shrinking: each round is a build.
const (
	rounds     = 14
	candidates = 60 // of one find in one round
)

// shrink makes finds small: nodes become what is below them, or constants, as
// long as the two sides still disagree. Candidates of all finds are built
// together.
func shrink(t *testing.T, env *celfront.Env, vars []celfront.Variable, finds []*find) []*find {
	t.Helper()
	kept := slices.DeleteFunc(slices.Clone(finds), func(f *find) bool { return f.node != nil })
	finds = slices.DeleteFunc(slices.Clone(finds), func(f *find) bool { return f.node == nil })
	if len(finds) > *shrunken {
		t.Logf("%d more finds are not shrunk", len(finds)-*shrunken)
		finds = finds[:*shrunken]
	}
	done := map[*find]bool{}
	for range rounds {
		var batch []*subject
		owner := map[*subject]int{}
		for i, f := range finds {
			if done[f] {
				continue
			}
			n := 0
			for _, c := range f.node.smaller() {
				x, err := evaluation.Check(env, vars, c.String())
				if err != nil {
					continue // a name left its macro, or the like
				}
				s := &subject{name: f.name, seed: f.seed, node: c, Expression: x, inputs: []map[string]wire.Value{f.input}}
				batch, owner[s] = append(batch, s), i
				if n++; n == candidates {
					break
				}
			}
			done[f] = true // unless something smaller is found
		}
		if len(batch) == 0 {
			break
		}
		again, _, _ := compare(t, batch)
		for _, f := range again {
			i := owner[f.subject]
			if old := finds[i]; f.node.size() < old.node.size() {
				f.original = old.original
				finds[i] = f
			}
		}
	}
	out := kept
	texts := map[string]bool{}
	for _, f := range finds {
		if !texts[f.Text] {
			texts[f.Text] = true
			out = append(out, f)
		}
	}
	return out
}

// smaller are the ways to leave something out, the most promising first.
func (n *node) smaller() []*node {
	var out []*node
	try := func(old *node) {
		old.below(func(b *node) {
			if b.of.Equal(old.of) && b != old {
				out = append(out, n.with(old, b))
			}
		})
		if len(old.args) > 0 {
			if c := constant(old.of); c != nil {
				out = append(out, n.with(old, c))
			}
		}
	}
	// The root may become anything at all below it.
	n.below(func(b *node) { out = append(out, b) })
	try(n)
	n.below(try)
	slices.SortStableFunc(out, func(a, b *node) int { return a.size() - b.size() })
	return out
}

// constant is the plainest expression of a type.
func constant(of *types.Type) *node {
	switch of.Kind {
	case types.List:
		if c := constant(of.Elem); c != nil {
			return leaf(of, "["+c.String()+"]")
		}
		return nil
	case types.Map:
		k, v := constant(of.Key), constant(of.Elem)
		return leaf(of, "{"+k.String()+": "+v.String()+"}")
	case types.Optional:
		return leaf(of, "optional.of("+constant(of.Elem).String()+")")
	case types.Dyn:
		return leaf(of, "dyn(1)")
	}
	return leaf(of, literals[of.Kind][0])
}
