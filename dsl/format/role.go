package format

// role is what a token does where it stands; spaces go by it.
type role uint8

const (
	operand     role = iota // a name, a literal, a word of the language
	operator                // between two operands, = and the word in among them
	prefix                  // ! - ? and the dot before an operand
	selector                // . and .? between an operand and a name
	rateSlash               // of 100/min
	typeMark                // the ? of T?
	colon                   // after a key or name
	comma                   // or ;
	opening                 // a bracket that begins something
	attached                // a bracket that calls or indexes what stands before it
	brace                   // { of a type or of CEL
	closing                 // ) or ]
	braceEnd                // }
	blockBrace              // { of a block
	blockEnd                // } of a block
	commentRole             //
)

// value reports whether an operand may end with such a token.
func (r role) value() bool {
	return r == operand || r == closing || r == braceEnd || r == typeMark
}

// roles gives every token its role.
func (o *outline) roles() []role {
	out := make([]role, len(o.toks))
	o.blockRoles(o.file, out)
	var ternaries []int // open ? for each open bracket, and outside of them
	ternaries = append(ternaries, 0)
	last := comma
	for i, t := range o.toks {
		if t.kind == comment {
			out[i] = commentRole
			continue
		}
		if o.begins[i] {
			last = operator
		}
		if out[i] == operand { // not known from the blocks
			out[i] = o.role(i, last, &ternaries[len(ternaries)-1])
		}
		switch {
		case t.is("(") || t.is("[") || t.is("{"):
			ternaries = append(ternaries, 0)
		case t.is(")") || t.is("]") || t.is("}"):
			ternaries = ternaries[:len(ternaries)-1]
		}
		last = out[i]
	}
	return out
}

func (o *outline) blockRoles(b *block, out []role) {
	if b.open >= 0 {
		out[b.open], out[b.close] = blockBrace, blockEnd
	}
	for _, s := range b.stmts {
		if s.block != nil {
			o.blockRoles(s.block, out)
		}
	}
}

// role finds the role of a token from the role of the one before. ternaries
// counts the ? whose : has not come yet.
func (o *outline) role(i int, last role, ternaries *int) role {
	t := o.toks[i]
	if t.kind == word && t.text == "in" && o.cel[i] && last != selector {
		return operator
	}
	if t.kind != punct {
		return operand
	}
	switch t.text {
	case ",", ";":
		return comma
	case ")", "]":
		return closing
	case "}":
		return braceEnd
	case "{":
		return brace
	case "(", "[":
		if last.value() && !(t.text == "(" && !o.cel[i] && spaced[o.toks[i-1].text]) {
			return attached
		}
		return opening
	case ".":
		if last.value() {
			return selector
		}
		return prefix
	case "?":
		switch {
		case !o.cel[i]:
			return typeMark
		case last == selector:
			return selector
		case !last.value():
			return prefix
		}
		*ternaries++
		return operator
	case ":":
		if *ternaries > 0 {
			*ternaries--
			return operator
		}
		return colon
	case "/":
		if !o.cel[i] {
			return rateSlash
		}
	case "!":
		return prefix
	case "-":
		if !last.value() {
			return prefix
		}
	}
	return operator
}

// spaced are the words of the language whose brackets hold one expression and
// call nothing.
var spaced = map[string]bool{"rate": true, "burst": true}

// gap is the number of spaces between two neighbours on one line.
func gap(a, b role) int {
	switch {
	case b == comma, b == closing, b == colon, b == typeMark, b == attached, b == selector, b == rateSlash:
		return 0
	case a == opening, a == attached, a == selector, a == prefix, a == rateSlash:
		return 0
	case a == brace && b == braceEnd:
		return 0
	}
	return 1
}
