package format

import (
	"strings"
	"unicode/utf8"
)

// plan says of each token where it goes: whether it begins a line, and with
// which indentation, or how many spaces stand before it.
type plan struct {
	*outline
	role []role
	// lines are the line ends before a token as the author wrote them, those
	// beside dropped tokens taken along.
	lines []int
	drop  []bool   // separators that the layout does not need
	after []string // separators that it adds right after a token
	gap   []int
	// brk is 0 for a token that goes on with its line, 1 for one that begins the
	// next, 2 for one with an empty line before it.
	brk    []int
	indent []int
	// pinned tokens stay on the line of the token before: a comment at the end
	// of that line silences warnings about all of it.
	pinned []bool
	// ends[i] is where token i ends if everything stands on one line; broken[i]
	// counts the line ends up to and in it.
	ends, broken []int

	col  int // where the last token that was placed ends
	line int // the indentation of the line that it stands on
}

const allowMark = "// moe:allow "

func newPlan(o *outline) *plan {
	n := len(o.toks)
	p := &plan{outline: o, role: o.roles(), lines: make([]int, n+1), drop: make([]bool, n), after: make([]string, n), gap: make([]int, n),
		brk: make([]int, n), indent: make([]int, n), pinned: make([]bool, n), ends: make([]int, n), broken: make([]int, n)}
	for i, t := range o.toks {
		p.lines[i] = t.lines
	}
	p.pin()
	p.dropSeparators(o.file)
	p.commas()
	for i := range p.pinned {
		p.pinned[i] = p.pinned[i] && p.lines[i] == 0
	}
	p.measure()
	return p
}

// pin marks the tokens of lines that end with a comment for the compiler.
func (p *plan) pin() {
	for i, t := range p.toks {
		if t.kind != comment || !strings.Contains(t.text, allowMark) {
			continue
		}
		for j := i; j > 0 && p.toks[j].lines == 0; j-- {
			p.pinned[j] = true
		}
	}
}

// discard takes a token out of the layout.
func (p *plan) discard(i int) {
	p.drop[i] = true
	p.lines[i+1] = max(p.lines[i+1], p.lines[i])
}

// dropSeparators takes out what stands between the statements of blocks.
func (p *plan) dropSeparators(b *block) {
	next := b.open + 1
	for k := 0; k <= len(b.stmts); k++ {
		to := b.close
		if k < len(b.stmts) {
			to = b.stmts[k].first
		}
		for ; next < to; next++ {
			if p.role[next] == comma {
				p.discard(next)
			}
		}
		if k < len(b.stmts) {
			if c := b.stmts[k].block; c != nil {
				p.dropSeparators(c)
			}
			next = b.stmts[k].last + 1
		}
	}
}

// commas takes out commas before closing brackets, ends the fields of record
// types with commas, and keeps commas from beginning lines.
func (p *plan) commas() {
	for _, ends := range p.records {
		for k, end := range ends {
			if k < len(ends)-1 && p.next(end) >= 0 && !p.toks[p.next(end)].is(",") {
				p.after[end] = ","
			}
		}
	}
	for i, t := range p.toks {
		if !t.is(",") || p.drop[i] {
			continue
		}
		if n := p.next(i); n >= 0 && (p.role[n] == closing || p.role[n] == braceEnd) {
			p.discard(i)
			continue
		}
		if i > 0 && p.toks[i-1].kind != comment {
			p.lines[i+1] = max(p.lines[i+1], p.lines[i])
			p.lines[i] = 0
		}
	}
}

// next is the token after i that is no comment, -1 at the end.
func (p *plan) next(i int) int {
	for i++; i < len(p.toks); i++ {
		if p.toks[i].kind != comment {
			return i
		}
	}
	return -1
}

// previous is the token before i that is neither dropped nor a comment, -1 at
// the start.
func (p *plan) previous(i int) int {
	for i--; i >= 0; i-- {
		if p.toks[i].kind != comment && !p.drop[i] {
			return i
		}
	}
	return -1
}

// measure finds the spaces between neighbours and how far each token would
// stand on a line without an end.
func (p *plan) measure() {
	p.joints(p.file)
	at, breaks, last := 0, 0, -1
	for i, t := range p.toks {
		if p.drop[i] {
			p.ends[i], p.broken[i] = at, breaks
			continue
		}
		if last >= 0 {
			p.gap[i] = gap(p.role[last], p.role[i])
		}
		breaks += p.lines[i]
		at += p.gap[i]
		if t.kind != comment {
			at += width(t.text) + len(p.after[i])
		}
		if t.multiline() {
			breaks++
		}
		p.ends[i], p.broken[i], last = at, breaks, i
	}
}

// joints separates the statements of blocks that are one line so far, and those
// that share a line for another reason.
func (p *plan) joints(b *block) {
	flat := b.open >= 0 && !p.between(b.open, b.close)
	for k, s := range b.stmts {
		if s.block != nil {
			p.joints(s.block)
		}
		if k == len(b.stmts)-1 {
			break
		}
		next := b.stmts[k+1].first
		switch {
		case p.toks[next].is("."): // it would go on with the statement before
			p.after[s.last] = ";"
		case flat, p.pinned[next]:
			p.after[s.last] = b.content.separator()
		}
	}
}

// between reports whether the author ended a line after one token and before or
// at the other. It is for tokens that measure has not come to.
func (p *plan) between(from, to int) bool {
	for i := from + 1; i <= to; i++ {
		if p.lines[i] > 0 || p.toks[i].multiline() {
			return true
		}
	}
	return false
}

func width(text string) int {
	if i := strings.LastIndexByte(text, '\n'); i >= 0 {
		text = text[i+1:]
	}
	return utf8.RuneCountInString(text)
}
