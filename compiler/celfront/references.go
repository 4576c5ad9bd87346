package celfront

import (
	celast "cel.dev/cel-go/common/ast"
)

// References returns the first names of everything that an expression reads or
// calls, whether declared or not, in order of appearance. It returns nil for
// text that does not parse.
func References(text string) []string {
	b, err := base()
	if err != nil || len(text) > maxExpressionBytes {
		return nil
	}
	parsed, iss := b.Parse(text)
	if iss.Err() != nil {
		return nil
	}
	var names []string
	collect := func(e celast.Expr) {
		switch e.Kind() {
		case celast.IdentKind:
			names = append(names, e.AsIdent())
		case celast.CallKind:
			names = append(names, e.AsCall().FunctionName())
		}
	}
	celast.PostOrderVisit(parsed.NativeRep().Expr(), celast.NewExprVisitor(collect))
	return names
}
