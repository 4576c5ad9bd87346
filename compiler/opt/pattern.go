package opt

import (
	"regexp/syntax"
	"strings"
	"unicode/utf8"

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// pattern replaces regular expressions that only spell out text by comparisons
// of text. What Go's regexp takes for a match it takes for one too: bytes that
// are not UTF-8 included, which match nothing but U+FFFD and the dot.
func pattern(e *ir.Expr) *ir.Expr {
	if e.Op != "matches" {
		return e
	}
	re, err := syntax.Parse(e.Value.(string), syntax.Perl)
	if err != nil {
		return e
	}
	p, ok := reduce(re.Simplify())
	if !ok || len(p.texts) > maxAlternatives {
		return sequence(e, re)
	}
	text := e.Args[0]
	if !cheap(text) && len(p.texts) > 1 && !(p.start && p.end) {
		return sequence(e, re) // text would be evaluated several times
	}
	if out := p.expr(e, text); out != e {
		return out
	}
	return sequence(e, re)
}

// maxAlternatives bounds how many comparisons a pattern may become.
const maxAlternatives = 16

// spelled is a pattern that one of some texts satisfies: anywhere, or at an end.
type spelled struct {
	texts      []string
	start, end bool
	// rest says that dots and stars stand between the text and the end of the
	// input, so that there must be no line end there.
	rest bool
}

// reduce reads a pattern as ^, text or texts, .* and $.
func reduce(re *syntax.Regexp) (spelled, bool) {
	parts := []*syntax.Regexp{re}
	if re.Op == syntax.OpConcat {
		parts = re.Sub
	}
	p := spelled{texts: []string{""}}
	if len(parts) > 0 && parts[0].Op == syntax.OpBeginText {
		p.start, parts = true, parts[1:]
	}
	n := len(parts)
	if n > 0 && parts[n-1].Op == syntax.OpEndText {
		p.end, parts = true, parts[:n-1]
	}
	if n = len(parts); n > 0 && anything(parts[n-1]) {
		// Without an end, what follows the text does not matter.
		p.rest, p.end, parts = p.end, false, parts[:n-1]
	}
	if p.rest && !p.start {
		return p, false // the text may stand on one line of many
	}
	for _, part := range parts {
		texts, ok := literals(part)
		if !ok {
			return p, false
		}
		var all []string
		for _, a := range p.texts {
			for _, b := range texts {
				all = append(all, a+b)
			}
		}
		if p.texts = all; len(all) > maxAlternatives {
			return p, false
		}
	}
	return p, true
}

// anything reports whether a pattern is .*, which stops at line ends.
func anything(re *syntax.Regexp) bool {
	return re.Op == syntax.OpStar && re.Sub[0].Op == syntax.OpAnyCharNotNL
}

// literals are the texts that a pattern spells.
func literals(re *syntax.Regexp) ([]string, bool) {
	switch re.Op {
	case syntax.OpEmptyMatch:
		return []string{""}, true
	case syntax.OpLiteral:
		s := string(re.Rune)
		return []string{s}, re.Flags&syntax.FoldCase == 0 && !strings.ContainsRune(s, utf8.RuneError)
	case syntax.OpCapture:
		return literals(re.Sub[0])
	case syntax.OpCharClass:
		var out []string
		for i := 0; i < len(re.Rune); i += 2 {
			for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
				if out = append(out, string(r)); len(out) > maxAlternatives || r == utf8.RuneError {
					return nil, false
				}
			}
		}
		return out, len(out) > 0
	case syntax.OpQuest:
		texts, ok := literals(re.Sub[0])
		return append(texts, ""), ok
	case syntax.OpConcat:
		out := []string{""}
		for _, s := range re.Sub {
			texts, ok := literals(s)
			if !ok {
				return nil, false
			}
			var all []string
			for _, a := range out {
				for _, b := range texts {
					all = append(all, a+b)
				}
			}
			if out = all; len(all) > maxAlternatives {
				return nil, false
			}
		}
		return out, true
	case syntax.OpAlternate:
		var out []string
		for _, s := range re.Sub {
			texts, ok := literals(s)
			if !ok {
				return nil, false
			}
			out = append(out, texts...)
		}
		return out, true
	}
	return nil, false
}

// expr writes the pattern as comparisons of text.
func (p spelled) expr(e, text *ir.Expr) *ir.Expr {
	constant := func(s string) *ir.Expr {
		return &ir.Expr{Op: "const", Type: types.StringType, Value: s, Span: e.Span}
	}
	op := func(op ir.Op, args ...*ir.Expr) *ir.Expr {
		return &ir.Expr{Op: op, Type: types.BoolType, Args: args, Span: e.Span}
	}
	if p.start && p.end && len(p.texts) > 1 {
		list := &ir.Expr{Op: "list", Type: types.ListOf(types.StringType), Span: e.Span}
		for _, t := range p.texts {
			list.Args = append(list.Args, constant(t))
		}
		return op("in", text, list)
	}
	how := ir.Op("contains")
	switch {
	case p.start && p.end:
		how = "=="
	case p.start:
		how = "starts-with"
	case p.end:
		how = "ends-with"
	}
	var out *ir.Expr
	for _, t := range p.texts {
		test := op(how, text, constant(t))
		if out == nil {
			out = test
		} else {
			out = op("or", out, test)
		}
	}
	if p.rest {
		if !p.oneLine() || !cheap(text) {
			return e
		}
		out = op("and", out, op("not", op("contains", text, constant("\n"))))
	}
	return out
}

// oneLine reports whether no text has a line end: then none may be in the input
// at all.
func (p spelled) oneLine() bool {
	for _, t := range p.texts {
		if strings.Contains(t, "\n") {
			return false
		}
	}
	return true
}

// cheap reports whether evaluating an expression twice costs next to nothing.
func cheap(e *ir.Expr) bool {
	switch e.Op {
	case "const", "var", "path", "raw-path", "url-path", "host", "method", "scheme", "header", "query", "cookie", "capture", "identity", "attribute":
		return true
	}
	return false
}
