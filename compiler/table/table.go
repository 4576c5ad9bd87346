// Package table reads the files of tables: JSON, YAML and CSV in, values of the
// declared type out, or messages that name the line and the field.
//
// It knows types and files, and nothing of who reads a table or how.
package table

import (
	"path"
	"strings"

	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// Value is a value of a table: bool, int64, uint64, float64, string, []byte,
// time.Duration, time.Time, []Value for a list and, in the order of the type's
// fields, for a record, *Map, or nil for an optional that is absent.
type Value any

// Map is a map's entries in the order of the file.
type Map struct {
	Keys   []string
	Values []Value
}

// The formats, by the file's ending.
const (
	JSON = "json"
	YAML = "yaml"
	CSV  = "csv"
)

// Format returns the format of a file's name, or "".
func Format(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".json":
		return JSON
	case ".yaml", ".yml":
		return YAML
	case ".csv":
		return CSV
	}
	return ""
}

// maxDepth bounds how deep values may lie in each other.
const maxDepth = 64

// Read reads a file as a value of a type. What is wrong goes to diags, at its
// place in the file; ok says that nothing was.
func Read(name string, f *source.File, t *types.Type, diags *diag.List) (v Value, ok bool) {
	r := &reader{table: name, file: f, diags: diags}
	var n *node
	switch Format(f.Name) {
	case JSON:
		n = r.json()
	case YAML:
		n = r.yaml()
	case CSV:
		n = r.csv(t)
	}
	if n == nil || r.wrong > 0 {
		return nil, false
	}
	v = r.value(n, t, nil)
	return v, r.wrong == 0
}

// kind is what a value looks like in its file.
type kind uint8

const (
	null kind = iota
	boolean
	number
	text
	moment // a time without quotes, in YAML
	cell   // of a CSV file: what it is, its type says
	list
	object
)

var kindNames = [...]string{"null", "a bool", "a number", "a text", "a time", "a cell", "a list", "an object"}

// node is a value in its file.
type node struct {
	kind  kind
	text  string // of a scalar
	keys  []string
	items []*node
	at    source.Span
}

type reader struct {
	table string
	file  *source.File
	diags *diag.List
	wrong int
	lines []int // where lines begin, found when it is first asked for
}

// maxProblems is how many values of one file are complained about.
const maxProblems = 10

func (r *reader) span(start, end int) source.Span {
	n := len(r.file.Text)
	start = min(max(start, 0), n)
	return source.Span{File: r.file, Start: start, End: min(max(end, start), n)}
}

// malformed is about the file's form.
func (r *reader) malformed(at source.Span, format string, args ...any) {
	r.wrong++
	r.diags.Add(diag.BadData, at, format, args...)
}

// refuse is about a value; path leads to it.
func (r *reader) refuse(at source.Span, path []string, format string, args ...any) *diag.Diagnostic {
	r.wrong++
	if r.wrong > maxProblems {
		return &diag.Diagnostic{}
	}
	where := strings.Join(append([]string{r.table}, path...), ".")
	return r.diags.Add(diag.BadTableValue, at, "%s: "+format, append([]any{where}, args...)...)
}
