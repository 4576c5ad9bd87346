package opt

import (
	"regexp/syntax"
	"strings"
	"unicode/utf8"

	"moec.dev/moec/compiler/ir"
)

// maxSteps bounds how long a sequence may become.
const maxSteps = 64

// sequence replaces a regular expression that holds from the start by steps
// past the text's bytes, where the next byte always tells which way to go: no
// class that repeats may be followed by what it could take itself.
func sequence(e *ir.Expr, re *syntax.Regexp) *ir.Expr {
	if re.Op != syntax.OpConcat || re.Sub[0].Op != syntax.OpBeginText {
		return e
	}
	rest := opening(&syntax.Regexp{Op: syntax.OpConcat, Sub: re.Sub[1:]})
	if rest == nil {
		return e
	}
	// Where the pattern has no end, anything may follow.
	q, ok := follow(rest, anyByte.or(end))
	if !ok || len(q) == 0 || len(q) > maxSteps {
		return e
	}
	c := *e
	c.Op, c.Value = "match-sequence", q
	return &c
}

// opening is what a pattern with an open end asks for: an end that may be left
// out says nothing. It is nil for a pattern that asks for nothing.
func opening(re *syntax.Regexp) *syntax.Regexp {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpStar, syntax.OpQuest:
		return nil
	case syntax.OpCapture, syntax.OpPlus:
		return opening(re.Sub[0])
	case syntax.OpRepeat:
		switch re.Min {
		case 0:
			return nil
		case 1:
			return opening(re.Sub[0])
		}
		return &syntax.Regexp{Op: syntax.OpRepeat, Sub: re.Sub, Min: re.Min, Max: re.Min}
	case syntax.OpConcat:
		for n := len(re.Sub); n > 0; n-- {
			if last := opening(re.Sub[n-1]); last != nil {
				sub := append(append([]*syntax.Regexp{}, re.Sub[:n-1]...), last)
				return &syntax.Regexp{Op: syntax.OpConcat, Sub: sub}
			}
		}
		return nil
	case syntax.OpAlternate:
		c := &syntax.Regexp{Op: syntax.OpAlternate}
		for _, s := range re.Sub {
			if s = opening(s); s == nil {
				return nil
			}
			c.Sub = append(c.Sub, s)
		}
		return c
	}
	return re
}

// follow makes the steps of a pattern; next are the bytes that what comes
// behind it may begin with.
func follow(re *syntax.Regexp, next bytes) (ir.Sequence, bool) {
	switch re.Op {
	case syntax.OpEmptyMatch:
		return nil, true
	case syntax.OpEndText:
		return ir.Sequence{{Kind: ir.StepEnd}}, true
	case syntax.OpLiteral:
		_, _, ok := first(re)
		return ir.Sequence{{Kind: ir.StepText, Text: string(re.Rune)}}, ok
	case syntax.OpCapture:
		return follow(re.Sub[0], next)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return run(re, 1, 1, next)
	case syntax.OpStar:
		return repeat(re, 0, -1, next)
	case syntax.OpPlus:
		return repeat(re, 1, -1, next)
	case syntax.OpQuest:
		return repeat(re, 0, 1, next)
	case syntax.OpRepeat:
		return repeat(re, re.Min, re.Max, next)
	case syntax.OpConcat:
		return inOrder(re.Sub, next)
	case syntax.OpAlternate:
		return oneOf(re.Sub, next)
	}
	return nil, false
}

// run is a class that stands so many times.
func run(class *syntax.Regexp, min, max int, next bytes) (ir.Sequence, bool) {
	set, _, ok := first(class)
	if !ok || set == (bytes{}) || max == 0 || min != max && set.meets(next) {
		return nil, false
	}
	return ir.Sequence{{Kind: ir.StepRun, Text: set.ranges(), Min: min, Max: max}}, true
}

// repeat is a pattern that stands so many times.
func repeat(re *syntax.Regexp, min, max int, next bytes) (ir.Sequence, bool) {
	body := re.Sub[0]
	for body.Op == syntax.OpCapture {
		body = body.Sub[0]
	}
	switch {
	case body.Op == syntax.OpCharClass, body.Op == syntax.OpAnyChar, body.Op == syntax.OpAnyCharNotNL,
		body.Op == syntax.OpLiteral && len(body.Rune) == 1 && body.Rune[0] < utf8.RuneSelf:
		return run(body, min, max, next)
	case re.Op == syntax.OpRepeat:
		if min > maxSteps || max > maxSteps {
			return nil, false
		}
		return follow(copies(body, min, max), next)
	}
	set, empty, ok := first(body)
	if !ok || empty || set.meets(end) || set.meets(next) {
		return nil, false
	}
	if max < 0 {
		next = next.or(set) // another round
	}
	q, ok := follow(body, next)
	if !ok || len(q) > maxSteps {
		return nil, false
	}
	n := len(q)
	var out ir.Sequence
	if min == 1 {
		out = append(out, q...)
	}
	if max == 1 {
		return append(append(out, ir.Step{Kind: ir.StepFork, Text: set.ranges(), Jump: n}), q...), true
	}
	out = append(append(out, ir.Step{Kind: ir.StepFork, Text: set.ranges(), Jump: n + 1}), q...)
	return append(out, ir.Step{Kind: ir.StepJump, Jump: -n - 2}), true
}

// copies writes a repetition out: so many, and then as many as there may be.
func copies(body *syntax.Regexp, min, max int) *syntax.Regexp {
	var more *syntax.Regexp
	if max < 0 {
		more = &syntax.Regexp{Op: syntax.OpStar, Sub: []*syntax.Regexp{body}}
	}
	for ; max > min; max-- {
		one := &syntax.Regexp{Op: syntax.OpConcat, Sub: []*syntax.Regexp{body}}
		if more != nil {
			one.Sub = append(one.Sub, more)
		}
		more = &syntax.Regexp{Op: syntax.OpQuest, Sub: []*syntax.Regexp{one}}
	}
	out := &syntax.Regexp{Op: syntax.OpConcat}
	for range min {
		out.Sub = append(out.Sub, body)
	}
	if more != nil {
		out.Sub = append(out.Sub, more)
	}
	return out
}

// inOrder is one pattern after the other.
func inOrder(parts []*syntax.Regexp, next bytes) (ir.Sequence, bool) {
	var out ir.Sequence
	for i := len(parts) - 1; i >= 0; i-- {
		q, ok := follow(parts[i], next)
		if !ok || len(q)+len(out) > maxSteps {
			return nil, false
		}
		out = append(append(ir.Sequence{}, q...), out...)
		set, empty, ok := first(parts[i])
		if !ok {
			return nil, false
		}
		if empty {
			set = set.or(next)
		}
		next = set
	}
	return out, true
}

// oneOf is one of several patterns, which begin differently.
func oneOf(choices []*syntax.Regexp, next bytes) (ir.Sequence, bool) {
	var out ir.Sequence
	var last *syntax.Regexp // the choice that needs no byte, if there is one
	var seen bytes
	var jumps []int // the places of those to the end
	for i, c := range choices {
		set, empty, ok := first(c)
		if !ok {
			return nil, false
		}
		if empty {
			set = set.or(next)
		}
		if set.meets(seen) {
			return nil, false
		}
		seen = seen.or(set)
		if none := empty || set.meets(end); none || i == len(choices)-1 && last == nil {
			if last != nil {
				return nil, false
			}
			last = c
			continue
		}
		q, ok := follow(c, next)
		if !ok || len(q)+len(out) > maxSteps {
			return nil, false
		}
		out = append(append(out, ir.Step{Kind: ir.StepFork, Text: set.ranges(), Jump: len(q) + 1}), q...)
		jumps = append(jumps, len(out))
		out = append(out, ir.Step{Kind: ir.StepJump})
	}
	q, ok := follow(last, next)
	out = append(out, q...)
	for _, at := range jumps {
		out[at].Jump = len(out) - at - 1
	}
	return out, ok
}

// first are the bytes that texts of a pattern begin with, and whether it can be
// empty wherever it stands. It is not ok for what cannot be followed by bytes: patterns that look
// about, letters of either case, parts of what lies beyond ASCII.
func first(re *syntax.Regexp) (set bytes, empty, ok bool) {
	switch re.Op {
	case syntax.OpEmptyMatch:
		return set, true, true
	case syntax.OpEndText:
		return end, false, true
	case syntax.OpLiteral:
		s := string(re.Rune)
		set.add(rune(s[0]), rune(s[0]))
		// What is not UTF-8 is U+FFFD to a pattern.
		return set, false, re.Flags&syntax.FoldCase == 0 && !strings.ContainsRune(s, utf8.RuneError)
	case syntax.OpAnyChar:
		return anyByte, false, true
	case syntax.OpAnyCharNotNL:
		set.add(0, '\n'-1)
		set.add('\n'+1, 255)
		return set, false, true
	case syntax.OpCharClass:
		for i := 0; i < len(re.Rune); i += 2 {
			from, to := re.Rune[i], re.Rune[i+1]
			switch {
			case to < utf8.RuneSelf:
			case from <= utf8.RuneSelf && to == utf8.MaxRune:
				to = 255
			default:
				return set, false, false
			}
			set.add(from, to)
		}
		return set, false, true
	case syntax.OpCapture, syntax.OpPlus:
		return first(re.Sub[0])
	case syntax.OpStar, syntax.OpQuest:
		set, _, ok = first(re.Sub[0])
		return set, true, ok
	case syntax.OpRepeat:
		set, empty, ok = first(re.Sub[0])
		return set, empty || re.Min == 0, ok
	case syntax.OpConcat:
		empty = true
		for _, s := range re.Sub {
			more, e, ok := first(s)
			if !ok {
				return set, false, false
			}
			if set = set.or(more); !e {
				return set, false, true
			}
		}
		return set, true, true
	case syntax.OpAlternate:
		for _, s := range re.Sub {
			more, e, ok := first(s)
			if !ok {
				return set, false, false
			}
			set, empty = set.or(more), empty || e
		}
		return set, empty, true
	}
	return set, false, false
}

// bytes is a set of bytes, and of the end of the text as one more.
type bytes [5]uint64

var (
	anyByte = bytes{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}
	end     = bytes{4: 1}
)

func (b *bytes) add(from, to rune) {
	for ; from <= to; from++ {
		b[from>>6] |= 1 << (from & 63)
	}
}

func (b bytes) or(c bytes) bytes {
	for i := range b {
		b[i] |= c[i]
	}
	return b
}

func (b bytes) meets(c bytes) bool {
	return b[0]&c[0]|b[1]&c[1]|b[2]&c[2]|b[3]&c[3]|b[4]&c[4] != 0
}

func (b bytes) has(c int) bool { return b[c>>6]>>(c&63)&1 != 0 }

// ranges are the bytes from and to which the set goes, without the end.
func (b bytes) ranges() string {
	var out []byte
	for c := 0; c < 256; c++ {
		if !b.has(c) {
			continue
		}
		from := c
		for c < 255 && b.has(c+1) {
			c++
		}
		out = append(out, byte(from), byte(c))
	}
	return string(out)
}
