package syntax

import (
	"github.com/alecthomas/participle/v2/lexer"

	"moec.dev/moec/dsl/ast"
)

type sendForm struct {
	Again   bool        `parser:"'send' ( @'again'"`
	Method  lexer.Token `parser:"| @Ident"`
	URL     lexer.Token `parser:"@String"`
	Headers lexer.Token `parser:"@Block?"`
	From    lexer.Token `parser:"( 'from' @String )?"`
	Body    lexer.Token `parser:"( 'body' @String )? )"`
}

type pairForm struct {
	Name  lexer.Token `parser:"@String ':'"`
	Value lexer.Token `parser:"@String"`
}

type expectForm struct {
	Forward  lexer.Token   `parser:"'expect' ( @'forward'"`
	Cluster  lexer.Token   `parser:"( 'to' @String )?"`
	Redirect lexer.Token   `parser:"| 'redirect' @String"`
	Status   lexer.Token   `parser:"| @( Int | Quantity | Float )"`
	By       []lexer.Token `parser:"( 'by' ( @( Ident ( '.' Ident )* )"`
	ByText   lexer.Token   `parser:"| @String ) )? )"`
	Body     lexer.Token   `parser:"@Block?"`
}

type assertForm struct {
	Cond cel `parser:"@@"`
}

type upstreamForm struct {
	Status  lexer.Token `parser:"'upstream' @( Int | Quantity | Float )"`
	Headers lexer.Token `parser:"@Block?"`
}

var (
	sendGrammar     = statementGrammar[sendForm](`send METHOD "URL" [{ "header": "value" }] [from "IP"] [body "..."]`)
	pairGrammar     = statementGrammar[pairForm](`"header": "value"`)
	expectGrammar   = statementGrammar[expectForm](`expect forward [to "CLUSTER"], expect STATUS [by RULE] or expect redirect "URL", each with [{ EXPRESSION }]`)
	assertGrammar   = statementGrammar[assertForm](`one expression a line, such as response.code == 200`)
	upstreamGrammar = statementGrammar[upstreamForm](`upstream STATUS [{ "header": "value" }]`)
)

func (c *lowering) send(s *stmt, at ast.At) ast.Step {
	headers := c.pairs(s)
	f := parse(c, sendGrammar, s)
	switch {
	case f == nil:
		return nil
	case f.Again:
		return &ast.Send{At: at, Again: true}
	}
	return &ast.Send{
		At: at, Method: c.reference(f.Method), URL: c.text(f.URL), Headers: headers,
		From: c.optionalText(f.From), Body: c.optionalText(f.Body),
	}
}

// pairs reads the headers in the braces of a send or upstream.
func (c *lowering) pairs(s *stmt) []ast.Pair {
	var out []ast.Pair
	for _, b := range s.blocks {
		if b.kind != pairBlock {
			continue
		}
		for _, p := range b.stmts {
			if f := parse(c, pairGrammar, p); f != nil {
				out = append(out, ast.Pair{At: ast.At{Place: c.statement(p)}, Name: c.text(f.Name), Value: c.text(f.Value)})
			}
		}
	}
	return out
}

func (c *lowering) expect(s *stmt, at ast.At) ast.Step {
	var assertions []*ast.Expr
	for _, b := range s.blocks {
		if b.kind != assertBlock {
			continue
		}
		for _, a := range b.stmts {
			if f := parse(c, assertGrammar, a); f != nil {
				assertions = append(assertions, c.expression(f.Cond))
			}
		}
	}
	f := parse(c, expectGrammar, s)
	if f == nil {
		return nil
	}
	by := c.path(f.By)
	if t := c.optionalText(f.ByText); t != nil { // a name that is no word: header rules
		by = ast.Name{At: t.At, Text: t.Value}
	}
	return &ast.Expect{
		At: at, Forward: written(f.Forward), Cluster: c.optionalText(f.Cluster), Status: c.optionalStatus(f.Status),
		By: by, Redirect: c.optionalText(f.Redirect), Assertions: assertions,
	}
}

func (c *lowering) upstream(s *stmt, at ast.At) ast.Step {
	headers := c.pairs(s)
	if f := parse(c, upstreamGrammar, s); f != nil {
		return &ast.Upstream{At: at, Status: c.status(f.Status), Headers: headers}
	}
	return nil
}
