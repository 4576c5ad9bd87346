package syntax

import (
	"errors"
	"sync"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// grammar is a participle parser for one form of statement and the form as
// people write it, which messages show.
type grammar[G any] struct {
	form  string
	build func() *participle.Parser[G]
}

// statementGrammar returns the grammar of G, built when it is first used.
func statementGrammar[G any](form string) grammar[G] {
	return grammar[G]{form, sync.OnceValue(func() *participle.Parser[G] {
		return participle.MustBuild[G](participle.Lexer(vocabulary{}), participle.ParseTypeWith(findExpression))
	})}
}

// lowering turns the statements of one file into its tree.
type lowering struct {
	file  *source.File
	diags *diag.List
}

// parse reads one statement. A statement that the grammar refuses is reported
// here; one that was reported before gives nil without a word.
func parse[G any](c *lowering, g grammar[G], s *stmt) (tree *G) {
	if s.bad {
		return nil
	}
	// participle panics where a grammar is at odds with itself. No input is known
	// to do that; if one does, it is an error of that statement.
	defer func() {
		if p := recover(); p != nil {
			c.diags.Add(diag.InternalError, c.statement(s), "this statement cannot be read: %v", p)
			tree = nil
		}
	}()
	lex, err := lexer.Upgrade(&feed{text: c.file.Text, toks: s.toks})
	if err != nil {
		return nil
	}
	tree, err = g.build().ParseFromLexer(lex)
	if err == nil {
		return tree
	}
	var f *fault
	if errors.As(err, &f) {
		d := c.diags.Add(f.code, c.extent(f.extent), "%s", f.message)
		if d.Help = f.help; d.Help == "" && g.form != "" {
			d.Helpf("the form is: %s", g.form)
		}
		return nil
	}
	var u *participle.UnexpectedTokenError
	if errors.As(err, &u) {
		c.unexpected(g.form, s, u.Unexpected, expectation(u.Message()))
		return nil
	}
	c.diags.Add(diag.Syntax, c.statement(s), "this statement has the wrong form").Helpf("the form is: %s", g.form)
	return nil
}

func (c *lowering) extent(e extent) source.Span {
	return source.Span{File: c.file, Start: e.start, End: e.end}
}

// span returns the place of a token.
func (c *lowering) span(t lexer.Token) source.Span { return c.extent(extentOf(&t)) }

// tokens returns the place of some tokens, first to last.
func (c *lowering) tokens(ts []lexer.Token) source.Span {
	if len(ts) == 0 {
		return source.Span{}
	}
	return c.span(ts[0]).To(c.span(ts[len(ts)-1]))
}

// statement returns the place of a whole statement.
func (c *lowering) statement(s *stmt) source.Span {
	return c.extent(extent{s.toks[0].start, s.toks[len(s.toks)-1].end})
}

func (c *lowering) at(t lexer.Token) ast.At { return ast.At{Place: c.span(t)} }

// written reports whether an optional token of a grammar is there.
func written(t lexer.Token) bool { return t.Type != 0 }

// block returns the block of s that stands at the token t, nil if t is not
// written.
func (s *stmt) block(t lexer.Token) *block {
	for _, b := range s.blocks {
		if written(t) && b.open.start == t.Pos.Offset {
			return b
		}
	}
	return nil
}
