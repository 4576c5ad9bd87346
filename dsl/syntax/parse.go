// Package syntax turns the text of a policy file into its tree.
//
// It works in three steps, each blind to the next: a scanner cuts the text into
// tokens, an outline cuts the tokens into statements, and a participle grammar
// reads each statement by itself. It knows the form of the language and nothing
// of what names mean, of CEL beyond where an expression ends, or of files on
// disk.
package syntax

import (
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// maxMessages bounds what is said about one file. Nobody reads more, and a
// file that is no policy at all would give one for every line.
const maxMessages = 100

// Parse reads a file and adds what is wrong with it to diags. It never fails:
// the tree holds whatever could be read, so it is of use for further messages
// even when there are errors, and then must not be compiled. Time and memory
// are linear in the length of the text.
func Parse(f *source.File, diags *diag.List) *ast.File {
	var own diag.List
	c := &lowering{file: f, diags: &own}
	file := &ast.File{Source: f}
	for _, s := range outline(f, scan(f, &own), &own).stmts {
		if d := c.declaration(s); d != nil {
			file.Decls = append(file.Decls, d)
		}
	}
	found := own.Sorted()
	if len(found) > maxMessages {
		rest := found[maxMessages]
		diags.Append(found[:maxMessages]...)
		diags.Add(diag.Syntax, rest.Span, "%d more errors in this file are left out, beginning here", len(found)-maxMessages).
			Helpf("put those before it right first")
		return file
	}
	diags.Append(found...)
	return file
}
