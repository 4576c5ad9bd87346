package syntax

import (
	"github.com/alecthomas/participle/v2/lexer"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
)

type redirectForm struct {
	Status  lexer.Token `parser:"'redirect' @( Int | Quantity | Float )"`
	Target  lexer.Token `parser:"( @String"`
	Expr    cel         `parser:"| '=' @@"`
	HTTPS   bool        `parser:"| @'https' )"`
	OnError *onError    `parser:"@@?"`
}

type respondForm struct {
	Status  lexer.Token `parser:"'respond' @( Int | Quantity | Float )"`
	JSON    bool        `parser:"@'json'?"`
	Body    lexer.Token `parser:"@String?"`
	OnError *onError    `parser:"@@?"`
}

type rewriteForm struct {
	Part    lexer.Token `parser:"'rewrite' @( 'path' | 'host' )"`
	Target  lexer.Token `parser:"( @String"`
	Expr    cel         `parser:"| '=' @@ )"`
	OnError *onError    `parser:"@@?"`
}

var (
	redirectGrammar = statementGrammar[redirectForm](`redirect STATUS "TARGET", redirect STATUS = EXPRESSION or redirect STATUS https`)
	respondGrammar  = statementGrammar[respondForm](`respond STATUS [json] ["BODY"]`)
	rewriteGrammar  = statementGrammar[rewriteForm](`rewrite path "/NEW/{name}", rewrite path = EXPRESSION or rewrite host "HOST"`)
)

func redirectRule(c *lowering, s *stmt) ast.Rule {
	f := parse(c, redirectGrammar, s)
	if f == nil {
		return nil
	}
	return &ast.Redirect{
		RuleBase: c.base(s, f.OnError), Status: c.status(f.Status), Target: c.optionalText(f.Target),
		Expr: c.expression(f.Expr), HTTPS: f.HTTPS,
	}
}

func respondRule(c *lowering, s *stmt) ast.Rule {
	f := parse(c, respondGrammar, s)
	if f == nil {
		return nil
	}
	return &ast.Respond{RuleBase: c.base(s, f.OnError), Status: c.status(f.Status), JSON: f.JSON, Body: c.optionalText(f.Body)}
}

func rewriteRule(c *lowering, s *stmt) ast.Rule {
	f := parse(c, rewriteGrammar, s)
	if f == nil {
		return nil
	}
	r := &ast.Rewrite{RuleBase: c.base(s, f.OnError), Part: f.Part.Value, Target: c.optionalText(f.Target), Expr: c.expression(f.Expr)}
	if r.Part == "host" && r.Expr != nil {
		c.diags.Add(diag.Syntax, r.Expr.Place, "a host is rewritten to a fixed string").Helpf(`rewrite host "upstream.example.com"`)
	}
	return r
}
