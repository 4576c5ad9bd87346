package celfront

import (
	celast "cel.dev/cel-go/common/ast"
)

// References returns everything that an expression reads or calls, whether
// declared or not: the first names of values, the dotted names that begin with
// them, and the names of functions. It returns nil for text that does not parse.
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
		case celast.SelectKind:
			if name := dotted(e); name != "" {
				names = append(names, name)
			}
		case celast.CallKind:
			c := e.AsCall()
			names = append(names, c.FunctionName())
			if c.IsMemberFunction() { // of a module
				if module := dotted(c.Target()); module != "" {
					names = append(names, module+"."+c.FunctionName())
				}
			}
		}
	}
	celast.PostOrderVisit(parsed.NativeRep().Expr(), celast.NewExprVisitor(collect))
	return names
}

// dotted writes a selection from a name, a.b.c, or "" for one from a value.
func dotted(e celast.Expr) string {
	if e.Kind() == celast.IdentKind {
		return e.AsIdent()
	}
	if e.Kind() != celast.SelectKind {
		return ""
	}
	s := e.AsSelect()
	if name := dotted(s.Operand()); name != "" {
		return name + "." + s.FieldName()
	}
	return ""
}
