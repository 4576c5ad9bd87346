package syntax

import (
	"github.com/alecthomas/participle/v2/lexer"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
)

type setForm struct {
	Op       lexer.Token `parser:"@( 'set' | 'add' )"`
	Side     lexer.Token `parser:"@( 'request' | 'response' ) '.' 'headers'"`
	Name     lexer.Token `parser:"'[' @String ']'"`
	Value    cel         `parser:"'=' @@"`
	IfAbsent lexer.Token `parser:"( @'if' 'absent' )?"`
	When     cel         `parser:"( 'when' @@ )?"`
	OnError  *onError    `parser:"@@?"`
}

type removeForm struct {
	Side    lexer.Token `parser:"'remove' @( 'request' | 'response' ) '.' 'headers'"`
	Name    lexer.Token `parser:"'[' @String ']'"`
	When    cel         `parser:"( 'when' @@ )?"`
	OnError *onError    `parser:"@@?"`
}

var (
	setGrammar    = statementGrammar[setForm](`set request.headers["NAME"] = EXPRESSION [if absent] [when EXPRESSION]`)
	removeGrammar = statementGrammar[removeForm](`remove request.headers["NAME"] [when EXPRESSION]`)
)

func setRule(c *lowering, s *stmt) ast.Rule {
	f := parse(c, setGrammar, s)
	if f == nil {
		return nil
	}
	r := &ast.HeaderRule{
		RuleBase: c.base(s, f.OnError), Op: ast.Set, Response: f.Side.Value == "response", Name: c.text(f.Name),
		Value: c.expression(f.Value), When: c.expression(f.When),
	}
	switch absent := written(f.IfAbsent); {
	case f.Op.Value == "add":
		r.Op = ast.Add
		if absent {
			c.diags.Add(diag.Syntax, c.span(f.IfAbsent), "`if absent` has no meaning after add").
				Helpf("use set ... if absent")
		}
	case absent:
		r.Op = ast.SetIfAbsent
	}
	return r
}

func removeRule(c *lowering, s *stmt) ast.Rule {
	f := parse(c, removeGrammar, s)
	if f == nil {
		return nil
	}
	return &ast.HeaderRule{
		RuleBase: c.base(s, f.OnError), Op: ast.Remove, Response: f.Side.Value == "response", Name: c.text(f.Name),
		When: c.expression(f.When),
	}
}
