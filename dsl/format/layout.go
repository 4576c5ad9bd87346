package format

import "slices"

// lay decides where lines begin. It goes through the tokens once, in order, and
// never comes back, so what it decides depends on nothing to the right but on
// how long that is.
func (p *plan) lay() {
	p.many(p.file, 0)
	for k, s := range p.file.stmts {
		if k > 0 && (blocky(s) || blocky(p.file.stmts[k-1])) {
			p.part(p.file.stmts[k-1].last+1, s.first)
		}
	}
}

func blocky(s *stmt) bool { return s.block != nil && s.block.many }

// part puts an empty line between two statements if there is none.
func (p *plan) part(from, to int) {
	first := -1
	for i := from; i <= to; i++ {
		if p.brk[i] > 1 {
			return
		}
		if first < 0 && p.brk[i] == 1 {
			first = i
		}
	}
	if first >= 0 {
		p.brk[first] = 2
	}
}

// put places a token: after the one before it, or at the beginning of a line.
func (p *plan) put(i, brk, indent int) {
	if p.pinned[i] {
		brk = 0
	}
	p.brk[i] = brk
	if brk > 0 {
		p.indent[i], p.line, p.col = indent, indent, indent
	} else {
		p.col += p.gap[i]
	}
	if t := p.toks[i]; t.multiline() {
		p.col = width(t.text)
	} else if t.kind != comment {
		p.col += width(t.text)
	}
	p.col += len(p.after[i])
}

// fits reports whether everything up to a token can stand on the line of token
// i, which has just been placed, and does so far.
func (p *plan) fits(i, to int) bool { return p.col+p.ends[to]-p.ends[i] <= columns }

// long reports whether a list on one line goes beyond the last column, and by
// its own length rather than by where it stands.
func (p *plan) long(open, close int) bool {
	return p.one(open, close) && !p.fits(open, close) && p.ends[close]-p.ends[open] > listed
}

// one reports whether no line ends between two tokens.
func (p *plan) one(i, to int) bool { return p.broken[i] == p.broken[to] }

// comments places the comments before a token. fresh says that nothing of the
// block has begun a line yet, and so that no empty line may come; it returns the
// same for the token.
func (p *plan) comments(from, to, indent int, fresh bool) bool {
	for i := from; i < to; i++ {
		if p.drop[i] {
			continue
		}
		brk := min(p.lines[i], 2)
		if fresh {
			brk = min(brk, 1)
		}
		p.put(i, brk, indent)
		fresh = fresh && brk == 0 && i > 0 // the file's first begins a line anyhow
	}
	return fresh
}

// many lays a block out with a statement a line. Its opening brace has been
// placed.
func (p *plan) many(b *block, indent int) {
	b.many = b.open >= 0
	next, fresh := b.open+1, true
	for k, s := range b.stmts {
		fresh = p.comments(next, s.first, indent, fresh)
		brk := max(1, min(p.lines[s.first], 2))
		if fresh {
			brk = 1
		}
		if k < len(b.stmts)-1 {
			if n := b.stmts[k+1].first; !p.pinned[n] && !p.toks[n].is(".") {
				p.after[s.last] = ""
			}
		}
		p.statement(s, brk, indent, false)
		next, fresh = s.last+1, false
	}
	p.comments(next, b.close, indent, fresh)
	if b.open >= 0 {
		p.put(b.close, 1, indent-unit)
	}
}

// flat lays a block out on the line that it stands on, its closing brace too.
func (p *plan) flat(b *block) {
	for _, s := range b.stmts {
		p.statement(s, 0, 0, true)
	}
	p.put(b.close, 0, 0)
}

// bracket is one that is open while a statement is laid out.
type bracket struct {
	open, close int
	last        int  // the last token between them that is no comment
	line        int  // the indentation of its line
	listed      bool // commas stand in it
}

// statement lays out one statement, its block included.
func (p *plan) statement(s *stmt, brk, indent int, flat bool) {
	var open []bracket
	var forced []int // what begins a line because a list is too long, the nearest last
	p.put(s.first, brk, indent)
	if !flat && s.list && p.one(s.first, s.last) && !p.fits(s.first, s.last) {
		forced = p.entries(s.first, s.last+1)
	}
	before := s.first // the last token that is no comment
	for i := s.first; i <= s.last; i++ {
		if p.drop[i] {
			continue
		}
		if i > s.first {
			brk, at := p.inside(i, before, open, indent)
			if len(forced) > 0 && forced[len(forced)-1] == i {
				forced, brk = forced[:len(forced)-1], max(1, brk)
			}
			p.put(i, brk, at)
		}
		if s.block != nil && i == s.block.open {
			p.block(s, flat)
			i, before = s.block.close, s.block.close
			continue
		}
		switch p.role[i] {
		case opening, attached, brace:
			b := bracket{open: i, close: p.match[i], last: p.previous(p.match[i]), line: p.line}
			entries := p.entries(i, b.close)
			b.listed = len(entries) > 0
			ends := p.lines[b.close] > 0
			if p.trailing(i, s) {
				if b.listed && !flat && p.long(i, b.close) && !p.pinned[b.close] {
					forced = append(append(append(forced, b.close), entries...), i+1)
					ends = true
				}
				if ends && b.last > i {
					p.after[b.last] = ","
				}
			}
			open = append(open, b)
		case closing, braceEnd:
			open = open[:len(open)-1]
		}
		if p.toks[i].kind != comment {
			before = i
		}
	}
}

// block lays out the block of a statement: on the line if the author had it so
// and it fits, otherwise a statement a line.
func (p *plan) block(s *stmt, flat bool) {
	b := s.block
	empty := p.previous(b.close) == b.open && p.only(b.open, b.close)
	if empty && p.lines[b.close] > 0 && b.close+1 < len(p.toks) && p.pinned[b.close+1] {
		empty = false // a comment that is for the line of } must not be for that of {
	}
	if flat || empty || p.one(b.open, b.close) && (p.pinned[b.close] || p.fits(b.open, s.last)) {
		p.flat(b)
		return
	}
	p.many(b, p.line+unit)
}

// only reports whether no comment stands between two tokens.
func (p *plan) only(from, to int) bool {
	for i := from + 1; i < to; i++ {
		if p.toks[i].kind == comment {
			return false
		}
	}
	return true
}

// inside says whether a token inside of a statement begins a line, as the
// author had it, and with which indentation.
func (p *plan) inside(i, before int, open []bracket, indent int) (brk, at int) {
	brk = min(p.lines[i], 2)
	if len(open) == 0 {
		return min(brk, 1), indent + unit
	}
	b := open[len(open)-1]
	at = b.line + unit
	switch {
	case i == b.close:
		at = b.line
	case before == b.open, p.toks[i].is(","):
	case p.toks[before].is(","):
		return brk, at
	case b.listed && before != b.last:
		at += unit
	}
	return min(brk, 1), at
}

// entries are the tokens after the commas between two brackets, those inside of
// further brackets aside, the last one first.
func (p *plan) entries(open, close int) []int {
	var out []int
	for i := open + 1; i < close; i++ {
		switch p.role[i] {
		case opening, attached, brace, blockBrace:
			i = p.match[i]
		case comma:
			if !p.drop[i] && p.toks[i].is(",") {
				if n := p.next(i); n >= 0 && n < close {
					out = append(out, n)
				}
			}
		}
	}
	slices.Reverse(out)
	return out
}

// trailing reports whether a comma may stand before the bracket that closes
// this one: in lists, maps, record types and the arguments of a use.
func (p *plan) trailing(i int, s *stmt) bool {
	switch t := p.toks[i]; {
	case t.is("["):
		return p.role[i] == opening
	case t.is("{"):
		return p.role[i] == brace
	}
	return p.role[i] == attached && p.uses[s.first] && !p.cel[i]
}
