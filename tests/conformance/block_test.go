package conformance

import (
	"fmt"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/parser"
)

// blocks are the names in which block_ext writes down what cel-go's optimiser
// makes of shared parts: cel.block([a, b], body) evaluates each element at most
// once and only if needed, cel.index(n) is the n-th of them. No policy can write
// them.
var blocks = func() []cel.EnvOption {
	opts := []cel.EnvOption{cel.Macros(
		cel.ReceiverMacro("block", 2, func(f parser.ExprHelper, target ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
			if chain(target) != "cel" || args[0].Kind() != ast.ListKind {
				return nil, nil
			}
			return f.NewCall("cel.@block", args...), nil
		}),
		cel.ReceiverMacro("index", 1, func(f parser.ExprHelper, target ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
			if chain(target) != "cel" || args[0].Kind() != ast.LiteralKind {
				return nil, nil
			}
			return f.NewIdent(fmt.Sprintf("@index%v", args[0].AsLiteral().Value())), nil
		}),
	)}
	for i := range 32 {
		opts = append(opts, cel.Variable(fmt.Sprintf("@index%d", i), cel.DynType))
	}
	return opts
}()

// blocky reports whether an expression needs them.
func blocky(text string) bool {
	return strings.Contains(text, "cel.block(") || strings.Contains(text, "cel.iterVar(")
}

// plainNames writes the variables that macros bind, cel.iterVar(n, m), as names.
// parsed is without expanded macros.
func plainNames(parsed *cel.Ast) (string, error) {
	factory := ast.NewExprFactory()
	ast.PostOrderVisit(parsed.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.CallKind {
			return
		}
		if c := e.AsCall(); c.FunctionName() == "iterVar" && c.IsMemberFunction() && chain(c.Target()) == "cel" {
			name := "it"
			for _, a := range c.Args() {
				name += fmt.Sprintf("_%v", a.AsLiteral().Value())
			}
			e.SetKindCase(factory.NewIdent(e.ID(), name))
		}
	}))
	return cel.AstToString(parsed)
}
