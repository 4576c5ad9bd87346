// Package reload reads the files that a library will read again, once more and
// as the library does. What that would refuse when Envoy loads it, or would take
// otherwise than the compiler and the tests of the policy did, does not compile.
//
// It knows the library's readers, and nothing of how a policy is compiled.
package reload

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/table"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// Check reads the files of a bundle that say reload.
func Check(b *check.Bundle, diags *diag.List) {
	for _, t := range b.Tables {
		if !t.Decl.Reload {
			continue
		}
		if err := same(t); err != nil {
			diags.Add(diag.ReadOtherwise, place(t.File, err), "the library does not read this file as the compiler does: %v", err).
				Note(t.Decl.File.Span(), "the table is read again while Envoy runs").Helpf("%s", remedy(t))
		}
	}
	for _, a := range b.Bundle.Auths {
		if a.Reload && a.Lines != nil && !diags.HasErrors() { // of a file with mistakes not all keys are known
			keys(a, diags)
		}
	}
}

// same compares what the two readers make of a table's file.
func same(t *check.Table) error {
	v, err := read(t.Name, t.File.Text, formats[table.Format(t.File.Name)], t.Type)
	if err != nil {
		return err
	}
	if got, want := table.Write(v, t.Type), table.Write(t.Value, t.Type); got != want {
		return errors.New(t.Name + " would be " + got)
	}
	return nil
}

func remedy(t *check.Table) string {
	if table.Format(t.File.Name) == table.YAML {
		return "write maps and lists by indentation, or in brackets on one line, and a text in double quotes on one line; or leave reload out"
	}
	return "leave reload out, and the table is compiled in"
}

var lineNumber = regexp.MustCompile(`\bline (\d+)`)

// place is the line that a message of the library's names.
func place(f *source.File, err error) source.Span {
	m := lineNumber.FindStringSubmatch(err.Error())
	if m == nil {
		return source.Span{File: f, End: min(1, len(f.Text))}
	}
	n, _ := strconv.Atoi(m[1]) // of digits
	at := 0
	for ; n > 1; n-- {
		next := strings.IndexByte(f.Text[at:], '\n')
		if next < 0 {
			break
		}
		at += next + 1
	}
	line, _, _ := strings.Cut(f.Text[at:], "\n")
	line = strings.TrimRight(line, "\r")
	at += len(line) - len(strings.TrimLeft(line, " "))
	return source.Span{File: f, Start: at, End: at + max(min(1, len(f.Text)-at), len(strings.TrimSpace(line)))}
}
