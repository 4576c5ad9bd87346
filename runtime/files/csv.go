package files

import (
	"encoding/csv"
	"errors"
	"strconv"
	"strings"
)

// fromCSV writes a CSV file with a header as JSON: an object of the rows by
// their first cells, each an object by column. Where the values are no records,
// Cell takes the one column out of it.
func fromCSV(text string) (string, error) {
	r := csv.NewReader(strings.NewReader(text))
	rows, err := r.ReadAll() // rows of another length than the header are refused
	if err != nil {
		return "", err
	}
	if len(rows) == 0 || len(rows[0]) < 2 {
		return "", errors.New("the header needs two cells: the first column is the key, the others are the fields")
	}
	for i, name := range rows[0] {
		for _, other := range rows[0][:i] {
			if name == other {
				return "", errors.New("line 1: the column " + strconv.Quote(name) + " stands twice")
			}
		}
	}
	var b strings.Builder
	quote := func(s string) { writeQuoted(&b, s) }
	b.WriteByte('{')
	for i, row := range rows[1:] {
		if i > 0 {
			b.WriteByte(',')
		}
		quote(row[0])
		b.WriteString(":{")
		for k, cell := range row[1:] {
			if k > 0 {
				b.WriteByte(',')
			}
			quote(rows[0][k+1])
			b.WriteByte(':')
			quote(cell)
		}
		b.WriteByte('}')
	}
	b.WriteByte('}')
	return b.String(), nil
}

// writeQuoted writes a JSON string.
func writeQuoted(b *strings.Builder, s string) {
	const hex = "0123456789abcdef"
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ':
			b.WriteString(`\u00`)
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
}

// Cell reads the only cell of a row behind its key.
func Cell[T any](d *Decoder, elem func(*Decoder) T) T {
	var v T
	if !d.cells {
		return elem(d)
	}
	n := 0
	d.object("a row", func(string) {
		if n++; n > 1 {
			d.fail("the table has two columns, the key and the value; this is column " + strconv.Itoa(n+1))
			return
		}
		v = elem(d)
	})
	return v
}
