package syntax

import (
	"github.com/alecthomas/participle/v2/lexer"

	"moec.dev/moec/dsl/ast"
)

type allowForm struct {
	Shadow  bool        `parser:"@'shadow'? 'allow'"`
	Name    lexer.Token `parser:"( (?! 'when' ) @Ident )?"`
	When    cel         `parser:"'when' @@"`
	OnError *onError    `parser:"@@?"`
}

type denyForm struct {
	Shadow  bool        `parser:"@'shadow'? 'deny'"`
	Name    lexer.Token `parser:"( (?! 'when' ) @Ident )?"`
	When    cel         `parser:"'when' @@"`
	Reply   *replyForm  `parser:"( 'with' @@ )?"`
	OnError *onError    `parser:"@@?"`
}

// replyForm is the answer that a refusal gives.
type replyForm struct {
	Status lexer.Token `parser:"@( Int | Quantity | Float )"`
	JSON   bool        `parser:"@'json'?"`
	Body   lexer.Token `parser:"@String?"`
}

var (
	allowGrammar = statementGrammar[allowForm](`allow [NAME] when EXPRESSION`)
	denyGrammar  = statementGrammar[denyForm](`deny [NAME] when EXPRESSION [with STATUS [json] ["BODY"]]`)
)

func allowRule(c *lowering, s *stmt) ast.Rule {
	f := parse(c, allowGrammar, s)
	if f == nil {
		return nil
	}
	return &ast.Allow{RuleBase: c.base(s, f.OnError), Shadow: f.Shadow, Name: c.declare(f.Name), When: c.expression(f.When)}
}

func denyRule(c *lowering, s *stmt) ast.Rule {
	f := parse(c, denyGrammar, s)
	if f == nil {
		return nil
	}
	r := &ast.Deny{RuleBase: c.base(s, f.OnError), Shadow: f.Shadow, Name: c.declare(f.Name), When: c.expression(f.When)}
	if f.Reply != nil {
		r.Status, r.JSON, r.Body = c.optionalStatus(f.Reply.Status), f.Reply.JSON, c.optionalText(f.Reply.Body)
	}
	return r
}
