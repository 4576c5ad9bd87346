package account

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"moec.dev/moec/compiler/scenario"
)

// Style colours a piece of text; kind is what it is: decides, passes, place or
// value. The plain style returns the text.
type Style func(kind, text string) string

// WriteText writes an account for people.
func (a *Account) WriteText(w io.Writer, style Style) error {
	t := &texter{style: style}
	r := a.Request
	t.printf("%s %s\n", r.Method, r.Path)
	t.printf("  host %s, from %s, at %s\n", r.Authority, r.Source, r.Now.UTC().Format(time.RFC3339))
	for _, h := range r.Headers {
		t.printf("  %s: %s\n", h.Name, h.Value)
	}
	t.printf("\n")
	for _, s := range a.Steps {
		t.step(s)
	}
	if len(a.Unreached) > 0 {
		t.printf("\nnot reached:\n")
		for _, p := range a.Unreached {
			t.printf("  %s  %s\n", p.Name, t.place(p))
		}
	}
	t.printf("\n")
	t.outcome(a)
	_, err := io.WriteString(w, t.String())
	return err
}

type texter struct {
	strings.Builder
	style Style
}

func (t *texter) printf(format string, args ...any) { fmt.Fprintf(t, format, args...) }

func (t *texter) place(p *Place) string {
	if p == nil || p.File == "" {
		return ""
	}
	return t.style("place", fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column))
}

func (t *texter) step(s *Step) {
	mark, kind := "  ", "passes"
	if s.Decides {
		mark, kind = "=>", "decides"
	}
	t.printf("%s %-10s %s: %s", t.style(kind, mark), s.Kind, s.Name, t.style(kind, s.Result))
	if at := t.place(s.Place); at != "" {
		t.printf("  %s", at)
	}
	t.printf("\n")
	if s.Text != "" && s.Kind != "route" {
		t.printf("                %s\n", s.Text)
	}
	for _, v := range s.Values {
		t.value(v, "                  ")
	}
}

func (t *texter) value(v *Value, indent string) {
	what := v.Text
	if v.Let != "" && v.Let != what {
		what += " (let " + v.Let + ")"
	}
	t.printf("%s%s = %s\n", indent, what, t.style("value", v.Value))
	for _, p := range v.Parts {
		t.value(p, indent+"  ")
	}
}

// outcome shows what left: the changes of the forwarded request, and the answer.
func (t *texter) outcome(a *Account) {
	o := a.Outcome
	if o.Forward {
		t.printf("%s\n", t.style("decides", fmt.Sprintf("forwarded to %q by %s", o.Cluster, o.By)))
		pseudo := []scenario.Header{{Name: ":method", Value: a.sent.Method}, {Name: ":scheme", Value: a.sent.Scheme},
			{Name: ":authority", Value: a.sent.Authority}, {Name: ":path", Value: a.sent.Path}}
		t.changes("request", append(pseudo, a.sent.Headers...), o.Request)
		t.changes("response", a.Request.Upstream.Headers, o.Response.Headers)
		return
	}
	t.printf("%s\n", t.style("decides", fmt.Sprintf("answered %d by %s", o.Status, o.By)))
	if o.Response.Status != o.Status {
		t.printf("  sent as status %d\n", o.Response.Status)
	}
	for _, h := range o.Response.Headers {
		t.printf("  %s: %s\n", h.Name, h.Value)
	}
	if o.Response.Body != "" {
		t.printf("  body %q\n", o.Response.Body)
	}
}

func (t *texter) changes(what string, before, after []scenario.Header) {
	for _, h := range before {
		if !slices.Contains(after, h) {
			t.printf("  %s - %s\n", what, h.Name)
		}
	}
	for _, h := range after {
		if !slices.Contains(before, h) {
			t.printf("  %s + %s: %s\n", what, h.Name, h.Value)
		}
	}
}
