package celfront

import (
	"strings"
	"sync"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	celast "cel.dev/cel-go/common/ast"

	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// Checked is an expression that cel-go accepts.
type Checked struct {
	Source *ast.Expr
	Type   *types.Type
	Root   *Expr

	env *cel.Env
	ast *cel.Ast
	// origin has cel-go's node of each of ours.
	origin map[*Expr]celast.Expr

	foldOnce sync.Once
	folded   *Expr

	// Args are the expressions that stand for parameters, and Body is the tree
	// in which the parameters still have their names; see With.
	Args map[string]*Checked
	Body *Expr
}

// Program plans the expression for cel-go's evaluator. Planning is slow:
// callers keep the result.
func (c *Checked) Program() (cel.Program, error) { return c.env.Program(c.ast, inOrder()) }

// Check parses and checks one expression. Problems go to diags, and the result
// is nil then.
func (e *Env) Check(x *ast.Expr, diags *diag.List) *Checked {
	if len(x.Text) > maxExpressionBytes {
		diags.Add(diag.TooComplex, x.Span(), "the expression has %d bytes; at most %d are accepted", len(x.Text), maxExpressionBytes).
			Helpf("split it with let")
		return nil
	}
	places := newExtents(x.Span(), x.Text)
	if at, found := places.reserved(); found {
		diags.Add(diag.BadExpression, at, "names that begin with __ belong to the compiler")
		return nil
	}
	parsed, iss := e.env.Parse(x.Text)
	if iss.Err() != nil {
		e.report(x, places, iss, diags)
		return nil
	}
	if why := exceeds(parsed.NativeRep().Expr(), e.vars); why != "" {
		diags.Add(diag.TooComplex, x.Span(), "%s", why).Helpf("split it with let")
		return nil
	}
	checked, iss := e.env.Check(parsed)
	if iss.Err() != nil {
		e.report(x, places, iss, diags)
		return nil
	}
	for _, t := range checked.NativeRep().TypeMap() {
		if isLarge(t) {
			diags.Add(diag.TooComplex, x.Span(), "a value in this expression has a type of more than %d parts", maxType).Helpf("use dyn( )")
			return nil
		}
	}
	t := &translator{origin: map[*Expr]celast.Expr{}, places: places, ast: checked.NativeRep(), types: checked.NativeRep().TypeMap(), diags: diags}
	root := t.node(checked.NativeRep().Expr())
	if t.failed {
		return nil
	}
	return &Checked{Source: x, Type: root.Type, Root: root, env: e.env, ast: checked, origin: t.origin}
}

// report turns cel-go's issues into diagnostics. Only the first syntax error
// of an expression is given: the parser's later ones follow from it.
func (e *Env) report(x *ast.Expr, places *extents, iss *cel.Issues, diags *diag.List) {
	misused := false
	for i, err := range iss.Errors() {
		msg, help, syntax := e.explain(err, x.Text, byteOf(x.Text, err.Location))
		if syntax && i > 0 || i == maxProblems {
			break
		}
		if misused && strings.HasSuffix(msg, "is not declared") {
			continue // a name that the macro would have bound
		}
		misused = misused || binds(help) || strings.HasSuffix(msg, "is not declared") && callsMacro(help) || strings.HasSuffix(msg, noFunction)
		code := diag.BadExpression
		if strings.Contains(msg, "too deeply") || strings.Contains(msg, "size exceeds") || strings.Contains(msg, "too long to be read") {
			code = diag.TooComplex
			if help == "" {
				help = "split it with let"
			}
		}
		at := locate(x, places, err.Location, !syntax)
		if e.namespace(at.Text()) && strings.HasSuffix(msg, "is not declared") {
			at = places.chain(at)
			msg, help = e.unknownChain(at.Text())
		}
		if name, found := strings.CutSuffix(strings.TrimPrefix(msg, "`"), noFunction); found && strings.HasPrefix(x.Text[at.Start-x.Span().Start:], name) {
			at.End = at.Start + len(name)
		}
		d := diags.Add(code, at, "%s", msg)
		d.Help = help
	}
}

// locate converts cel-go's line and column (code points) into bytes of the
// policy file. The span covers what stands there: of text that parses, the
// whole name, operator or literal; otherwise the word or the one character.
func locate(x *ast.Expr, places *extents, at common.Location, parsed bool) source.Span {
	text, off := x.Text, byteOf(x.Text, at)
	if parsed {
		return places.blamed(off)
	}
	end := off
	for end < len(text) && isWord(text[end]) {
		end++
	}
	if end == off && off < len(text) {
		_, n := utf8.DecodeRuneInString(text[off:])
		end += n
	}
	s := x.Span()
	return source.Span{File: s.File, Start: s.Start + off, End: s.Start + end}
}

// byteOf converts cel-go's line and column into a place in the text.
func byteOf(text string, at common.Location) int {
	off := 0
	for line := 1; line < at.Line(); line++ {
		n := strings.IndexByte(text[off:], '\n')
		if n < 0 {
			break
		}
		off += n + 1
	}
	for c := 0; c < at.Column() && off < len(text); c++ {
		_, n := utf8.DecodeRuneInString(text[off:])
		off += n
	}
	return off
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
