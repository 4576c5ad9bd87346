package syntax

import (
	"github.com/alecthomas/participle/v2/lexer"

	"moec.dev/moec/dsl/ast"
)

type forwardForm struct {
	Credential bool          `parser:"'forward' ( @'credential'"`
	Cluster    lexer.Token   `parser:"| 'to' ( @String"`
	When       cel           `parser:"( 'when' @@ )?"`
	Split      lexer.Token   `parser:"| 'split' @Block"`
	Sticky     cel           `parser:"( 'sticky' 'by' @@ )?"`
	Choice     cel           `parser:"| @@ 'among'"`
	Among      []lexer.Token `parser:"@( String ( ',' String )* )"`
	Else       lexer.Token   `parser:"( 'else' @String )? ) )"`
	OnError    *onError      `parser:"@@?"`
}

type shareForm struct {
	Cluster lexer.Token `parser:"@String"`
	Percent lexer.Token `parser:"@( Percent | Int | Float | Quantity )"`
}

var (
	forwardGrammar = statementGrammar[forwardForm](
		`forward to "CLUSTER" [when EXPRESSION], forward to EXPRESSION among "A", "B" or forward to split { "A" 90%, "B" 10% }`)
	shareGrammar = statementGrammar[shareForm](`"CLUSTER" 10%`)
)

func forwardRule(c *lowering, s *stmt) ast.Rule {
	var shares []ast.Share
	for _, b := range s.blocks {
		shares = append(shares, c.shares(b)...)
	}
	f := parse(c, forwardGrammar, s)
	switch {
	case f == nil:
		return nil
	case f.Credential:
		return &ast.ForwardCredential{RuleBase: c.base(s, f.OnError)}
	}
	return &ast.Forward{
		RuleBase: c.base(s, f.OnError),
		Cluster:  c.optionalText(f.Cluster), When: c.expression(f.When),
		Choice: c.expression(f.Choice), Among: c.texts(f.Among), Else: c.optionalText(f.Else),
		Split: shares, Sticky: c.expression(f.Sticky),
	}
}

// shares reads the braces of a split. Its slice is never nil, so that an empty
// split is told from no split.
func (c *lowering) shares(b *block) []ast.Share {
	out := []ast.Share{}
	if b.kind != shareBlock {
		return out
	}
	for _, s := range b.stmts {
		if f := parse(c, shareGrammar, s); f != nil {
			out = append(out, ast.Share{At: ast.At{Place: c.statement(s)}, Cluster: c.text(f.Cluster), Percent: c.percent(f.Percent)})
		}
	}
	return out
}
