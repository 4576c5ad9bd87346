package syntax

import "moec.dev/moec/dsl/diag"

// statement reads one statement of block b, from its first token to the
// newline, ; or } that ends it.
func (o *outliner) statement(b *block) *stmt {
	s := &stmt{}
	var stack []token // brackets that are open
	for !o.end() {
		t := o.toks[o.i]
		v := o.value(t)
		if len(stack) > 0 {
			if o.cut(b, s, stack) {
				return s
			}
		} else {
			switch {
			case t.kind == tNewline:
				if !o.continues(b, s) {
					return o.need(b, s)
				}
			case t.kind == tPunct && (v == ";" || v == "}"):
				return o.need(b, s)
			case t.kind == tPunct && v == "," && (b.kind.commas() || b.kind == memberBlock && o.nextMember()):
				o.i++
				return s
			case t.kind == tPunct && v == "{":
				if k := o.opens(b, s); k != noBlock {
					if o.child(s, k) && k.final() {
						o.after(b)
						return s
					}
					continue
				}
			}
		}
		o.i++
		switch {
		case t.kind == tNewline:
			continue
		case t.kind == tBad:
			s.bad = true
		case t.kind == tPunct && (v == "(" || v == "[" || v == "{"):
			stack = append(stack, t)
			if len(stack) == maxDepth+1 {
				o.diags.Add(diag.Syntax, o.span(t), "brackets stand more than %d deep", maxDepth)
				s.bad = true
			}
		case t.kind == tPunct && len(stack) > 0 && (v == ")" || v == "]" || v == "}"):
			o.closes(s, &stack, t)
		}
		s.toks = append(s.toks, t)
	}
	if len(stack) > 0 {
		o.open(s, stack[len(stack)-1])
		return s
	}
	return o.need(b, s)
}

// open reports a bracket that is never closed, once a statement.
func (o *outliner) open(s *stmt, bracket token) {
	if s.bad {
		return
	}
	s.bad = true
	o.diags.Add(diag.UnclosedBracket, o.span(bracket), "this %s is never closed", o.value(bracket)).
		Helpf("close it with %s", closers[o.value(bracket)])
}

var closers = map[string]string{"(": ")", "[": "]", "{": "}"}

// cut reports whether the statement must end here although brackets are open:
// at a ;, at the start of another statement, or at a } that none of them opened.
func (o *outliner) cut(b *block, s *stmt, stack []token) bool {
	t, v := o.toks[o.i], o.value(o.toks[o.i])
	top := stack[len(stack)-1]
	switch {
	case t.kind == tNewline:
		if !o.begins(o.skipLines(o.i)) {
			return false
		}
	case t.kind == tPunct && v == ";":
	case t.kind == tPunct && v == "}":
		if b.kind == fileBlock {
			return false // it closes no block either
		}
		for _, open := range stack {
			if o.value(open) == "{" {
				return false
			}
		}
	default:
		return false
	}
	o.open(s, top)
	return true
}

// closes takes the brackets off the stack that t closes. A bracket in between
// was never closed; a closing bracket that fits none is a slip.
func (o *outliner) closes(s *stmt, stack *[]token, t token) {
	for n := len(*stack) - 1; n >= 0; n-- {
		if closers[o.value((*stack)[n])] != o.value(t) {
			continue
		}
		if n < len(*stack)-1 {
			o.open(s, (*stack)[len(*stack)-1])
		}
		*stack = (*stack)[:n]
		return
	}
	if !s.bad {
		top := (*stack)[len(*stack)-1]
		o.diags.Add(diag.Syntax, o.span(t), "this %s does not close the %s", o.value(t), o.value(top)).
			Note(o.span(top), "opened here")
	}
	s.bad = true
	*stack = (*stack)[:len(*stack)-1] // most likely it was meant to
}

// begins reports whether a statement begins at token i: a word of the table
// with an operand after it.
func (o *outliner) begins(i int) bool {
	return i+1 < len(o.toks) && o.toks[i].kind == tIdent && words[o.value(o.toks[i])] != 0 &&
		o.toks[i+1].operand(o.text)
}

// continues reports whether the statement goes on after the newline here.
func (o *outliner) continues(b *block, s *stmt) bool {
	next := o.skipLines(o.i)
	if next >= len(o.toks) || len(s.toks) == 0 {
		return false
	}
	t := o.toks[next]
	if t.kind == tPunct {
		switch o.value(t) {
		case "&&", "||", "?", ":", ".":
			return true
		case "}", ";":
			return false
		}
	}
	last := s.toks[len(s.toks)-1]
	switch o.value(last) {
	case "?":
		if b.kind == fieldBlock || b.kind == fileBlock && s.word(o.text, 0) == "table" {
			return false
		}
	case "&&", "||", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "in", ",", ":", ".", "=":
	default:
		return false
	}
	return (last.kind == tPunct || last.kind == tIdent) && !o.begins(next)
}

// nextMember reports whether the comma here separates two members: what follows
// is the end of the block or a lower-case word. ES256 and "x" go on with a list.
func (o *outliner) nextMember() bool {
	next := o.skipLines(o.i + 1)
	if next >= len(o.toks) || o.is(next, "}") {
		return true
	}
	t := o.toks[next]
	return t.kind == tIdent && o.text[t.start] >= 'a'
}

// opens says what kind of block the { here opens, noBlock for a brace of an
// expression or a type.
func (o *outliner) opens(b *block, s *stmt) blockKind {
	if len(s.toks) == 0 {
		return unknownBlock
	}
	word, last := s.word(o.text, 0), s.toks[len(s.toks)-1]
	if k := opener(b.kind, word); k != noBlock {
		return k
	}
	switch b.kind {
	case routeBlock, scopeBlock, policyBlock:
		if word == "forward" && o.value(last) == "split" && len(s.toks) == 3 {
			return shareBlock
		}
	case testBlock:
		switch word {
		case "send", "upstream":
			return pairBlock
		case "expect":
			return assertBlock
		case "as", "sign":
			return noBlock
		}
	case memberBlock:
		return fieldBlock
	}
	value := last.operand(o.text) || o.value(last) == ")" || o.value(last) == "]"
	if value && !expressionWords[o.value(last)] && b.kind != fieldBlock {
		return unknownBlock
	}
	return noBlock
}

// child reads the block at the current { and appends its token to s. It reports
// false when blocks stand too deep: the brace is then left to the caller as an
// ordinary bracket.
func (o *outliner) child(s *stmt, k blockKind) bool {
	open := o.toks[o.i]
	b := &block{kind: k, open: open}
	owner := open
	if len(s.toks) > 0 {
		owner = s.toks[0]
	}
	o.i++
	if o.depth == maxDepth {
		o.diags.Add(diag.Syntax, o.span(open), "blocks stand more than %d deep", maxDepth)
		s.bad = true
		o.drain()
		return true
	}
	o.depth++
	o.fill(b, owner, false)
	o.depth--
	end := b.close.end
	if end == 0 {
		end = o.toks[o.i-1].end
	}
	s.blocks = append(s.blocks, b)
	s.toks = append(s.toks, token{tBlock, open.start, end})
	return true
}

// drain steps over the rest of a block without looking at what it holds.
func (o *outliner) drain() {
	for open := 1; open > 0 && !o.end(); o.i++ {
		switch {
		case o.is(o.i, "{"):
			open++
		case o.is(o.i, "}"):
			open--
		}
	}
}

// after reports what follows a closed block on its line. Two statements on one
// line need a ; between them.
func (o *outliner) after(b *block) {
	if o.end() || !o.is(o.i-1, "}") {
		return
	}
	t := o.toks[o.i]
	v := o.value(t)
	if t.kind == tNewline || v == ";" || v == "}" || v == "," && (b.kind == memberBlock || b.kind.commas()) {
		if v == "," {
			o.i++
		}
		return
	}
	o.diags.Add(diag.Syntax, o.span(t), "a new line or ; must follow the }").Helpf("put `%s` on a line of its own", v)
}

// need sees to it that a statement that cannot do without a block has one.
// Where the { is missing the lines below are read as if it were there, so that
// one slip does not make every rule of a route an error.
func (o *outliner) need(b *block, s *stmt) *stmt {
	k := opener(b.kind, s.word(o.text, 0))
	if k == noBlock || len(s.blocks) > 0 || s.bad {
		return s
	}
	s.bad = true
	owner, last := s.toks[0], s.toks[len(s.toks)-1]
	next := o.skipLines(o.i)
	if o.is(next, "{") {
		o.diags.Add(diag.Syntax, o.span(o.toks[next]), "the { stands on the same line as `%s`", o.value(owner)).
			Helpf("join the two lines: a statement ends with its line")
		o.i = next
		o.child(s, k)
		return s
	}
	end := o.span(token{tPunct, last.end, last.end})
	o.diags.Add(diag.Syntax, end, "{ is missing after `%s`", o.value(last)).Helpf("%s ... { begins a block, } ends it", o.value(owner))
	if o.depth < maxDepth && o.i < next && next < len(o.toks) {
		o.i = next
		if o.file.Position(o.toks[next].start).Column <= o.file.Position(owner.start).Column && !o.is(next, "}") {
			return s // the next line is no part of it: the whole body is missing
		}
		body := &block{kind: k}
		o.depth++
		o.fill(body, owner, true)
		o.depth--
		s.blocks = append(s.blocks, body)
	}
	return s
}
