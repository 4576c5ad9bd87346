package syntax

import (
	"github.com/alecthomas/participle/v2/lexer"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
)

type bundleForm struct {
	Name lexer.Token `parser:"'bundle' @Ident"`
	Body lexer.Token `parser:"@Block"`
}

type importForm struct {
	Path lexer.Token `parser:"'import' @String"`
	As   lexer.Token `parser:"( 'as' @Ident )?"`
}

type letForm struct {
	Name   lexer.Token  `parser:"'let' @Ident"`
	Call   bool         `parser:"( @'('"`
	Params []*paramForm `parser:"( @@ ( ',' @@ )* )? ')' )?"`
	Value  cel          `parser:"'=' @@"`
}

type paramForm struct {
	Tokens  []lexer.Token
	Name    lexer.Token `parser:"@Ident ':'"`
	Type    *typeTerm   `parser:"@@"`
	Default cel         `parser:"( '=' @@ )?"`
}

type tableForm struct {
	Name   lexer.Token `parser:"'table' @Ident ':'"`
	Type   *typeTerm   `parser:"@@"`
	File   lexer.Token `parser:"'from' 'file' @String"`
	Reload bool        `parser:"@'reload'?"`
}

type secretForm struct {
	Name   lexer.Token `parser:"'secret' @Ident"`
	Source lexer.Token `parser:"'from' @( 'env' | 'file' )"`
	Value  lexer.Token `parser:"@String"`
}

type authForm struct {
	Name lexer.Token `parser:"'auth' @Ident '='"`
	Kind lexer.Token `parser:"@Ident"`
	Body lexer.Token `parser:"@Block"`
}

type limitForm struct {
	Name lexer.Token `parser:"'limit' @Ident '='"`
	Spec *limitSpec  `parser:"@@"`
}

type policyForm struct {
	Name   lexer.Token  `parser:"'policy' @Ident"`
	Params []*paramForm `parser:"( '(' ( @@ ( ',' @@ )* )? ')' )?"`
	Body   lexer.Token  `parser:"@Block"`
}

type routeForm struct {
	Name lexer.Token `parser:"'route' @Ident"`
	Body lexer.Token `parser:"@Block"`
}

type scopeForm struct {
	Name   lexer.Token   `parser:"'scope' @Ident"`
	On     []lexer.Token `parser:"( 'on' @( Ident ( ',' Ident )* )"`
	Except []lexer.Token `parser:"( 'except' @( Ident ( ',' Ident )* ) )? )?"`
	Body   lexer.Token   `parser:"@Block"`
}

type testForm struct {
	Title lexer.Token `parser:"'test' @String"`
	Body  lexer.Token `parser:"@Block"`
}

var (
	bundleGrammar = statementGrammar[bundleForm](`bundle NAME { ... }`)
	importGrammar = statementGrammar[importForm](`import "std/MODULE" [as NAME]`)
	letGrammar    = statementGrammar[letForm](`let NAME = EXPRESSION, or let NAME(a: TYPE, ...) = EXPRESSION`)
	tableGrammar  = statementGrammar[tableForm](`table NAME: TYPE from file "FILE" [reload]`)
	secretGrammar = statementGrammar[secretForm](`secret NAME from env "VARIABLE", or secret NAME from file "FILE"`)
	authGrammar   = statementGrammar[authForm](`auth NAME = KIND { ... }`)
	limitGrammar  = statementGrammar[limitForm](`limit NAME = 100/min [burst N] key EXPRESSION ...`)
	policyGrammar = statementGrammar[policyForm](`policy NAME(a: TYPE, ...) { ... }`)
	routeGrammar  = statementGrammar[routeForm](`route NAME { ... }`)
	scopeGrammar  = statementGrammar[scopeForm](`scope NAME on ROUTE, ... { ... }, or scope NAME { match ... }`)
	testGrammar   = statementGrammar[testForm](`test "TITLE" { ... }`)
)

// declaration reads one declaration of a file, nil if it cannot be read. What
// stands in its block is read, and reported, even then.
func (c *lowering) declaration(s *stmt) ast.Decl {
	at := ast.At{Place: c.statement(s)}
	if !c.known(s, fileBlock) {
		return nil
	}
	switch s.word(c.file.Text, 0) {
	case "bundle":
		members := c.members(s)
		if f := parse(c, bundleGrammar, s); f != nil {
			return &ast.Settings{At: at, Name: c.declare(f.Name), Members: members}
		}
	case "import":
		if f := parse(c, importGrammar, s); f != nil {
			return &ast.Import{At: at, Path: c.text(f.Path), As: c.declare(f.As)}
		}
	case "let":
		if f := parse(c, letGrammar, s); f != nil {
			let := &ast.Let{At: at, Name: c.declare(f.Name), Params: c.params(f.Params), Call: f.Call, Value: c.expression(f.Value)}
			for _, p := range let.Params {
				if p.Default != nil {
					c.diags.Add(diag.Syntax, p.Default.Place, "the parameters of a let have no defaults").Helpf("only those of a policy do")
				}
			}
			return let
		}
	case "table":
		if f := parse(c, tableGrammar, s); f != nil {
			return &ast.Table{At: at, Name: c.declare(f.Name), Type: c.typ(f.Type), File: c.text(f.File), Reload: f.Reload}
		}
	case "secret":
		if f := parse(c, secretGrammar, s); f != nil {
			return &ast.Secret{At: at, Name: c.declare(f.Name), Source: f.Source.Value, Value: c.text(f.Value)}
		}
	case "auth":
		members := c.members(s)
		if f := parse(c, authGrammar, s); f != nil {
			return &ast.Auth{At: at, Name: c.declare(f.Name), Kind: c.reference(f.Kind), Members: members}
		}
	case "limit":
		if f := parse(c, limitGrammar, s); f != nil {
			return &ast.LimitDecl{At: at, Name: c.declare(f.Name), Spec: c.limit(f.Spec)}
		}
	case "policy":
		rules := c.rules(s, policyBlock)
		if f := parse(c, policyGrammar, s); f != nil {
			return &ast.Policy{At: at, Name: c.declarePolicy(f.Name), Params: c.params(f.Params), Rules: rules}
		}
	case "route":
		rules := c.rules(s, routeBlock)
		if f := parse(c, routeGrammar, s); f != nil {
			return &ast.Route{At: at, Name: c.declare(f.Name), Rules: rules}
		}
	case "scope":
		rules := c.rules(s, scopeBlock)
		if f := parse(c, scopeGrammar, s); f != nil {
			return &ast.Scope{At: at, Name: c.declare(f.Name), On: c.references(f.On), Except: c.references(f.Except), Rules: rules}
		}
	case "test":
		steps := c.steps(s)
		if f := parse(c, testGrammar, s); f != nil {
			return &ast.Test{At: at, Title: c.text(f.Title), Steps: steps}
		}
	}
	return nil
}

// params returns the parameters of a let or policy.
func (c *lowering) params(forms []*paramForm) []*ast.Field {
	out := make([]*ast.Field, 0, len(forms))
	for _, f := range forms {
		out = append(out, &ast.Field{
			At: ast.At{Place: c.tokens(f.Tokens)}, Name: c.declare(f.Name), Type: c.typ(f.Type), Default: c.expression(f.Default),
		})
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
