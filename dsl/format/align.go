package format

import "strings"

// align puts spaces before tokens so that words below each other begin in one
// column. Only statements without an empty line between them are aligned.
func (p *plan) align() {
	p.alignBlock(p.file)
}

func (p *plan) alignBlock(b *block) {
	for _, s := range b.stmts {
		if s.block != nil && s.block.many {
			p.alignBlock(s.block)
		}
	}
	if b.open >= 0 && !b.many {
		return
	}
	var section []*stmt
	last := b.open
	for _, s := range b.stmts {
		if p.parted(last+1, s.first) {
			p.alignSection(b, section)
			section = nil
		}
		last = s.last
		if p.brk[s.first] > 0 {
			section = append(section, s)
		}
	}
	p.alignSection(b, section)
}

// parted reports whether an empty line stands before one of some tokens.
func (p *plan) parted(from, to int) bool {
	for i := from; i <= to; i++ {
		if p.brk[i] > 1 && !p.drop[i] {
			return true
		}
	}
	return false
}

func (p *plan) alignSection(b *block, section []*stmt) {
	second := func(s *stmt) int { return s.first + 1 }
	switch b.content {
	case rules:
		p.family(section, "match host when auth allow deny limit", second)
		p.family(section, "set add remove", second)
		p.family(section, "allow deny", func(s *stmt) int {
			if p.toks[s.first+1].text == "when" {
				return -1
			}
			return s.first + 2
		})
	case members, shares:
		p.runs(section, false, second)
	case pairs, fields:
		p.runs(section, false, func(s *stmt) int { return s.first + 2 })
	case declarations:
		p.runs(section, true, func(s *stmt) int {
			if t := p.toks[s.first].text; (t == "let" || t == "limit" || t == "auth") && p.toks[s.first+2].is("=") {
				return s.first + 2
			}
			return -1
		})
	}
}

// family aligns the statements of a section that begin with one of the words,
// whatever stands between them.
func (p *plan) family(section []*stmt, words string, column func(*stmt) int) {
	var own []*stmt
	for _, s := range section {
		for _, w := range strings.Fields(words) {
			if p.toks[s.first].text == w {
				own = append(own, s)
			}
		}
	}
	p.column(own, column)
}

// runs aligns neighbours that stand on one line each and, if alike, begin with
// the same word.
func (p *plan) runs(section []*stmt, alike bool, column func(*stmt) int) {
	var run []*stmt
	for _, s := range section {
		fits := column(s) >= 0 && p.whole(s)
		if !fits || len(run) > 0 && alike && p.toks[run[0].first].text != p.toks[s.first].text {
			p.column(run, column)
			run = nil
		}
		if fits {
			run = append(run, s)
		}
	}
	p.column(run, column)
}

// whole reports whether a statement stands on one line.
func (p *plan) whole(s *stmt) bool {
	for i := s.first + 1; i <= s.last; i++ {
		if p.brk[i] > 0 && !p.drop[i] {
			return false
		}
	}
	return true
}

// column pads the tokens that the function picks, -1 for none, to one column.
func (p *plan) column(ss []*stmt, pick func(*stmt) int) {
	widest := 0
	offset := func(s *stmt) int {
		k := pick(s)
		if k < 0 || k > s.last || p.toks[k].kind == comment {
			return -1
		}
		at := width(p.toks[s.first].text)
		for i := s.first + 1; i < k; i++ {
			if p.brk[i] > 0 || p.drop[i] || p.toks[i].multiline() || p.toks[i].kind == comment {
				return -1
			}
			at += p.gap[i] + width(p.toks[i].text)
		}
		if p.brk[k] > 0 {
			return -1
		}
		return at + p.gap[k]
	}
	for _, s := range ss {
		widest = max(widest, offset(s))
	}
	for _, s := range ss {
		if at := offset(s); at >= 0 {
			p.gap[pick(s)] += widest - at
		}
	}
}
