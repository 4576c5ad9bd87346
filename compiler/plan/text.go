package plan

import (
	"fmt"
	"io"
	"strings"
)

// Style colours a piece of text; kind is what it is: title, place or cost.
type Style func(kind, text string) string

// WriteText writes a plan for people.
func (p *Plan) WriteText(w io.Writer, style Style) error {
	t := &texter{style: style}
	t.printf("%s\n", style("title", "bundle "+p.Bundle))
	t.printf("  digest    %s\n", p.Digest)
	t.printf("  Envoy     %s or newer\n", p.Envoy)
	if p.Unmatched == 0 {
		t.printf("  unmatched forward\n")
	} else {
		t.printf("  unmatched %d\n", p.Unmatched)
	}
	if len(p.Removed) > 0 {
		t.printf("  removed   %s, from every request\n", strings.Join(p.Removed, ", "))
	}
	t.printf("  memory    %s for strings while a decision lasts", size(p.Memory.Arena))
	if p.Memory.Captured > 0 {
		t.printf(", %s kept by a stream for its answer", size(p.Memory.Captured))
	}
	if p.Memory.Keys > 0 {
		t.printf("; keys: %d, %s", p.Memory.Keys, size(p.Memory.KeyBytes))
	}
	t.printf("\n")
	for _, l := range p.Memory.Limits {
		announced := ""
		if l.Announced {
			announced = ", announced"
		}
		t.printf("  limit     %s: %s for the buckets of %d keys%s\n", l.Name, size(l.Bytes), l.Keys, announced)
	}
	t.printf("\n%s\n", style("title", "the order of a request"))
	for n := 1; n < len(titles); n++ {
		t.printf("  %d %s\n", n, titles[n])
	}
	for _, r := range append(append([]*Route{}, p.Routes...), p.Blocks...) {
		t.route(r)
	}
	if len(p.Lets) > 0 {
		t.printf("\n%s\n", style("title", "lets, computed at most once a request"))
		for _, l := range p.Lets {
			t.rule(l)
		}
	}
	_, err := io.WriteString(w, t.String())
	return err
}

type texter struct {
	strings.Builder
	style Style
}

func (t *texter) printf(format string, args ...any) { fmt.Fprintf(t, format, args...) }

func (t *texter) route(r *Route) {
	t.printf("\n%s  %s\n", t.style("title", r.Kind+" "+r.Name), t.style("place", fmt.Sprintf("%s:%d", r.File, r.Line)))
	for _, m := range r.Matches {
		t.printf("  match     %s\n", m)
	}
	if len(r.Hosts) > 0 {
		t.printf("  host      %s\n", strings.Join(r.Hosts, ", "))
	}
	if r.Access != "" {
		t.printf("  access    %s\n", r.Access)
		if r.MaxBody != nil {
			t.printf("  body      at most %s\n", size(int(*r.MaxBody)))
		}
		t.printf("  crossings %d for a request", r.Crossings.Request)
		if r.Crossings.Response > 0 {
			t.printf(", %d for its answer", r.Crossings.Response)
		}
		t.printf("\n")
	}
	if len(r.CORS) > 0 {
		t.printf("  cors      pages of %s; preflights are answered after step 3\n", strings.Join(r.CORS, ", "))
	}
	for _, l := range []struct {
		what  string
		names []string
	}{{"headers", r.Reads.Headers}, {"queries", r.Reads.Queries}, {"cookies", r.Reads.Cookies}, {"attributes", r.Reads.Attributes},
		{"captures", r.Reads.Captures}, {"identity", r.Reads.Identity}} {
		if len(l.names) > 0 {
			t.printf("  reads     %s: %s\n", l.what, strings.Join(l.names, ", "))
		}
	}
	t.printf("  cost      at most %s\n", t.style("cost", written(r.Max)))
	for _, s := range r.Steps {
		t.printf("  %d %s\n", s.Number, s.Title)
		for _, k := range s.Rules {
			t.rule(k)
		}
	}
}

func (t *texter) rule(r *Rule) {
	t.printf("    %s  %s", r.Name, t.style("cost", costs(r)))
	if len(r.Lets) > 0 {
		t.printf(" with %s", strings.Join(r.Lets, ", "))
	}
	if r.Shadow {
		t.printf(", never enforced")
	}
	t.printf("\n      %s\n", r.Text)
}

func costs(r *Rule) string {
	switch {
	case r.Max != nil && *r.Max == 0:
		return "costs nothing"
	case r.Max != nil && *r.Max == r.Min:
		return fmt.Sprintf("costs %d", r.Min)
	}
	return fmt.Sprintf("costs %d to %s", r.Min, written(r.Max))
}

func written(n *uint64) string {
	if n == nil {
		return "unbounded"
	}
	return fmt.Sprint(*n)
}

func size(n int) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	}
	if n >= 1<<10 && n%(1<<10) == 0 {
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d B", n)
}
