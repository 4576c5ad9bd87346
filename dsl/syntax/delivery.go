package syntax

import (
	"github.com/alecthomas/participle/v2/lexer"

	"moec.dev/moec/dsl/ast"
)

type timeoutForm struct {
	After   lexer.Token `parser:"'timeout' @( Quantity | Int | Float )"`
	OnError *onError    `parser:"@@?"`
}

type retryForm struct {
	Count   lexer.Token   `parser:"'retry' @( Int | Quantity | Float )"`
	PerTry  lexer.Token   `parser:"( 'per_try' @( Quantity | Int | Float ) )?"`
	On      []lexer.Token `parser:"'on' @( String ( ',' String )* )"`
	Methods []lexer.Token `parser:"( 'for' @( Ident ( ',' Ident )* ) )?"`
	OnError *onError      `parser:"@@?"`
}

type maxBodyForm struct {
	Size    lexer.Token `parser:"'max_body' @( Quantity | Int | Float )"`
	OnError *onError    `parser:"@@?"`
}

var (
	timeoutGrammar = statementGrammar[timeoutForm](`timeout 5s`)
	retryGrammar   = statementGrammar[retryForm](`retry N [per_try 250ms] on "5xx", "reset" [for GET, HEAD]`)
	maxBodyGrammar = statementGrammar[maxBodyForm](`max_body 64KiB`)
)

func timeoutRule(c *lowering, s *stmt) ast.Rule {
	if f := parse(c, timeoutGrammar, s); f != nil {
		return &ast.Timeout{RuleBase: c.base(s, f.OnError), After: c.duration(f.After)}
	}
	return nil
}

func retryRule(c *lowering, s *stmt) ast.Rule {
	f := parse(c, retryGrammar, s)
	if f == nil {
		return nil
	}
	r := &ast.Retry{
		RuleBase: c.base(s, f.OnError), Count: c.number(f.Count, "the number of tries"), On: c.texts(f.On), Methods: c.references(f.Methods),
	}
	if written(f.PerTry) {
		d := c.duration(f.PerTry)
		r.PerTry = &d
	}
	return r
}

func maxBodyRule(c *lowering, s *stmt) ast.Rule {
	if f := parse(c, maxBodyGrammar, s); f != nil {
		return &ast.MaxBody{RuleBase: c.base(s, f.OnError), Size: c.size(f.Size)}
	}
	return nil
}
