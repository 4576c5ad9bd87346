package main

import (
	"fmt"
	"io/fs"
	"strings"

	"moec.dev/moec/compiler"
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
)

// policy is the file of the expressions in its folder.
const (
	folder = "expressions"
	policy = "expressions.moe"
)

// row is one expression of the file.
type row struct {
	name, group, like, text string
	params                  []param
}

type param struct {
	name string
	typ  *types.Type
}

// bound says that the row's time is a regular expression's.
func (r row) bound() bool { return r.group == "regex" }

// compile takes the expressions through the compiler.
func compile(fsys fs.FS) ([]row, *compiler.Unit, error) {
	u, found := compiler.Run(compiler.Input{FS: fsys, Name: folder}, "")
	for _, d := range found {
		if d.Code.Severity == diag.Error {
			return nil, nil, fmt.Errorf("%s: %s", d.Span, d.Message)
		}
	}
	text, err := fs.ReadFile(fsys, policy)
	if err != nil {
		return nil, nil, err
	}
	rows, err := read(string(text), u.Checked.Lets)
	return rows, u, err
}

// read finds the rows in the file's order. Every let is one.
func read(text string, lets []*check.Let) ([]row, error) {
	checked := map[string]*check.Let{}
	for _, l := range lets {
		checked[l.Name] = l
	}
	var rows []row
	above := ""
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, "let "); ok {
			name := rest[:strings.IndexAny(rest, "(= ")]
			group, like, ok := strings.Cut(strings.TrimPrefix(above, "// "), " | ")
			l := checked[name]
			if !ok || l == nil {
				return nil, fmt.Errorf("%s: let %s has no line above it that says its group and where its like is found", policy, name)
			}
			r := row{name: name, group: group, like: strings.TrimSpace(like), text: l.Decl.Value.Text}
			for _, p := range l.Params {
				r.params = append(r.params, param{p.Name, p.Type})
			}
			rows = append(rows, r)
		}
		above = line
	}
	if len(rows) != len(lets) {
		return nil, fmt.Errorf("%s: %d rows are found, and it has %d lets", policy, len(rows), len(lets))
	}
	return rows, nil
}
