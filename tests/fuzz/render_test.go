package fuzz

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// FuzzRender: messages about any place of any text are shown, in text, JSON and
// SARIF, in bounded size and without anything that acts on a terminal.
func FuzzRender(f *testing.F) {
	for _, s := range []struct {
		text, message string
		from, to      int
	}{
		{"let a = b\n", "text", 4, 5}, {"\ta\tb\r\n\tc", "tabs", 1, 3}, {"世界🎉 = é\u0301", "wide", 3, 10}, {"", "empty", 0, 0}, {"a\r\nb", "ends", 1, 2}, {"a\x1b[31mb\x00\x7f\u202e", "\x1b[2J\n", 1, 6},
		{strings.Repeat("x", 3000), "long", 1500, 2000}, {"\xff\xfe\xc3(", "bytes", 0, 3}, {"a\nb\nc", "lines", 0, 5}, {"a", "behind", 1, 1}, {"\u2028\u0085", "separators", 0, 3},
	} {
		f.Add(s.text, s.message, s.from, s.to)
	}
	f.Fuzz(func(t *testing.T, text, message string, from, to int) {
		if len(text) > maxText || len(message) > 4<<10 || from < 0 || to < from || to > len(text) {
			return
		}
		file := source.New("dir/p\t.moe", text)
		d := &diag.Diagnostic{Code: diag.BadExpression, Span: source.Span{File: file, Start: from, End: to}, Message: message, Help: message}
		d.Note(source.Span{File: file, Start: to, End: len(text)}, "%s", message).Note(source.Span{}, "nowhere")
		ds := []*diag.Diagnostic{d, {Code: diag.UnusedName, Message: message}}
		for _, color := range []bool{false, true} {
			var out bytes.Buffer
			if err := diag.WriteText(&out, ds, color); err != nil {
				t.Fatal(err)
			}
			if out.Len() > 1<<20 || !utf8.Valid(out.Bytes()) {
				t.Fatalf("%d bytes, text: %v", out.Len(), utf8.Valid(out.Bytes()))
			}
			if i := strings.IndexFunc(out.String(), func(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsGraphic(r) }); i >= 0 && !color {
				t.Fatalf("what is shown has %q", out.String()[i:min(out.Len(), i+8)])
			}
		}
		var out bytes.Buffer
		if err := diag.WriteJSON(&out, ds); err != nil {
			t.Fatal(err)
		}
		valid(t, out.Bytes())
		out.Reset()
		if err := diag.WriteSARIF(&out, ds); err != nil {
			t.Fatal(err)
		}
		valid(t, out.Bytes())
	})
}

// valid holds that a renderer wrote JSON values.
func valid(t *testing.T, out []byte) {
	t.Helper()
	if !utf8.Valid(out) {
		t.Fatalf("%q is not text", out)
	}
	d := json.NewDecoder(bytes.NewReader(out))
	for d.More() {
		var v any
		if err := d.Decode(&v); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
}
