package diag

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"moec.dev/moec/dsl/source"
)

// window is how many columns of a source line are shown at most.
const window = 140

// Terminal styles, used when colour is asked for.
const (
	bold   = "\x1b[1m"
	red    = "\x1b[1;31m"
	yellow = "\x1b[1;33m"
	cyan   = "\x1b[1;36m"
	plain  = "\x1b[0m"
)

// WriteText writes diagnostics for people, in the order given: what is wrong
// and where, the line with a caret under the exact place, related places, and
// what to do. It returns the first error of w.
func WriteText(w io.Writer, ds []*Diagnostic, color bool) error {
	p := &printer{w: bufio.NewWriter(w), color: color}
	for i, d := range ds {
		if i > 0 {
			p.print("\n")
		}
		p.diagnostic(d)
	}
	return p.w.Flush()
}

// printer keeps the first error in its buffered writer.
type printer struct {
	w     *bufio.Writer
	color bool
}

func (p *printer) print(parts ...string) {
	for _, s := range parts {
		p.w.WriteString(s)
	}
}

func (p *printer) styled(style, text string) string {
	if !p.color {
		return text
	}
	return style + text + plain
}

func (p *printer) diagnostic(d *Diagnostic) {
	style := red
	if d.Code.Severity == Warning {
		style = yellow
	}
	if d.Span.Valid() {
		p.print(p.styled(bold, printable(d.Span.String())+":"), " ")
	}
	p.print(p.styled(style, d.Code.Severity.String()+" "+d.Code.ID+":"), " ", printable(d.Message), "\n")
	p.snippet(d.Span, style)
	for _, r := range d.Related {
		p.print(p.styled(cyan, "note:"), " ")
		if r.Span.Valid() {
			p.print(printable(r.Span.String()), ": ")
		}
		p.print(printable(r.Message), "\n")
		p.snippet(r.Span, cyan)
	}
	if d.Help != "" {
		p.print(p.styled(cyan, "help:"), " ", printable(d.Help), "\n")
	}
}

// snippet writes the first line of a span with carets under it.
func (p *printer) snippet(s source.Span, style string) {
	if !s.Valid() || s.File.Text == "" {
		return // a file that was not read shows nothing
	}
	at := s.Position()
	line := s.File.Line(at.Line)
	start := s.Start - lineStart(s.File, s.Start)
	end := max(start+1, start+s.End-s.Start)
	line, skipped := nearby(line, start)
	cells, first, last := cut(layout(line), start-skipped, end-skipped)
	var text, carets strings.Builder
	for i, c := range cells {
		text.WriteString(c.text)
		switch {
		case i < first && c.text == "\t", i >= first && i < last-1 && c.text == "\t":
			carets.WriteByte('\t')
		case i < first:
			carets.WriteString(strings.Repeat(" ", c.width))
		case i < last:
			carets.WriteString(strings.Repeat("^", c.width))
		}
	}
	if first >= len(cells) {
		carets.WriteByte('^') // the place is the end of the line
	}
	number := fmt.Sprintf("%5d", at.Line)
	p.print(number, " | ", text.String(), "\n", strings.Repeat(" ", len(number)), " | ", p.styled(style, carets.String()), "\n")
}

// nearby cuts a very long line to the bytes around an offset, more than can be
// shown on either side, so that a file without line ends does not make every
// message cost its whole length. It returns how many bytes it cut in front.
func nearby(line string, offset int) (string, int) {
	const each = 8 * window
	if len(line) <= 4*each {
		return line, 0
	}
	from, to := min(max(0, offset-each), len(line)), min(len(line), offset+each)
	for from > 0 && !utf8.RuneStart(line[from]) {
		from--
	}
	for to < len(line) && !utf8.RuneStart(line[to]) {
		to++
	}
	return line[from:to], from
}

// lineStart returns the offset at which the line of an offset begins.
func lineStart(f *source.File, offset int) int {
	return strings.LastIndexByte(f.Text[:min(offset, len(f.Text))], '\n') + 1
}

// cell is one code point of a line as it is shown.
type cell struct {
	text   string
	width  int // in columns of a terminal; 1 for a tab, which is copied
	offset int // in bytes of the line
}

// layout cuts a line into cells. What would move the cursor or hide text is
// shown as an escape.
func layout(line string) []cell {
	cells := make([]cell, 0, len(line))
	for i := 0; i < len(line); {
		r, n := utf8.DecodeRuneInString(line[i:])
		c := cell{line[i : i+n], 1, i}
		switch {
		case r == '\t':
		case r == utf8.RuneError && n == 1, !unicode.IsGraphic(r):
			c.text = escape(line[i:i+n], r)
			c.width = len(c.text)
		case unicode.In(r, unicode.Mn, unicode.Me):
			c.width = 0
		case wide(r):
			c.width = 2
		}
		cells = append(cells, c)
		i += n
	}
	return cells
}

// cut returns the cells to show, and which of them the bytes from start to end
// are: a window around them when the line is long.
func cut(cells []cell, start, end int) (shown []cell, first, last int) {
	first, last = len(cells), len(cells)
	for i, c := range cells {
		if c.offset >= start {
			first = min(first, i)
		}
		if c.offset >= end {
			last = i
			break
		}
	}
	if len(cells) <= window {
		return cells, first, last
	}
	from := max(0, min(first-window/3, len(cells)-window))
	to := min(len(cells), from+window)
	shown = append([]cell{}, cells[from:to]...)
	if from > 0 {
		shown[0] = cell{"…", 1, shown[0].offset}
	}
	if to < len(cells) {
		shown = append(shown, cell{"…", 1, cells[to].offset})
	}
	return shown, first - from, min(last-from, len(shown))
}

// escape shows a character that must not reach a terminal.
func escape(raw string, r rune) string {
	switch {
	case len(raw) == 1:
		return fmt.Sprintf("\\x%02x", raw[0])
	case r <= 0xffff:
		return fmt.Sprintf("\\u%04x", r)
	}
	return fmt.Sprintf("\\U%08x", r)
}

// printable returns a message with everything escaped that could act on a
// terminal or break the line.
func printable(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return r == utf8.RuneError || !unicode.IsGraphic(r) }) < 0 {
		return text
	}
	var b strings.Builder
	for _, c := range layout(text) {
		if c.text == "\t" {
			c.text = " "
		}
		b.WriteString(c.text)
	}
	return b.String()
}

// wide reports whether terminals give a character two columns: the East Asian
// scripts, full-width forms and pictographs.
func wide(r rune) bool {
	switch {
	case r < 0x1100:
		return false
	case r <= 0x115f, r >= 0x2e80 && r <= 0x303e, r >= 0x3041 && r <= 0xa4cf, r >= 0xac00 && r <= 0xd7a3,
		r >= 0xf900 && r <= 0xfaff, r >= 0xfe30 && r <= 0xfe6f, r >= 0xff00 && r <= 0xff60, r >= 0xffe0 && r <= 0xffe6,
		r >= 0x1f300 && r <= 0x1f64f, r >= 0x1f900 && r <= 0x1f9ff, r >= 0x20000 && r <= 0x3fffd:
		return true
	}
	return false
}
