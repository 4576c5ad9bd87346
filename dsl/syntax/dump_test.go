package syntax

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"moec.dev/moec/dsl/ast"
)

// dump writes a tree in one line: kinds with the fields that are not zero.
// Names and words stand as they are, strings in quotes, expressions in ‹ ›.
func dump(v any) string {
	switch v := v.(type) {
	case ast.Name:
		return v.Text
	case ast.Text:
		return fmt.Sprintf("%q", v.Value)
	case ast.Int:
		return fmt.Sprint(v.Value)
	case ast.Duration:
		return v.Value.String()
	case time.Duration:
		return v.String()
	case ast.Size:
		return fmt.Sprintf("%dB", v.Bytes)
	case ast.Expr:
		if v.Place.Text() != v.Text {
			return "EXPRESSION IS NOT ITS SPAN"
		}
		return "‹" + v.Text + "›"
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Pointer, reflect.Interface:
		if r.IsNil() {
			return "nil"
		}
		return dump(r.Elem().Interface())
	case reflect.Slice:
		var parts []string
		for i := range r.Len() {
			parts = append(parts, dump(r.Index(i).Interface()))
		}
		return "[" + strings.Join(parts, " ") + "]"
	case reflect.Struct:
		parts := []string{r.Type().Name()}
		for i := range r.NumField() {
			f, name := r.Field(i), r.Type().Field(i).Name
			switch {
			case name == "At":
				if !r.Field(i).Interface().(ast.At).Place.Valid() {
					parts = append(parts, "NO PLACE")
				}
			case name == "RuleBase":
				b := f.Interface().(ast.RuleBase)
				if !b.Place.Valid() {
					parts = append(parts, "NO PLACE")
				}
				if b.OnError.Text != "" {
					parts = append(parts, "OnError:"+b.OnError.Text)
				}
			case f.IsZero():
			case f.Kind() == reflect.Bool:
				parts = append(parts, name)
			default:
				parts = append(parts, name+":"+dump(f.Interface()))
			}
		}
		return "(" + strings.Join(parts, " ") + ")"
	}
	return fmt.Sprint(v)
}
