// Package format writes a policy file in the one style that moec has.
//
// It cuts the text into tokens of its own, comments among them, takes from the
// tree where statements, blocks and expressions stand, decides for each token
// whether it begins a line and how many spaces stand before it, and proves that
// what came out reads the same as what went in.
//
// It must not know what names and types mean, where files lie, or what is wrong
// with a policy beyond its syntax. It has no options: style is not a choice.
package format

import (
	"strings"
	"unicode/utf8"

	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
	"moec.dev/moec/dsl/syntax"
)

const (
	// columns is the number of columns that a line should not exceed. Long
	// strings and expressions may: they are never cut.
	columns = 100
	// listed is the length in columns of a list that stays on its line wherever
	// that ends.
	listed = columns / 2
	// unit is one step of indentation, in spaces.
	unit = 2
	// maxSize is the size of the largest policy, in bytes.
	maxSize = 1 << 20
)

const byteOrderMark = "\ufeff"

// Source returns the text of a policy file in canonical style. Lines end in LF,
// the text in one of them; text without any statement or comment becomes empty.
//
// It reports false, and what is wrong to diags, when the file has syntax errors
// or cannot be a policy: then it must stay as it is. Time and memory are linear
// in the length of the text.
func Source(f *source.File, diags *diag.List) (string, bool) {
	if strings.HasPrefix(f.Text, byteOrderMark) {
		f = source.New(f.Name, strings.TrimPrefix(f.Text, byteOrderMark))
	}
	if !readable(f, diags) {
		return "", false
	}
	var own diag.List
	tree := syntax.Parse(f, &own)
	if own.HasErrors() {
		diags.Append(own.Sorted()...)
		return "", false
	}
	toks := scan(f.Text)
	o, err := newOutline(tree, toks)
	if err != nil {
		diags.Add(diag.InternalError, source.Span{File: f}, "the file is left as it is: %v", err)
		return "", false
	}
	p := newPlan(o)
	p.lay()
	p.align()
	text := p.text()
	if !readable(source.New(f.Name, text), diags) {
		return "", false
	}
	if err := same(tree, source.New(f.Name, text)); err != nil {
		diags.Add(diag.InternalError, source.Span{File: f}, "the file is left as it is: %v", err)
		return "", false
	}
	return text, true
}

// readable reports what cannot be a policy file whatever it says.
func readable(f *source.File, diags *diag.List) bool {
	if len(f.Text) > maxSize {
		diags.Add(diag.TooLarge, source.Span{File: f}, "a policy file may have %d KiB, and this one has more", maxSize>>10).
			Helpf("split it: all .moe files of a directory make one bundle")
		return false
	}
	for i, r := range f.Text {
		if r == utf8.RuneError && !strings.HasPrefix(f.Text[i:], "\ufffd") {
			diags.Add(diag.NotText, source.Span{File: f, Start: i, End: i + 1}, "the file is not UTF-8: byte 0x%02X stands here", f.Text[i]).
				Helpf("save it as UTF-8")
			return false
		}
	}
	return true
}
