// Package source holds policy files and the places inside them.
//
// It is the only package that turns byte offsets into lines and columns. It
// knows nothing of the language: a file here is a name and some bytes.
package source

import (
	"fmt"
	"sort"
	"unicode/utf8"
)

// File is one source file. It is immutable after New and safe for concurrent
// use.
type File struct {
	// Name is the slash-separated path shown to people, as they would type it.
	Name string
	// Text is the whole content.
	Text string

	lines []int // byte offset of the first byte of each line
}

// New returns a file with the given display name and content.
func New(name, text string) *File {
	f := &File{Name: name, Text: text, lines: []int{0}}
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' {
			f.lines = append(f.lines, i+1)
		}
	}
	return f
}

// Position is a place as people count: line and column start at 1, and a
// column is one Unicode code point.
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Position converts a byte offset. Offsets outside the text are clamped.
func (f *File) Position(offset int) Position {
	offset = min(max(offset, 0), len(f.Text))
	i := sort.SearchInts(f.lines, offset+1) - 1
	return Position{Line: i + 1, Column: utf8.RuneCountInString(f.Text[f.lines[i]:offset]) + 1}
}

// Line returns the text of a line (counted from 1) without its end, or "" if
// there is no such line.
func (f *File) Line(n int) string {
	if n < 1 || n > len(f.lines) {
		return ""
	}
	start, end := f.lines[n-1], len(f.Text)
	if n < len(f.lines) {
		end = f.lines[n] - 1
	}
	if end > start && f.Text[end-1] == '\r' {
		end--
	}
	return f.Text[start:end]
}

// Span is a half-open range of bytes of one file. The zero Span means "no
// place".
type Span struct {
	File       *File
	Start, End int
}

// Valid reports whether the span names a place.
func (s Span) Valid() bool { return s.File != nil }

// Text returns the bytes that the span covers.
func (s Span) Text() string {
	if s.File == nil {
		return ""
	}
	return s.File.Text[s.Start:s.End]
}

// Position returns where the span starts.
func (s Span) Position() Position {
	if s.File == nil {
		return Position{}
	}
	return s.File.Position(s.Start)
}

// To returns the span from the start of s to the end of t.
func (s Span) To(t Span) Span {
	if !s.Valid() {
		return t
	}
	if !t.Valid() {
		return s
	}
	return Span{File: s.File, Start: s.Start, End: max(s.End, t.End)}
}

// String formats the start of the span as file:line:column.
func (s Span) String() string {
	if s.File == nil {
		return "-"
	}
	p := s.Position()
	return fmt.Sprintf("%s:%d:%d", s.File.Name, p.Line, p.Column)
}
