package conformance

import (
	"fmt"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
)

// unblock writes a case of block_ext as an author could. cel.block is how
// cel-go's optimiser writes shared parts down: a list of expressions, each
// evaluated at most once and only if needed, that later ones name by number.
// That is cel.bind, one inside the other; cel.iterVar(n, m) names what a macro
// binds. An expression without any of them stays as it is.
//
// parsed is without expanded macros.
func unblock(parsed *cel.Ast, text string) (string, error) {
	b := &blocks{factory: ast.NewExprFactory()}
	root := parsed.NativeRep().Expr()
	b.rewrite(root)
	if b.err != nil || !b.any {
		return text, b.err
	}
	out, err := cel.AstToString(parsed)
	return out, err
}

type blocks struct {
	factory ast.ExprFactory
	any     bool
	err     error
}

// rewrite changes an expression where it stands, what is below it first.
func (b *blocks) rewrite(root ast.Expr) {
	ast.PostOrderVisit(root, ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.CallKind {
			return
		}
		c := e.AsCall()
		if !c.IsMemberFunction() || chain(c.Target()) != "cel" {
			return
		}
		name := map[string]string{"index": "index", "iterVar": "it", "accuVar": "ac"}[c.FunctionName()]
		switch {
		case name != "":
			for _, a := range c.Args() {
				name += fmt.Sprintf("_%v", a.AsLiteral().Value())
			}
			e.SetKindCase(b.factory.NewIdent(e.ID(), name))
		case c.FunctionName() == "block" && len(c.Args()) == 2 && c.Args()[0].Kind() == ast.ListKind:
			elements := c.Args()[0].AsList().Elements()
			out := c.Args()[1]
			for i := len(elements) - 1; i >= 0; i-- {
				out = b.factory.NewMemberCall(e.ID(), "bind", b.factory.NewIdent(e.ID(), "cel"),
					b.factory.NewIdent(e.ID(), fmt.Sprintf("index_%d", i)), elements[i], out)
			}
			e.SetKindCase(out)
		case c.FunctionName() == "bind":
			return
		default:
			b.err = fmt.Errorf("cel.%s is not known here", c.FunctionName())
		}
		b.any = true
	}))
}
