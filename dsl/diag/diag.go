// Package diag holds what the tool says about a policy: diagnostics as data,
// the table of their codes, and the renderers for people and machines.
//
// It knows files and spans, and nothing of the language that they are about.
package diag

import (
	"fmt"
	"sort"

	"moec.dev/moec/dsl/source"
)

// Severity says whether a diagnostic stops the compiler.
type Severity uint8

// The severities. Errors cannot be silenced; warnings can, by code on a line.
const (
	Error Severity = iota
	Warning
)

// String returns the word that the text form prints.
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Code identifies one kind of mistake. Codes never change meaning and are
// never reused; each has a page in pages/ with an example that triggers it.
type Code struct {
	ID       string // "M0301"
	Severity Severity
	Title    string // a few words, lower case, for lists
}

// Related is a second place that explains the first.
type Related struct {
	Span    source.Span
	Message string
}

// Diagnostic is one message.
type Diagnostic struct {
	Code    Code
	Span    source.Span
	Message string
	Related []Related
	// Help is what to do about it, in one sentence or as text that can be
	// pasted in place of the span. Empty when there is nothing better to say.
	Help string
}

// Error makes a diagnostic usable as a Go error.
func (d *Diagnostic) Error() string {
	return fmt.Sprintf("%s: %s %s: %s", d.Span, d.Code.Severity, d.Code.ID, d.Message)
}

// Note adds a related place and returns the diagnostic.
func (d *Diagnostic) Note(span source.Span, format string, args ...any) *Diagnostic {
	d.Related = append(d.Related, Related{Span: span, Message: fmt.Sprintf(format, args...)})
	return d
}

// Helpf sets the help text and returns the diagnostic.
func (d *Diagnostic) Helpf(format string, args ...any) *Diagnostic {
	d.Help = fmt.Sprintf(format, args...)
	return d
}

// List collects diagnostics. The zero value is ready for use; it is not safe
// for concurrent use.
type List struct {
	all []*Diagnostic
}

// Add appends a diagnostic and returns it, so that notes and help can follow.
func (l *List) Add(code Code, span source.Span, format string, args ...any) *Diagnostic {
	d := &Diagnostic{Code: code, Span: span, Message: fmt.Sprintf(format, args...)}
	l.all = append(l.all, d)
	return d
}

// Append adds diagnostics that were made elsewhere.
func (l *List) Append(ds ...*Diagnostic) { l.all = append(l.all, ds...) }

// HasErrors reports whether any diagnostic is an error.
func (l *List) HasErrors() bool {
	for _, d := range l.all {
		if d.Code.Severity == Error {
			return true
		}
	}
	return false
}

// Len returns the number of diagnostics.
func (l *List) Len() int { return len(l.all) }

// Sorted returns the diagnostics by file, offset and code, without exact
// repetitions.
func (l *List) Sorted() []*Diagnostic {
	out := make([]*Diagnostic, len(l.all))
	copy(out, l.all)
	name := func(s source.Span) string {
		if s.File == nil {
			return ""
		}
		return s.File.Name
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if x, y := name(a.Span), name(b.Span); x != y {
			return x < y
		}
		if a.Span.Start != b.Span.Start {
			return a.Span.Start < b.Span.Start
		}
		return a.Code.ID < b.Code.ID
	})
	kept := out[:0]
	for i, d := range out {
		if i > 0 {
			p := kept[len(kept)-1]
			if p.Code == d.Code && p.Span == d.Span && p.Message == d.Message {
				continue
			}
		}
		kept = append(kept, d)
	}
	return kept
}
