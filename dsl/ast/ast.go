// Package ast is the tree of a bundle that the rest of the compiler reads:
// every declaration, rule and test statement of the language, each with its
// span, literals decoded, expressions still as CEL text.
//
// It knows nothing of how the text was parsed nor of what the names mean. A
// tree is immutable once dsl/load has returned it.
package ast

import (
	"time"

	"moec.dev/moec/dsl/source"
)

// Bundle is a directory of files, or one file.
type Bundle struct {
	// Name is the directory's or file's name, unless a bundle declaration says
	// otherwise.
	Name  string
	Files []*File // sorted by name
	// Data holds the files that declarations name (keys, tables), by the path
	// relative to the bundle's root.
	Data map[string]Data
	// Modules holds what the bundle imports, by the path as written. Of a module
	// only policies and lets count.
	Modules map[string]*Bundle
}

// Data is a file that a declaration names.
type Data struct {
	Source *source.File // nil when Err is set
	Err    error
}

// File is one parsed file.
type File struct {
	Source *source.File
	Decls  []Decl
}

// Node is anything with a place.
type Node interface{ Span() source.Span }

// At is the embedded place of a node.
type At struct{ Place source.Span }

// Span returns the place of the node.
func (a At) Span() source.Span { return a.Place }

// Name is an identifier at a place. The zero Name means "not written".
type Name struct {
	At
	Text string
}

// Text is a decoded string literal at a place.
type Text struct {
	At
	Value string
}

// Int is a whole number at a place.
type Int struct {
	At
	Value int64
}

// Duration is a duration literal at a place.
type Duration struct {
	At
	Value time.Duration
}

// Expr is a CEL expression: its text is exactly the bytes of its span.
type Expr struct {
	At
	Text string
}

// Size is a size literal in bytes (64KiB).
type Size struct {
	At
	Bytes int64
}

// Rate is a rate literal (100/min).
type Rate struct {
	At
	Count int64
	Per   time.Duration
}

// Type is a written type.
type Type struct {
	At
	// Kind is bool, int, uint, double, string, bytes, duration, timestamp,
	// list, map or record.
	Kind     string
	Elem     *Type    // list's element, map's value (keys are strings)
	Fields   []*Field // record's fields, in order
	Optional bool     // T?
}

// Field is a field of a record type or a parameter of a let or policy.
type Field struct {
	At
	Name Name
	Type *Type
	// From is where a claim is read, for claims whose place has another name.
	From *Text
	// Default is a policy parameter's default, or nil.
	Default *Expr
}
