package syntax

import (
	"github.com/alecthomas/participle/v2/lexer"

	"moec.dev/moec/dsl/ast"
)

// onError is the clause in which every rule may end.
type onError struct {
	Word lexer.Token `parser:"'on' 'error' @( 'deny' | 'skip' )"`
}

// base returns what all rules have.
func (c *lowering) base(s *stmt, e *onError) ast.RuleBase {
	b := ast.RuleBase{At: ast.At{Place: c.statement(s)}}
	if e != nil {
		b.OnError = c.reference(e.Word)
	}
	return b
}

// rules reads the block of a route, scope or policy.
func (c *lowering) rules(s *stmt, kind blockKind) []ast.Rule {
	var out []ast.Rule
	for _, b := range s.blocks {
		for _, r := range b.stmts {
			if !c.known(r, kind) {
				continue
			}
			if rule := c.rule(r); rule != nil {
				out = append(out, rule)
			}
		}
	}
	return out
}

// rule reads one rule, nil if it cannot be read.
func (c *lowering) rule(s *stmt) ast.Rule {
	word := s.word(c.file.Text, 0)
	if word == "shadow" {
		word = s.word(c.file.Text, 1)
	}
	read := map[string]func(*lowering, *stmt) ast.Rule{
		"match": matchRule, "host": hostRule, "when": whenRule, "public": publicRule, "auth": authRule,
		"allow": allowRule, "deny": denyRule, "limit": limitRule,
		"set": setRule, "add": setRule, "remove": removeRule,
		"forward": forwardRule, "redirect": redirectRule, "respond": respondRule, "rewrite": rewriteRule,
		"timeout": timeoutRule, "retry": retryRule, "max_body": maxBodyRule, "use": useRule,
	}[word]
	if read == nil || s.word(c.file.Text, 0) == "shadow" && word != "allow" && word != "deny" && word != "limit" {
		parse(c, shadowGrammar, s)
		return nil
	}
	return read(c, s)
}

// shadowForm is what stands after shadow; it serves to report what does not.
type shadowForm struct {
	Word lexer.Token `parser:"'shadow' @( 'allow' | 'deny' | 'limit' ) EOF"`
}

var shadowGrammar = statementGrammar[shadowForm](`shadow allow ..., shadow deny ... or shadow limit ...`)
