package celfront

import (
	"sort"
	"strings"
	"unicode/utf8"

	"moec.dev/moec/dsl/source"
)

// extents finds the whole text of a node. cel-go records one place for each:
// the operator, the opening bracket, the dot. Brackets and names around it are
// found in the expression's tokens.
type extents struct {
	at     source.Span // of the expression
	tokens []token
	pair   map[int]int // token of a bracket -> token of its partner
	bytes  []int       // place in code points -> in bytes
}

// token is a word, a number, a text or a sign: text[start:end].
type token struct {
	start, end int
	kind       byte // 'a' word, '0' number, '"' text, or the sign's first byte
}

func newExtents(at source.Span, text string) *extents {
	x := &extents{at: at, tokens: scan(text), pair: map[int]int{}}
	var open []int
	for i, t := range x.tokens {
		switch t.kind {
		case '(', '[', '{':
			open = append(open, i)
		case ')', ']', '}':
			if n := len(open); n > 0 {
				x.pair[open[n-1]], x.pair[i] = i, open[n-1]
				open = open[:n-1]
			}
		}
	}
	for i := range text {
		x.bytes = append(x.bytes, i)
	}
	x.bytes = append(x.bytes, len(text))
	return x
}

// index returns the token that covers a place given in code points, or the
// last one before it.
func (x *extents) index(point int) int {
	return x.token(x.bytes[min(max(point, 0), len(x.bytes)-1)])
}

// span is the place in the policy from token i to token j.
func (x *extents) span(i, j int) source.Span {
	if len(x.tokens) == 0 {
		return x.at
	}
	return source.Span{File: x.at.File, Start: x.at.Start + x.tokens[i].start, End: x.at.Start + x.tokens[j].end}
}

func (x *extents) kind(i int) byte {
	if i < 0 || i >= len(x.tokens) {
		return 0
	}
	return x.tokens[i].kind
}

// name returns the first token of the (dotted) name that ends in token i.
func (x *extents) name(i int) int {
	for x.kind(i-1) == '.' && x.kind(i-2) == 'a' {
		i -= 2
	}
	return i
}

// literal is a constant: a token, with its sign.
func (x *extents) literal(i int) source.Span {
	if x.kind(i) == '-' && x.kind(i+1) == '0' {
		return x.span(i, i+1)
	}
	return x.span(i, i)
}

// variable is a name whose last dot, or only word, is token i.
func (x *extents) variable(i int) source.Span {
	i = x.word(i)
	return x.span(x.name(i), i)
}

// member is the selection of a field; token i is its dot.
func (x *extents) member(from source.Span, i int) source.Span {
	i = x.word(i)
	return join(from, x.span(i, i))
}

// word returns the first word from token i on.
func (x *extents) word(i int) int {
	for x.kind(i) != 'a' && i+1 < len(x.tokens) {
		i++
	}
	return i
}

// join covers both places and what lies between.
func join(a, b source.Span) source.Span {
	return source.Span{File: a.File, Start: min(a.Start, b.Start), End: max(a.End, b.End)}
}

// node is the place of a node whose sign is token i and whose arguments stand
// at the given places. A bracket that it opens is closed; target says that the
// first argument stands before the bracket.
func (x *extents) node(i int, target bool, args []source.Span) source.Span {
	s := x.span(i, i)
	switch x.kind(i) {
	case '(', '[', '{':
		if j, ok := x.pair[i]; ok {
			s = x.span(i, j)
		}
		if x.kind(i) == '(' && !target && x.kind(i-1) == 'a' {
			s = join(s, x.span(x.name(i-1), i))
		}
		if !target {
			return s
		}
		return join(s, x.operand(args[0]))
	}
	for _, a := range args {
		s = join(s, x.operand(a))
	}
	return s
}

// blamed is what a message about the token at a byte of the expression is
// about: the dotted name for its dot, the function for the bracket behind it.
func (x *extents) blamed(off int) source.Span {
	if len(x.tokens) == 0 {
		return x.at
	}
	i := x.token(off)
	switch {
	case x.kind(i) == '.':
		return x.variable(i)
	case x.kind(i) == '(' && x.kind(i-1) == 'a':
		return x.variable(i - 1)
	case x.kind(i) == '[' || x.kind(i) == '{':
		return x.node(i, false, nil)
	}
	return x.literal(i)
}

// chain adds the fields that are selected from a word.
func (x *extents) chain(at source.Span) source.Span {
	i := x.token(at.Start - x.at.Start)
	for x.kind(i+1) == '.' && x.kind(i+2) == 'a' && x.kind(i+3) != '(' {
		i += 2
	}
	return join(at, x.span(i, i))
}

// token returns the token that covers a byte, or the last one before it.
func (x *extents) token(off int) int {
	return max(0, sort.Search(len(x.tokens), func(i int) bool { return x.tokens[i].start > off })-1)
}

// reserved finds a word that only the compiler may use.
func (x *extents) reserved() (source.Span, bool) {
	for i, t := range x.tokens {
		if at := x.span(i, i); t.kind == 'a' && strings.HasPrefix(at.Text(), "__") {
			return at, true
		}
	}
	return source.Span{}, false
}

// operand adds the parentheses that stand around an operand.
func (x *extents) operand(s source.Span) source.Span {
	i := sort.Search(len(x.tokens), func(i int) bool { return x.tokens[i].start >= s.Start-x.at.Start })
	j := sort.Search(len(x.tokens), func(i int) bool { return x.tokens[i].end >= s.End-x.at.Start })
	for x.kind(i-1) == '(' && x.kind(j+1) == ')' && x.pair[i-1] == j+1 {
		i, j = i-1, j+1
		s = x.span(i, j)
	}
	return s
}

// scan splits CEL text that has been parsed: it is not asked to find mistakes.
func scan(text string) []token {
	var tokens []token
	for i := 0; i < len(text); {
		start := i
		c := text[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f':
			i++
			continue
		case strings.HasPrefix(text[i:], "//"):
			for i < len(text) && text[i] != '\n' {
				i++
			}
			continue
		case textStart(text[i:]) >= 0:
			i += textLength(text[i:])
			tokens = append(tokens, token{start, i, '"'})
		case c >= '0' && c <= '9', c == '.' && i+1 < len(text) && text[i+1] >= '0' && text[i+1] <= '9':
			for i < len(text) && (isWord(text[i]) || text[i] == '.' && !strings.HasPrefix(text[start:], "0x") ||
				(text[i] == '-' || text[i] == '+') && (text[i-1] == 'e' || text[i-1] == 'E') && !strings.HasPrefix(text[start:], "0x")) {
				if text[i] == '.' && (i+1 == len(text) || text[i+1] < '0' || text[i+1] > '9') {
					break
				}
				i++
			}
			tokens = append(tokens, token{start, i, '0'})
		case isWord(c):
			for i < len(text) && isWord(text[i]) {
				i++
			}
			tokens = append(tokens, token{start, i, 'a'})
		default:
			n := 1
			for _, two := range []string{"==", "!=", "<=", ">=", "&&", "||"} {
				if strings.HasPrefix(text[i:], two) {
					n = 2
				}
			}
			if n == 1 {
				_, n = utf8.DecodeRuneInString(text[i:])
			}
			i += n
			tokens = append(tokens, token{start, i, c})
		}
	}
	return tokens
}

// textStart returns the place of the opening quotes of a text literal, behind
// its prefix, or -1.
func textStart(s string) int {
	for i := 0; i < len(s) && i < 3; i++ {
		switch s[i] {
		case '"', '\'':
			return i
		case 'r', 'R', 'b', 'B':
		default:
			return -1
		}
	}
	return -1
}

func textLength(s string) int {
	i := textStart(s)
	raw := strings.ContainsAny(s[:i], "rR")
	quotes := s[i : i+1]
	if three := strings.Repeat(quotes, 3); strings.HasPrefix(s[i:], three) {
		quotes = three
	}
	for i += len(quotes); i < len(s); i++ {
		if s[i] == '\\' && !raw {
			i++
		} else if strings.HasPrefix(s[i:], quotes) {
			return i + len(quotes)
		}
	}
	return len(s)
}
