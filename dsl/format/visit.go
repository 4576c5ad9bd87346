package format

import (
	"fmt"
	"reflect"
	"strings"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
	"moec.dev/moec/dsl/syntax"
)

// visit calls f for every node of the tree that is behind a pointer.
func visit(tree *ast.File, f func(any)) {
	for _, d := range tree.Decls {
		walk(reflect.ValueOf(d), f)
	}
}

var placeType = reflect.TypeFor[source.Span]()

func walk(v reflect.Value, f func(any)) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			walk(v.Elem(), f)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			f(v.Interface())
			walk(v.Elem(), f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), f)
		}
	case reflect.Struct:
		if v.Type() == placeType {
			return
		}
		for i := range v.NumField() {
			walk(v.Field(i), f)
		}
	}
}

// same holds a formatted file against the tree of the original: it must have
// the same tokens and comments in the same order, separators aside, and the same
// tree, places aside. The error says what differs.
func same(before *ast.File, after *source.File) error {
	var diags diag.List
	tree := syntax.Parse(after, &diags)
	if found := diags.Sorted(); diags.HasErrors() {
		return fmt.Errorf("it would not be read any more: %v", found[0])
	}
	a, b := essence(before.Source.Text), essence(after.Text)
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Errorf("%q would become %q", a[i], b[i])
		}
	}
	if len(a) != len(b) {
		return fmt.Errorf("%d tokens would become %d", len(a), len(b))
	}
	if dump(before) != dump(tree) {
		return fmt.Errorf("its meaning would change")
	}
	return nil
}

// essence is what a text says apart from its layout.
func essence(text string) []string {
	var out []string
	for _, t := range scan(text) {
		if !t.is(",") && !t.is(";") {
			out = append(out, t.text)
		}
	}
	return out
}

// dump writes a tree without its places. Of expressions it writes the tokens,
// but for a comma before a closing bracket, which means nothing.
func dump(tree *ast.File) string {
	var b strings.Builder
	for _, d := range tree.Decls {
		write(&b, reflect.ValueOf(d))
	}
	return b.String()
}

func write(b *strings.Builder, v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			b.WriteString("nil")
			return
		}
		write(b, v.Elem())
	case reflect.Slice:
		fmt.Fprintf(b, "%t[", v.IsNil())
		for i := range v.Len() {
			write(b, v.Index(i))
		}
		b.WriteString("]")
	case reflect.Struct:
		if v.Type() == placeType {
			return
		}
		if e, ok := v.Interface().(ast.Expr); ok {
			expression(b, e.Text)
			return
		}
		b.WriteString(v.Type().Name() + "(")
		for i := range v.NumField() {
			write(b, v.Field(i))
		}
		b.WriteString(")")
	default:
		fmt.Fprintf(b, "%#v;", v.Interface())
	}
}

func expression(b *strings.Builder, text string) {
	var toks []token
	for _, t := range scan(text) {
		if t.kind == comment {
			continue
		}
		if last := len(toks) - 1; last >= 0 && toks[last].is(",") && (t.is("]") || t.is("}")) {
			toks = toks[:last]
		}
		toks = append(toks, t)
	}
	for _, t := range toks {
		fmt.Fprintf(b, "%q ", t.text)
	}
}
