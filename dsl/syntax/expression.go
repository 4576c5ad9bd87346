package syntax

import (
	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// cel is an expression inside a statement: the bytes from its first token to
// the end of its last. It is an interface because participle takes custom
// parsers for interfaces only.
type cel interface{ extent() extent }

type extent struct{ start, end int }

func (e extent) extent() extent { return e }

// fault is an error with its own code, raised inside a grammar.
type fault struct {
	code    diag.Code
	extent  extent
	message string
	help    string
}

func (f *fault) Error() string              { return f.message }
func (f *fault) Message() string            { return f.message }
func (f *fault) Position() lexer.Position   { return lexer.Position{Offset: f.extent.start} }
func extentOf(t *lexer.Token) extent        { return extent{t.Pos.Offset, t.Pos.Offset + len(t.Value)} }
func isPunct(t *lexer.Token, v string) bool { return t.Type == tPunct && t.Value == v }

var _ participle.Error = (*fault)(nil)

// clauseWords are the words of our own that may follow an expression. Where one
// stands in place of an expression, the expression was forgotten.
var clauseWords = map[string]bool{
	"with": true, "when": true, "if": true, "on": true, "as": true, "else": true, "among": true, "sticky": true,
	"burst": true, "cost": true, "key": true, "per": true,
}

// binary are the operators between two operands. A dot is one here: what
// follows it cannot end an expression either.
var binary = map[string]bool{
	"&&": true, "||": true, "==": true, "!=": true, "<": true, "<=": true, ">": true, ">=": true, "+": true, "-": true,
	"*": true, "/": true, "%": true, "?": true, ".": true,
}

// findExpression takes the tokens of one CEL expression off the statement. It
// knows of CEL only where an operand must stand and where one cannot: at bracket
// depth 0 the expression ends before the first token that cannot go on with it.
func findExpression(lex *lexer.PeekingLexer) (cel, error) {
	first := lex.Peek()
	span := extentOf(first)
	if err := forgotten(lex); err != nil {
		return nil, err
	}
	var brackets []string
	operand, ternary := false, 0 // operand: the last token completes a value
	var last *lexer.Token
	for {
		t := lex.Peek()
		if t.EOF() || t.Type == tBlock && len(brackets) == 0 {
			break
		}
		word := t.Type == tIdent && t.Value == "in"
		switch {
		case len(brackets) > 0:
			if t.Type == tPunct && (t.Value == "(" || t.Value == "[" || t.Value == "{") {
				brackets = append(brackets, closers[t.Value])
			} else if isPunct(t, brackets[len(brackets)-1]) {
				brackets = brackets[:len(brackets)-1]
				operand = len(brackets) == 0
			}
		case isPunct(t, "(") || isPunct(t, "["), isPunct(t, "{") && !operand:
			brackets = append(brackets, closers[t.Value])
			operand = false
		case operand && (t.Type == tPunct && binary[t.Value] || word):
			operand = false
			if t.Value == "?" {
				ternary++
			}
		case operand && isPunct(t, ":") && ternary > 0:
			operand = false
			ternary--
		case operand:
			return span, nil
		case isPunct(t, "!") || isPunct(t, "-") || isPunct(t, "."):
		case isPunct(t, "?") && last != nil && isPunct(last, "."): // a.?b
		case t.Type != tPunct && !word:
			operand = true
		default:
			return nil, missing(last, t)
		}
		span.end = extentOf(t).end
		last = lex.Next()
	}
	if !operand {
		return nil, missing(last, lex.Peek())
	}
	return span, nil
}

// forgotten reports a clause that begins where an expression must stand: two
// operands side by side, the first of them a word of ours.
func forgotten(lex *lexer.PeekingLexer) error {
	t := lex.Peek()
	if t.Type != tIdent || !clauseWords[t.Value] {
		return nil
	}
	mark := lex.MakeCheckpoint()
	lex.Next()
	next := *lex.Peek()
	lex.LoadCheckpoint(mark)
	if next.Type == tPunct || next.Type == tBlock || next.EOF() || next.Type == tIdent && next.Value == "in" {
		return nil
	}
	return &fault{diag.MissingExpression, extentOf(t), "an expression must stand before `" + t.Value + "`", ""}
}

// missing says that t stands where an operand must.
func missing(last, t *lexer.Token) error {
	f := &fault{code: diag.MissingExpression, extent: extentOf(t), message: "an expression must stand here"}
	if last != nil {
		f.message = "an operand must follow `" + last.Value + "`"
		if t.EOF() {
			f.extent = extentOf(last)
		}
	}
	if isPunct(t, "=") {
		f.help = "compare with =="
	}
	return f
}

// expression turns what findExpression found into a node.
func (c *lowering) expression(e cel) *ast.Expr {
	if e == nil {
		return nil
	}
	x := e.extent()
	span := source.Span{File: c.file, Start: x.start, End: x.end}
	return &ast.Expr{At: ast.At{Place: span}, Text: span.Text()}
}
