package syntax

import (
	"fmt"

	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// The outline cuts the tokens of a file into a tree of statements before any
// grammar sees them. It is the recovery boundary: a statement is parsed by
// itself, so an error in one never disturbs its neighbours.

// maxDepth bounds blocks and brackets within each other, so that no input can
// exhaust the stack here, in participle or in CEL's parser.
const maxDepth = 100

// block is what stands between a pair of braces that hold statements.
type block struct {
	kind        blockKind
	open, close token // zero when not written
	stmts       []*stmt
}

// stmt is one statement: its tokens, in which a block is a single token.
type stmt struct {
	toks   []token
	blocks []*block // in the order of their tokens
	bad    bool     // reported already: not to be parsed, its blocks are
}

func (s *stmt) word(text string, i int) string {
	if i < len(s.toks) && s.toks[i].kind == tIdent {
		return text[s.toks[i].start:s.toks[i].end]
	}
	return ""
}

type outliner struct {
	file  *source.File
	text  string
	diags *diag.List
	toks  []token
	i     int
	depth int
	// unclosedAt is where a missing } was last reported: one message is enough
	// for the blocks around it.
	unclosedAt int
}

// outline returns the file as a block of declarations.
func outline(file *source.File, toks []token, diags *diag.List) *block {
	o := &outliner{file: file, text: file.Text, diags: diags, toks: toks, unclosedAt: -1}
	top := &block{kind: fileBlock}
	o.fill(top, token{}, false)
	return top
}

func (o *outliner) end() bool { return o.i >= len(o.toks) }

// is reports whether token i has the given text.
func (o *outliner) is(i int, text string) bool {
	return i < len(o.toks) && o.value(o.toks[i]) == text
}

func (o *outliner) value(t token) string { return o.text[t.start:t.end] }

func (o *outliner) span(t token) source.Span {
	return source.Span{File: o.file, Start: t.start, End: t.end}
}

// skipLines returns the index of the first token from i on that is no newline.
func (o *outliner) skipLines(i int) int {
	for i < len(o.toks) && o.toks[i].kind == tNewline {
		i++
	}
	return i
}

// fill reads statements into b up to and with its closing brace. owner is the
// word that opened the block; implicit says that its { was missing.
func (o *outliner) fill(b *block, owner token, implicit bool) {
	for {
		if o.end() {
			if b.kind != fileBlock && !implicit {
				o.unclosed(b, owner, o.toks[len(o.toks)-1], "the file ends")
			}
			return
		}
		t := o.toks[o.i]
		switch {
		case t.kind == tNewline || o.is(o.i, ";"):
			o.i++
		case o.is(o.i, ",") && (b.kind.commas() || b.kind == memberBlock):
			o.diags.Add(diag.Syntax, o.span(t), "nothing stands before this comma").Helpf("delete it")
			o.i++
		case o.is(o.i, "}"):
			o.i++
			if b.kind != fileBlock {
				b.close = t
				return
			}
			o.diags.Add(diag.Syntax, o.span(t), "this } closes nothing").
				Helpf("delete it, or add the { that it belongs to")
		case b.kind != fileBlock && o.leaves(b, owner):
			if !implicit {
				o.unclosed(b, owner, t, fmt.Sprintf("`%s` begins", o.value(t)))
			}
			return
		default:
			b.stmts = append(b.stmts, o.statement(b))
		}
	}
}

// leaves reports whether the statement at the current place cannot be inside
// b, so that b must have ended before.
func (o *outliner) leaves(b *block, owner token) bool {
	t := o.toks[o.i]
	if t.kind != tIdent || o.i+1 >= len(o.toks) {
		return false
	}
	follower := o.toks[o.i+1]
	switch o.value(t) {
	case "route", "scope", "policy", "test", "import", "bundle":
		return follower.operand(o.text)
	case "let", "secret":
		return follower.operand(o.text) && o.outdented(owner)
	case "auth", "limit":
		return b.kind != memberBlock && follower.kind == tIdent && o.is(o.i+2, "=") && o.outdented(owner)
	case "table":
		return b.kind != memberBlock && follower.kind == tIdent && o.is(o.i+2, ":") && o.outdented(owner)
	}
	return false
}

// outdented reports whether the current token begins a line that is indented no
// more than the line of owner.
func (o *outliner) outdented(owner token) bool {
	if o.i > 0 && o.toks[o.i-1].kind != tNewline {
		return false
	}
	here, there := o.file.Position(o.toks[o.i].start), o.file.Position(owner.start)
	return here.Column <= there.Column
}

func (o *outliner) unclosed(b *block, owner, at token, what string) {
	if o.unclosedAt == at.start {
		return
	}
	o.unclosedAt = at.start
	for at.kind == tNewline && at.start > 0 {
		at = o.before(at)
	}
	o.diags.Add(diag.UnclosedBlock, o.span(at), "%s, but the block of `%s` is still open", what, o.value(owner)).
		Note(o.span(b.open), "the block begins here").
		Helpf("close it with a } of its own")
}

// before returns the token that ends before t begins, t moved to the start of
// the file if there is none.
func (o *outliner) before(t token) token {
	for i := len(o.toks) - 1; i >= 0; i-- {
		if o.toks[i].end <= t.start && o.toks[i].kind != tNewline {
			return o.toks[i]
		}
	}
	return token{}
}
