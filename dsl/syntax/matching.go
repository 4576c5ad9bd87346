package syntax

import (
	"github.com/alecthomas/participle/v2/lexer"

	"moec.dev/moec/dsl/ast"
)

type matchForm struct {
	Methods  []lexer.Token `parser:"'match' @( Ident ( ',' Ident )* )?"`
	Template lexer.Token   `parser:"@String"`
	OnError  *onError      `parser:"@@?"`
}

type hostForm struct {
	Hosts   []lexer.Token `parser:"'host' @( String ( ',' String )* )"`
	OnError *onError      `parser:"@@?"`
}

type whenForm struct {
	Cond    cel      `parser:"'when' @@"`
	OnError *onError `parser:"@@?"`
}

type publicForm struct {
	Word    lexer.Token `parser:"@'public'"`
	OnError *onError    `parser:"@@?"`
}

type authRefForm struct {
	Optional bool          `parser:"'auth' @'optional'?"`
	First    lexer.Token   `parser:"@Ident"`
	And      []lexer.Token `parser:"( @( ( 'and' Ident )+ )"`
	Or       []lexer.Token `parser:"| @( ( 'or' Ident )+ ) )?"`
	OnError  *onError      `parser:"@@?"`
}

var (
	matchGrammar   = statementGrammar[matchForm](`match GET, POST "/path/{name}"`)
	hostGrammar    = statementGrammar[hostForm](`host "shop.example.com", "*.shop.example.com"`)
	whenGrammar    = statementGrammar[whenForm](`when EXPRESSION`)
	publicGrammar  = statementGrammar[publicForm](`public`)
	authRefGrammar = statementGrammar[authRefForm](`auth [optional] NAME or NAME, or auth NAME and NAME`)
)

func matchRule(c *lowering, s *stmt) ast.Rule {
	if f := parse(c, matchGrammar, s); f != nil {
		return &ast.Match{RuleBase: c.base(s, f.OnError), Methods: c.references(f.Methods), Template: c.text(f.Template)}
	}
	return nil
}

func hostRule(c *lowering, s *stmt) ast.Rule {
	if f := parse(c, hostGrammar, s); f != nil {
		return &ast.Host{RuleBase: c.base(s, f.OnError), Hosts: c.texts(f.Hosts)}
	}
	return nil
}

func whenRule(c *lowering, s *stmt) ast.Rule {
	if f := parse(c, whenGrammar, s); f != nil {
		return &ast.When{RuleBase: c.base(s, f.OnError), Cond: c.expression(f.Cond)}
	}
	return nil
}

func publicRule(c *lowering, s *stmt) ast.Rule {
	if f := parse(c, publicGrammar, s); f != nil {
		return &ast.Public{RuleBase: c.base(s, f.OnError)}
	}
	return nil
}

func authRule(c *lowering, s *stmt) ast.Rule {
	f := parse(c, authRefGrammar, s)
	if f == nil {
		return nil
	}
	r := &ast.AuthRef{RuleBase: c.base(s, f.OnError), Optional: f.Optional, And: len(f.And) > 0}
	r.Names = append(r.Names, c.reference(f.First))
	for _, n := range append(c.references(f.And), c.references(f.Or)...) {
		if n.Text != "and" && n.Text != "or" {
			r.Names = append(r.Names, n)
		}
	}
	return r
}
