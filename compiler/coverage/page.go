package coverage

import (
	"fmt"
	"html"
	"io"
	"strings"

	"moec.dev/moec/dsl/source"
)

// head is the top of the page. It holds all that the page needs: no other file,
// no script and no network.
const head = `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Coverage</title>
<style>
:root { color-scheme: light dark; --met: #c9efd0; --part: #f6e6a8; --missed: #f7c9c9; --dim: #777; }
@media (prefers-color-scheme: dark) { :root { --met: #1d4a2a; --part: #574a14; --missed: #622626; --dim: #999; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 75em; padding: 0 1em; }
pre { font: 13px/1.5 ui-monospace, monospace; overflow-x: auto; border: 1px solid #8884; padding: 1em; }
td, th { padding: 0 1em 0 0; text-align: left; }
.n { color: var(--dim); user-select: none; }
.met { background: var(--met); } .part { background: var(--part); } .missed { background: var(--missed); }
</style>
`

// WriteHTML writes a page with the sources, coloured by what was met: point at a
// place to read what happened there.
func WriteHTML(w io.Writer, profiles []*Profile) error {
	var out strings.Builder
	out.WriteString(head)
	out.WriteString("<h1>Coverage</h1>\n<p><span class=\"met\">met</span>, <span class=\"part\">met in part</span>, <span class=\"missed\">not met</span></p>\n<table>\n<tr><th>bundle<th>share<th>points\n")
	for _, p := range profiles {
		met, all := p.Tally()
		fmt.Fprintf(&out, "<tr><td><a href=\"#%s\">%s</a><td>%s<td>%d of %d\n", html.EscapeString(p.Name), html.EscapeString(p.Name), Written(p.Percent()), met, all)
	}
	out.WriteString("</table>\n")
	for _, p := range profiles {
		fmt.Fprintf(&out, "<h2 id=\"%s\">%s</h2>\n", html.EscapeString(p.Name), html.EscapeString(p.Name))
		for _, f := range p.files {
			if paint := p.painted(f); paint != nil {
				fmt.Fprintf(&out, "<h3>%s</h3>\n<pre>", html.EscapeString(f.Name))
				writeSource(&out, f.Text, paint)
				out.WriteString("</pre>\n")
			}
		}
	}
	out.WriteString("</html>\n")
	_, err := io.WriteString(w, out.String())
	return err
}

// coat is what a byte of a source looks like.
type coat struct{ class, title string }

// painted colours a file: rules first, then the places in them that have points
// of their own, outer ones before inner ones. It is nil for a file that nothing
// can be tried in.
func (p *Profile) painted(f *source.File) []*coat {
	var paint []*coat
	over := func(at source.Span, c *coat) {
		if paint == nil {
			paint = make([]*coat, len(f.Text))
		}
		for i := at.Start; i < at.End; i++ {
			paint[i] = c
		}
	}
	for _, r := range p.Rules {
		if r.Item.Span.File != f {
			continue
		}
		met := 0
		for _, point := range r.Points {
			if point.Count > 0 {
				met++
			}
		}
		over(r.Item.Span, &coat{class(met, len(r.Points)), fmt.Sprintf("%s: %d of %d", r.Item.Name, met, len(r.Points))})
		for _, at := range r.places() {
			over(at, r.coat(at))
		}
	}
	return paint
}

// places are the places of a rule's points, wide ones first.
func (r *Rule) places() []source.Span {
	var out []source.Span
	for _, p := range r.Points {
		i := 0
		for i < len(out) && out[i] != p.Span && out[i].End-out[i].Start >= p.Span.End-p.Span.Start {
			i++
		}
		if i == len(out) || out[i] != p.Span {
			out = append(out[:i], append([]source.Span{p.Span}, out[i:]...)...)
		}
	}
	return out
}

func (r *Rule) coat(at source.Span) *coat {
	met, all := 0, 0
	var counts []string
	for _, p := range r.Points {
		if p.Span == at {
			if all++; p.Count > 0 {
				met++
			}
			counts = append(counts, fmt.Sprintf("%s: %d", p.What, p.Count))
		}
	}
	return &coat{class(met, all), r.Item.Name + ": " + strings.Join(counts, ", ")}
}

func class(met, all int) string {
	switch met {
	case 0:
		return "missed"
	case all:
		return "met"
	}
	return "part"
}

// writeSource writes lines with numbers and coats.
func writeSource(out *strings.Builder, text string, paint []*coat) {
	at := 0
	for n, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		fmt.Fprintf(out, "<span class=\"n\">%4d</span>  ", n+1)
		for i := 0; i < len(line); {
			j := i
			for j < len(line) && paint[at+j] == paint[at+i] {
				j++
			}
			if c := paint[at+i]; c == nil {
				out.WriteString(html.EscapeString(line[i:j]))
			} else {
				fmt.Fprintf(out, "<span class=\"%s\" title=\"%s\">%s</span>", c.class, html.EscapeString(c.title), html.EscapeString(line[i:j]))
			}
			i = j
		}
		out.WriteString("\n")
		at += len(line) + 1
	}
}
