package format

import (
	"strings"
	"unicode/utf8"
)

// line is one line of the result, or several where a string goes over its end.
type line struct {
	empty   bool // an empty line stands before it
	indent  int
	code    string
	comment string // at its end
}

// text writes the result. Comments at the ends of neighbouring lines of one
// indentation begin in one column.
func (p *plan) text() string {
	lines := p.print()
	var b strings.Builder
	for i := 0; i < len(lines); {
		n := i + 1
		for n < len(lines) && lines[i].joins(lines[n]) {
			n++
		}
		widest := 0
		for _, l := range lines[i:n] {
			widest = max(widest, utf8.RuneCountInString(l.code))
		}
		for ; i < n; i++ {
			l := lines[i]
			if l.empty {
				b.WriteByte('\n')
			}
			b.WriteString(strings.Repeat(" ", l.indent))
			b.WriteString(l.code)
			if l.comment != "" {
				pad := 1
				if !strings.Contains(l.code, "\n") {
					pad += widest - utf8.RuneCountInString(l.code)
				}
				b.WriteString(strings.Repeat(" ", pad))
				b.WriteString(l.comment)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// joins reports whether the comments of two neighbours are aligned.
func (l line) joins(next line) bool {
	return l.comment != "" && next.comment != "" && l.indent == next.indent && !next.empty &&
		!strings.Contains(l.code, "\n") && !strings.Contains(next.code, "\n")
}

func (p *plan) print() []line {
	var out []line
	var code strings.Builder
	for i, t := range p.toks {
		if p.drop[i] {
			continue
		}
		if p.brk[i] > 0 || len(out) == 0 {
			if len(out) > 0 {
				out[len(out)-1].code = code.String()
			}
			code.Reset()
			out = append(out, line{empty: p.brk[i] > 1 && len(out) > 0, indent: p.indent[i]})
		} else if t.kind == comment {
			out[len(out)-1].comment = t.text
			continue
		} else {
			code.WriteString(strings.Repeat(" ", p.gap[i]))
		}
		code.WriteString(t.text)
		code.WriteString(p.after[i])
	}
	if len(out) > 0 {
		out[len(out)-1].code = code.String()
	}
	return out
}
