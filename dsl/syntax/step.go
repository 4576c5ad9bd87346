package syntax

import (
	"github.com/alecthomas/participle/v2/lexer"

	"moec.dev/moec/dsl/ast"
)

type asForm struct {
	Sign   bool        `parser:"@'sign'? 'as'"`
	Nobody bool        `parser:"( @'nobody'"`
	Auth   lexer.Token `parser:"| @Ident"`
	Value  cel         `parser:"( (?= '{' ) @@ )? )"`
}

type chooseForm struct {
	Cluster lexer.Token `parser:"'choose' @String"`
}

type repeatForm struct {
	Count lexer.Token `parser:"'repeat' @( Int | Quantity | Float )"`
	Body  lexer.Token `parser:"@Block"`
}

type holdForm struct {
	Body lexer.Token `parser:"'hold' @Block"`
}

type waitForm struct {
	For lexer.Token `parser:"'wait' @( Quantity | Int | Float )"`
}

type clockForm struct {
	Time lexer.Token `parser:"'at' @String"`
}

type setTableForm struct {
	Name  lexer.Token `parser:"'table' @Ident"`
	Value cel         `parser:"'=' @@"`
}

var (
	asGrammar       = statementGrammar[asForm](`as AUTH { subject: "...", groups: [...], claims: {...} }, or as nobody`)
	chooseGrammar   = statementGrammar[chooseForm](`choose "CLUSTER"`)
	repeatGrammar   = statementGrammar[repeatForm](`repeat N { ... }`)
	holdGrammar     = statementGrammar[holdForm](`hold { ... }`)
	waitGrammar     = statementGrammar[waitForm](`wait 600ms`)
	clockGrammar    = statementGrammar[clockForm](`at "2026-01-01T00:00:00Z"`)
	setTableGrammar = statementGrammar[setTableForm](`table NAME = EXPRESSION`)
)

// steps reads the block of a test, repeat or hold.
func (c *lowering) steps(s *stmt) []ast.Step {
	var out []ast.Step
	for _, b := range s.blocks {
		if b.kind != testBlock {
			continue
		}
		for _, t := range b.stmts {
			if !c.known(t, testBlock) {
				continue
			}
			if step := c.step(t); step != nil {
				out = append(out, step)
			}
		}
	}
	return out
}

// step reads one statement of a test, nil if it cannot be read.
func (c *lowering) step(s *stmt) ast.Step {
	at := ast.At{Place: c.statement(s)}
	switch s.word(c.file.Text, 0) {
	case "as", "sign":
		if f := parse(c, asGrammar, s); f != nil {
			return &ast.As{At: at, Nobody: f.Nobody, Sign: f.Sign, Auth: c.reference(f.Auth), Value: c.expression(f.Value)}
		}
	case "send":
		return c.send(s, at)
	case "expect":
		return c.expect(s, at)
	case "upstream":
		return c.upstream(s, at)
	case "choose":
		if f := parse(c, chooseGrammar, s); f != nil {
			return &ast.Choose{At: at, Cluster: c.text(f.Cluster)}
		}
	case "repeat":
		steps := c.steps(s)
		if f := parse(c, repeatGrammar, s); f != nil {
			return &ast.Repeat{At: at, Count: c.number(f.Count, "a number of times"), Steps: steps}
		}
	case "hold":
		steps := c.steps(s)
		if f := parse(c, holdGrammar, s); f != nil {
			return &ast.Hold{At: at, Steps: steps}
		}
	case "wait":
		if f := parse(c, waitGrammar, s); f != nil {
			return &ast.Wait{At: at, For: c.duration(f.For)}
		}
	case "at":
		if f := parse(c, clockGrammar, s); f != nil {
			return &ast.Clock{At: at, Time: c.text(f.Time)}
		}
	case "table":
		if f := parse(c, setTableGrammar, s); f != nil {
			return &ast.SetTable{At: at, Name: c.reference(f.Name), Value: c.expression(f.Value)}
		}
	}
	return nil
}
