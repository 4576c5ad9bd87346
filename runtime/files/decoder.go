// Package files turns the text of data files into the values that generated
// code reads, and keeps what requests see of them: one snapshot from a
// request's first rule to its last.
//
// It reads no files itself and knows nothing of where they lie.
package files

import (
	"errors"
	"strconv"
	"strings"
)

// Decoder reads one value of a known type after the other from a JSON text.
// The first mistake ends it: what is read after that are zero values, and Err
// says what was wrong, with the line and the field.
type Decoder struct {
	text  string
	pos   int
	path  []string
	err   error
	depth int
	// cells: scalars are texts of CSV cells, and an empty one is an absent
	// optional.
	cells bool
	made  bool // the text is not the file's: its lines mean nothing
}

// maxDepth bounds how deep values may lie in each other.
const maxDepth = 64

// byteOrderMark is what some editors put before a text.
const byteOrderMark = "\ufeff"

// Read decodes a whole text. name is what messages call the value.
func Read[T any](name string, f Format, text string, decode func(*Decoder) T) (T, error) {
	var zero T
	text = strings.TrimPrefix(text, byteOrderMark)
	d := &Decoder{text: text, path: []string{name}}
	if f == CSV {
		rows, err := fromCSV(text)
		if err != nil {
			return zero, errors.New(name + ": " + err.Error())
		}
		d.text, d.cells, d.made = rows, true, true
	}
	if f == YAML {
		made, err := fromYAML(text)
		if err != nil {
			return zero, errors.New(name + ": " + err.Error())
		}
		d.text = made // line by line
	}
	v := decode(d)
	if d.space(); d.err == nil && d.pos < len(d.text) {
		d.fail("the file goes on after its value")
	}
	if d.err != nil {
		return zero, d.err
	}
	return v, nil
}

// Must is Read of a text that the compiler wrote.
func Must[T any](v T, err error) T {
	if err != nil {
		panic("files: " + err.Error())
	}
	return v
}

// Format is how a file is written.
type Format uint8

// The formats.
const (
	JSON Format = iota
	CSV
	YAML
)

// Written is the format of a text: that of its file unless it is plain JSON.
func Written(plain bool, f Format) Format {
	if plain {
		return JSON
	}
	return f
}

func (d *Decoder) fail(what string) {
	if d.err != nil {
		return
	}
	where := ""
	if !d.made {
		where = "line " + strconv.Itoa(1+strings.Count(d.text[:min(d.pos, len(d.text))], "\n")) + ", "
	}
	d.err = errors.New(where + strings.Join(d.path, ".") + ": " + what)
	d.pos = len(d.text)
}

func (d *Decoder) space() {
	for d.pos < len(d.text) {
		switch d.text[d.pos] {
		case ' ', '\t', '\r', '\n':
			d.pos++
		default:
			return
		}
	}
}

// next skips blanks and returns the byte that follows, 0 at the end.
func (d *Decoder) next() byte {
	d.space()
	if d.err != nil || d.pos >= len(d.text) {
		return 0
	}
	return d.text[d.pos]
}

// take skips a byte that must be there.
func (d *Decoder) take(c byte) bool {
	if d.next() != c {
		d.unlike(string(rune(c)))
		return false
	}
	d.pos++
	return true
}

// unlike says what stands in place of what was wanted.
func (d *Decoder) unlike(want string) {
	have := "the file ends"
	switch c := d.next(); {
	case d.err != nil:
		return
	case c == '{':
		have = "an object stands"
	case c == '[':
		have = "a list stands"
	case c == '"':
		have = "a text stands"
	case c == 'n':
		have = "null stands"
	case c == 't' || c == 'f':
		have = "a bool stands"
	case c == '-' || c >= '0' && c <= '9':
		have = "a number stands"
	case c != 0:
		have = strconv.QuoteRune(rune(c)) + " stands"
	}
	d.fail(have + " where " + want + " is needed")
}

// word takes a literal word.
func (d *Decoder) word(w string) bool {
	if d.next(); strings.HasPrefix(d.text[d.pos:], w) {
		d.pos += len(w)
		return true
	}
	return false
}

// in goes into a value of a key or an index for as long as f runs.
func (d *Decoder) in(step string, f func()) {
	if d.depth++; d.depth > maxDepth {
		d.fail("values lie in each other too deep")
		return
	}
	d.path = append(d.path, step)
	f()
	d.path = d.path[:len(d.path)-1]
	d.depth--
}

// object reads { "key": value, ... }; no key may stand twice.
func (d *Decoder) object(what string, f func(key string)) {
	if d.next() != '{' {
		d.unlike(what)
		return
	}
	d.pos++
	if d.next() == '}' {
		d.pos++
		return
	}
	seen := map[string]bool{}
	for d.err == nil {
		if d.next() != '"' {
			d.unlike("a key")
			return
		}
		key := d.quoted()
		if seen[key] {
			d.fail("the key " + strconv.Quote(key) + " stands twice")
			return
		}
		seen[key] = true
		if !d.take(':') {
			return
		}
		d.in(key, func() { f(key) })
		if d.next() == ',' {
			d.pos++
			continue
		}
		d.take('}')
		return
	}
}
