package table

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"moec.dev/moec/compiler/types"
)

// Cells reports whether a CSV file can hold a type: a map whose values are
// scalars, or records of them.
func Cells(t *types.Type) bool {
	if t.Kind != types.Map {
		return false
	}
	if t.Elem.Kind != types.Record {
		return scalar(t.Elem)
	}
	for _, f := range t.Elem.Fields {
		if !scalar(f.Type) {
			return false
		}
	}
	return true
}

func scalar(t *types.Type) bool {
	if t.Kind == types.Optional {
		t = t.Elem
	}
	switch t.Kind {
	case types.List, types.Map, types.Record, types.Optional:
		return false
	}
	return true
}

// csv reads a CSV file with a header: a row is an entry, its first cell the
// key. Where the values are no records there is one more column.
func (r *reader) csv(t *types.Type) *node {
	off := 0
	if strings.HasPrefix(r.file.Text, byteOrderMark) {
		off = len(byteOrderMark)
	}
	d := csv.NewReader(strings.NewReader(r.file.Text[off:]))
	d.FieldsPerRecord = -1
	var header []string
	out := &node{kind: object, at: r.span(0, 1)}
	seen := map[string]bool{}
	for {
		row, err := d.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			at := 0
			var parse *csv.ParseError
			if errors.As(err, &parse) {
				at, err = r.lineStart(parse.Line), parse.Err
			}
			r.malformed(r.span(at, at+1), "the file is not CSV: %v", err)
			return nil
		}
		cells := make([]*node, len(row))
		for i, c := range row {
			line, column := d.FieldPos(i)
			at := r.lineStart(line) + column - 1
			if line == 1 {
				at += off
			}
			cells[i] = &node{kind: cell, text: c, at: r.span(at, at+max(1, len(c)))}
		}
		switch {
		case header == nil:
			if header = r.header(row, cells, t); header == nil {
				return nil
			}
			continue
		case len(row) != len(header):
			r.malformed(cells[0].at, "the row has %d cells and the header %d", len(row), len(header))
			return nil
		case seen[row[0]]:
			r.malformed(cells[0].at, "the key %q stands twice", row[0])
			return nil
		}
		seen[row[0]] = true
		entry := cells[1]
		if t.Elem.Kind == types.Record {
			entry = &node{kind: object, keys: header[1:], items: cells[1:], at: cells[0].at}
		}
		out.keys, out.items = append(out.keys, row[0]), append(out.items, entry)
	}
	if header == nil {
		r.malformed(out.at, "the file has no header")
		return nil
	}
	return out
}

// header checks the first row.
func (r *reader) header(row []string, cells []*node, t *types.Type) []string {
	if t.Elem.Kind != types.Record && len(row) != 2 {
		r.malformed(cells[0].at, "the header has %d cells; a table of type %s has two columns, the key and the value", len(row), t)
		return nil
	}
	seen := map[string]bool{}
	for i, name := range row {
		if seen[name] {
			r.malformed(cells[i].at, "the column %q stands twice", name)
			return nil
		}
		seen[name] = true
	}
	if len(row) < 2 {
		r.malformed(cells[0].at, "the header has one cell: the first column is the key, the others are the fields")
		return nil
	}
	return row
}
