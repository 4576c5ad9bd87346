package gen

import (
	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
)

// sequence is made when the library is loaded.
func (w *writer) sequence(q ir.Sequence) *Statement {
	return w.static("sequence", "sequence "+q.String(), Qual(evalPkg, "NewSequence").CallFunc(func(g *Group) {
		for _, s := range q {
			step := g.Line().Qual(evalPkg, string(s.Kind))
			switch s.Kind {
			case ir.StepText:
				step.Call(Lit(s.Text))
			case ir.StepRun:
				step.Call(Lit(s.Text), Lit(s.Min), Lit(s.Max))
			case ir.StepFork:
				step.Call(Lit(s.Text), Lit(s.Jump))
			case ir.StepJump:
				step.Call(Lit(s.Jump))
			default:
				step.Call()
			}
		}
		g.Line()
	}))
}
