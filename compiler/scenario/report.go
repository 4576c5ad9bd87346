package scenario

import (
	"encoding/json"
	"fmt"
	"io"

	"moec.dev/moec/dsl/source"
)

// WriteText writes results for people, a line a bundle and a block a failed
// test, bundles in the order in which they first occur. With verbose every
// test has a line.
func WriteText(w io.Writer, results []Result, verbose bool) error {
	out := &printer{w: w}
	for _, bundle := range bundlesOf(results) {
		tests, failed, requests := 0, 0, 0
		for _, r := range results {
			if r.Bundle != bundle {
				continue
			}
			tests++
			requests += r.Requests
			if r.Failed() {
				failed++
				out.failure(r)
			} else if verbose {
				out.printf("pass %s %q\n", r.Bundle, r.Title)
			}
		}
		if failed > 0 {
			out.printf("FAIL %s\t%s failed of %d, %s\n", bundle, count(failed, "test"), tests, count(requests, "request"))
		} else {
			out.printf("ok   %s\t%s, %s\n", bundle, count(tests, "test"), count(requests, "request"))
		}
	}
	return out.err
}

type printer struct {
	w   io.Writer
	err error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func (p *printer) failure(r Result) {
	p.printf("FAIL %s %q\n", r.Bundle, r.Title)
	for _, f := range r.Failures {
		p.printf("    %s: %s\n", f.Span, f.Message)
		for _, d := range f.Detail {
			p.printf("        %s\n", d)
		}
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func bundlesOf(results []Result) []string {
	var names []string
	seen := map[string]bool{}
	for _, r := range results {
		if !seen[r.Bundle] {
			seen[r.Bundle] = true
			names = append(names, r.Bundle)
		}
	}
	return names
}

type jsonResult struct {
	Bundle   string        `json:"bundle"`
	Test     string        `json:"test"`
	File     string        `json:"file"`
	Line     int           `json:"line"`
	Passed   bool          `json:"passed"`
	Requests int           `json:"requests"`
	Failures []jsonFailure `json:"failures"`
}

type jsonFailure struct {
	File    string   `json:"file"`
	Line    int      `json:"line"`
	Column  int      `json:"column"`
	Message string   `json:"message"`
	Detail  []string `json:"detail"`
}

// WriteJSON writes results for machines: one document, an array of tests.
func WriteJSON(w io.Writer, results []Result) error {
	out := []jsonResult{}
	for _, r := range results {
		j := jsonResult{
			Bundle: r.Bundle, Test: r.Title, File: fileName(r.Span), Line: r.Span.Position().Line,
			Passed: !r.Failed(), Requests: r.Requests, Failures: []jsonFailure{},
		}
		for _, f := range r.Failures {
			at := f.Span.Position()
			detail := f.Detail
			if detail == nil {
				detail = []string{}
			}
			j.Failures = append(j.Failures, jsonFailure{fileName(f.Span), at.Line, at.Column, f.Message, detail})
		}
		out = append(out, j)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(out)
}

func fileName(s source.Span) string {
	if s.File == nil {
		return ""
	}
	return s.File.Name
}
