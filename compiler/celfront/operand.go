package celfront

import (
	"strconv"
	"strings"

	"moec.dev/moec/dsl/source"
)

// operands are the texts around an operator, or of a call, in an expression
// that parses: what a help is made of. They are "" where there are none.
type operands struct {
	left, right string
	// middle is the last operand of a comparison on the left, as b in a < b < c.
	middle string
	// args are a call's.
	args []string
}

// strength is how tightly the operator that begins at a token binds, 0 for
// what is none.
func (x *extents) strength(text string, i int) int {
	if i < 0 || i >= len(x.tokens) {
		return 0
	}
	switch t := x.tokens[i]; t.kind {
	case '|':
		return 1
	case '&':
		return 2
	case '=', '<', '>':
		return 3
	case '!':
		if text[t.start:t.end] == "!=" {
			return 3
		}
		return 6
	case 'a':
		if text[t.start:t.end] == "in" {
			return 3
		}
	case '+':
		return 4
	case '-':
		if i == 0 || x.strength(text, i-1) > 0 || strings.IndexByte("([{,?:", x.tokens[i-1].kind) >= 0 {
			return 6 // a sign
		}
		return 4
	case '*', '/', '%':
		return 5
	}
	return 0
}

// beside finds what stands beside the operator, or in the call, at a byte.
func beside(text string, off int) operands {
	x := newExtents(source.Span{}, text)
	if len(x.tokens) == 0 {
		return operands{}
	}
	i := x.token(off)
	if kind := x.kind(i); kind == '(' || kind == '[' {
		return x.called(text, i)
	}
	own := x.strength(text, i)
	var out operands
	from := i
	for j := i - 1; j >= 0; j-- {
		if p, ok := x.pair[j]; ok && p < j {
			j = p
		} else if s := x.strength(text, j); strings.IndexByte("([{,?:", x.kind(j)) >= 0 || s > 0 && s < own {
			break
		} else if s == 3 && own == 3 && out.middle == "" && from < i {
			out.middle = text[x.tokens[j+1].start:x.tokens[i-1].end]
		}
		from = j
	}
	if from < i {
		out.left = text[x.tokens[from].start:x.tokens[i-1].end]
	}
	to := i
	for j := i + 1; j < len(x.tokens); j++ {
		first := j == i+1
		if s := x.strength(text, j); strings.IndexByte(")]},?:", x.kind(j)) >= 0 || s > 0 && s <= own && !(first && s == 6) {
			break
		}
		if p, ok := x.pair[j]; ok && p > j {
			j = p
		}
		to = j
	}
	if to > i {
		out.right = text[x.tokens[i+1].start:x.tokens[to].end]
	}
	return out
}

// called are the operands of a bracket: what stands before it, or before the
// dot of the function's name, and what stands in it.
func (x *extents) called(text string, i int) operands {
	var out operands
	end, closed := x.pair[i]
	if !closed {
		return out
	}
	from := i + 1
	for j := i + 1; j <= end; j++ {
		if j == end || x.kind(j) == ',' {
			if j > from {
				out.args = append(out.args, text[x.tokens[from].start:x.tokens[j-1].end])
			}
			from = j + 1
		} else if p, ok := x.pair[j]; ok && p > j {
			j = p
		}
	}
	last := i - 1
	if x.kind(i) == '(' {
		if x.kind(i-1) != 'a' || x.kind(i-2) != '.' {
			return out
		}
		last = i - 3
	}
	for from = last; from >= 0; from-- {
		if p, ok := x.pair[from]; ok && p < from {
			if from = p; x.kind(from-1) == 'a' || x.kind(from-1) == ')' || x.kind(from-1) == ']' {
				continue
			}
		}
		if x.kind(from-1) != '.' {
			break
		}
		from--
	}
	if from >= 0 && last >= from {
		out.left = text[x.tokens[from].start:x.tokens[last].end]
	}
	return out
}

// member is text that a dot can follow.
func member(s string) string {
	x := newExtents(source.Span{}, s)
	for i := 0; i < len(x.tokens); i++ {
		if p, ok := x.pair[i]; ok && p > i {
			i = p
		} else if x.strength(s, i) > 0 || x.kind(i) == '?' {
			return "(" + s + ")"
		}
	}
	return s
}

// number is the value of a whole number as it is written, without its u.
func number(s string) (digits string, ok bool) {
	digits = strings.TrimSuffix(s, "u")
	_, err := strconv.ParseInt(digits, 10, 64)
	return digits, err == nil
}

// quotation is the value of a plain text literal.
func quotation(s string) (value string, ok bool) {
	if len(s) < 2 || s[0] != '"' {
		return "", false
	}
	value, err := strconv.Unquote(s)
	return value, err == nil
}
