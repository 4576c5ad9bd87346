package syntax

import (
	"errors"
	"io"

	"github.com/alecthomas/participle/v2/lexer"
)

// The kinds of token. participle keeps -1 for the end of input.
const (
	tIdent    lexer.TokenType = -(iota + 2)
	tQuoted                   // `a-b` after a dot, a CEL field name in backquotes
	tInt                      // 12, 0x1f
	tUint                     // 12u
	tFloat                    // 1.5
	tQuantity                 // 250ms, 1h30m, 64KiB
	tPercent                  // 10%
	tString                   // every form of string literal
	tBytes                    // b"..."
	tPunct                    // operators and brackets
	tNewline                  // never reaches a grammar
	tBad                      // reported by the scanner; its statement is dropped
	tBlock                    // a { ... } of statements, made by the outline
)

// tokenNames are the names by which the grammars refer to kinds of token.
var tokenNames = map[string]lexer.TokenType{
	"EOF": lexer.EOF, "Ident": tIdent, "Quoted": tQuoted, "Int": tInt, "Uint": tUint, "Float": tFloat,
	"Quantity": tQuantity, "Percent": tPercent, "String": tString, "Bytes": tBytes, "Punct": tPunct, "Block": tBlock,
}

// token is a kind and the exact bytes that it covers.
type token struct {
	kind       lexer.TokenType
	start, end int
}

// operand reports whether the token is a value by itself. Two operands never
// stand side by side in CEL, which is how statements are told from
// expressions.
func (t token) operand(text string) bool {
	switch t.kind {
	case tIdent:
		return text[t.start:t.end] != "in"
	case tQuoted, tInt, tUint, tFloat, tQuantity, tPercent, tString, tBytes:
		return true
	}
	return false
}

// vocabulary tells participle the kinds of token. The tokens themselves come
// from the outline, one statement at a time, so it refuses to scan text.
type vocabulary struct{}

func (vocabulary) Symbols() map[string]lexer.TokenType { return tokenNames }

func (vocabulary) Lex(string, io.Reader) (lexer.Lexer, error) {
	return nil, errors.New("syntax: statements are scanned before they are parsed")
}

// feed hands the tokens of one statement to participle. The value of a token is
// its source text, so its end is its offset plus the length of its value.
type feed struct {
	text string
	toks []token
	next int
}

func (f *feed) Next() (lexer.Token, error) {
	if f.next == len(f.toks) {
		end := 0
		if f.next > 0 {
			end = f.toks[f.next-1].end
		}
		return lexer.EOFToken(lexer.Position{Offset: end}), nil
	}
	t := f.toks[f.next]
	f.next++
	return lexer.Token{Type: t.kind, Value: f.text[t.start:t.end], Pos: lexer.Position{Offset: t.start}}, nil
}
