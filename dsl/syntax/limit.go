package syntax

import (
	"github.com/alecthomas/participle/v2/lexer"

	"moec.dev/moec/dsl/ast"
)

type limitRuleForm struct {
	Shadow  bool        `parser:"@'shadow'? 'limit'"`
	Name    lexer.Token `parser:"@Ident"`
	Spec    *limitSpec  `parser:"@@?"`
	When    cel         `parser:"( 'when' @@ )?"`
	Reply   *replyForm  `parser:"( 'with' @@ )?"`
	OnError *onError    `parser:"@@?"`
}

type limitSpec struct {
	Tokens      []lexer.Token
	Count       lexer.Token `parser:"( @( Int | Quantity | Float )"`
	Per         lexer.Token `parser:"'/' @Ident"`
	RateExpr    cel         `parser:"| 'rate' '(' @@ ')'"`
	RatePer     lexer.Token `parser:"'per' @Ident"`
	AtMost      lexer.Token `parser:"'at' 'most' @( Int | Quantity | Float )"`
	Concurrency lexer.Token `parser:"| 'concurrency' @( Int | Quantity | Float ) )"`
	Burst       lexer.Token `parser:"( 'burst' ( @( Int | Quantity | Float )"`
	BurstExpr   cel         `parser:"| '(' @@ ')' ) )?"`
	Key         []cel       `parser:"'key' @@ ( ',' @@ )*"`
	Cost        cel         `parser:"( 'cost' @@ )?"`
	MaxKeys     lexer.Token `parser:"( 'max' 'keys' @( Int | Quantity | Float ) )?"`
	Store       lexer.Token `parser:"( 'store' @Ident )?"`
	Unavailable lexer.Token `parser:"( 'on' 'unavailable' @( 'allow' | 'deny' | 'local' ) )?"`
	Announce    bool        `parser:"@'announce'?"`
}

var limitRuleGrammar = statementGrammar[limitRuleForm](
	`limit NAME [when EXPRESSION], or limit NAME 100/min [burst N] key EXPRESSION, ... [cost EXPRESSION] [max keys N]`)

func limitRule(c *lowering, s *stmt) ast.Rule {
	f := parse(c, limitRuleGrammar, s)
	if f == nil {
		return nil
	}
	r := &ast.LimitRule{RuleBase: c.base(s, f.OnError), Shadow: f.Shadow, Name: c.reference(f.Name), When: c.expression(f.When)}
	if f.Spec != nil {
		r.Name, r.Spec = c.declare(f.Name), c.limit(f.Spec)
	}
	if f.Reply != nil {
		r.Status, r.JSON, r.Body = c.optionalStatus(f.Reply.Status), f.Reply.JSON, c.optionalText(f.Reply.Body)
	}
	return r
}

// limit returns what a limit says after its name.
func (c *lowering) limit(f *limitSpec) *ast.LimitSpec {
	l := &ast.LimitSpec{
		At:          ast.At{Place: c.tokens(f.Tokens)},
		RateExpr:    c.expression(f.RateExpr),
		RatePer:     c.reference(f.RatePer),
		AtMost:      c.optionalNumber(f.AtMost, "the highest rate"),
		Burst:       c.optionalNumber(f.Burst, "a burst"),
		BurstExpr:   c.expression(f.BurstExpr),
		Concurrency: c.optionalNumber(f.Concurrency, "a concurrency"),
		Cost:        c.expression(f.Cost),
		MaxKeys:     c.optionalNumber(f.MaxKeys, "the number of keys"),
		Store:       c.reference(f.Store),
		Unavailable: c.reference(f.Unavailable),
		Announce:    f.Announce,
	}
	if written(f.Count) {
		l.Rate = c.rate(f.Count, f.Per)
	}
	if written(f.RatePer) {
		c.period(f.RatePer)
	}
	for _, k := range f.Key {
		l.Key = append(l.Key, c.expression(k))
	}
	return l
}
