package syntax

import (
	"github.com/alecthomas/participle/v2/lexer"

	"moec.dev/moec/dsl/ast"
)

type useForm struct {
	Policy  []lexer.Token `parser:"'use' @( Ident ( '.' Ident )? )"`
	Args    []*argForm    `parser:"'(' ( @@ ( ',' @@ )* ','? )? ')'"`
	As      lexer.Token   `parser:"( 'as' @Ident )?"`
	OnError *onError      `parser:"@@?"`
}

type argForm struct {
	Tokens []lexer.Token
	Name   lexer.Token `parser:"@Ident ':'"`
	Time   lexer.Token `parser:"( @Quantity"`
	Value  cel         `parser:"| @@ )"`
}

var useGrammar = statementGrammar[useForm](`use POLICY(name: EXPRESSION, ...) [as NAME]`)

func useRule(c *lowering, s *stmt) ast.Rule {
	f := parse(c, useGrammar, s)
	if f == nil {
		return nil
	}
	r := &ast.Use{RuleBase: c.base(s, f.OnError), Policy: c.path(f.Policy), As: c.declare(f.As)}
	for _, a := range f.Args {
		value := c.argument(a)
		r.Args = append(r.Args, ast.UseArg{At: ast.At{Place: c.tokens(a.Tokens)}, Name: c.reference(a.Name), Value: value})
	}
	return r
}

// argument is the value of an argument. A duration may stand there as it does
// in other statements: 10m is duration("10m").
func (c *lowering) argument(a *argForm) *ast.Expr {
	if !written(a.Time) {
		return c.expression(a.Value)
	}
	c.duration(a.Time)
	return &ast.Expr{At: c.at(a.Time), Text: `duration("` + a.Time.Value + `")`}
}
