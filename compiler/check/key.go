package check

import (
	"fmt"
	"strconv"
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
)

// key writes an expression in a form in which two that have one text have one
// value at every point where both can stand: names that macros bind are written
// as what they stand for.
func (f flow) key(e *celfront.Expr) string {
	var b strings.Builder
	f.writeKey(&b, e)
	return b.String()
}

func (f flow) writeKey(b *strings.Builder, e *celfront.Expr) {
	if f.exhausted() || f.unordered(e) {
		// No two expressions that are cut short here may look alike, and none that
		// may have another value each time.
		fmt.Fprintf(b, "<%p>", e)
		return
	}
	list := func(args []*celfront.Expr) {
		for i, a := range args {
			if i > 0 {
				b.WriteString(", ")
			}
			if i < len(e.Optional) && e.Optional[i] {
				b.WriteByte('?')
			}
			f.writeKey(b, a)
		}
	}
	switch e.Op {
	case celfront.Const:
		if s, ok := e.Value.(string); ok {
			b.WriteString(strconv.Quote(s))
		} else {
			fmt.Fprintf(b, "%T %v", e.Value, e.Value)
		}
	case celfront.Var:
		switch s := f.named(e.Name); {
		case s == nil:
			b.WriteString(e.Name)
		case s.value != nil:
			f.scope = s.in
			f.writeKey(b, s.value)
		default:
			b.WriteString(s.key)
		}
	case celfront.Select:
		b.WriteString(e.Name + " of ")
		f.writeKey(b, e.Args[0])
	case celfront.Has:
		b.WriteString("has " + e.Name + " of ")
		f.writeKey(b, e.Args[0])
	case celfront.List:
		b.WriteByte('[')
		list(e.Args)
		b.WriteByte(']')
	case celfront.Map:
		b.WriteByte('{')
		for i := 0; i+1 < len(e.Args); i += 2 {
			if i/2 < len(e.Optional) && e.Optional[i/2] {
				b.WriteByte('?')
			}
			f.writeKey(b, e.Args[i])
			b.WriteString(": ")
			f.writeKey(b, e.Args[i+1])
			b.WriteString(", ")
		}
		b.WriteByte('}')
	case celfront.Macro:
		b.WriteString(e.Name + "(")
		if len(e.Args) > 0 {
			f.writeKey(b, e.Args[0])
		}
		// Two macros that differ in nothing but their names for elements are one.
		depth := 0
		for s := f.scope; s != nil; s = s.outer {
			depth++
		}
		for i, v := range e.Vars {
			f = f.bind(scopes{name: v, key: "%" + strconv.Itoa(depth+i)})
		}
		for _, a := range e.Args[min(1, len(e.Args)):] {
			b.WriteString(", ")
			f.writeKey(b, a)
		}
		b.WriteByte(')')
	default:
		b.WriteString(e.Name + "(")
		list(e.Args)
		b.WriteByte(')')
	}
}

// unordered reports whether a value depends on the order of a map's keys, of
// which CEL says nothing.
func (f flow) unordered(e *celfront.Expr) bool {
	switch {
	case e.Op == celfront.Macro && (e.Name == "map" || e.Name == "filter" || e.Name == "transformList"):
		return f.typeOf(e.Args[0]).Kind != types.List
	case e.Op == celfront.Call && e.Name == "json.encode" && len(e.Args) == 1:
		return !ordered(f.typeOf(e.Args[0]))
	}
	return false
}

func ordered(t *types.Type) bool {
	return t == nil || t.Kind != types.Map && t.Kind != types.Dyn && ordered(t.Elem)
}

// call is the key of a function's call.
func call(name string, keys ...string) string { return name + "(" + strings.Join(keys, ", ") + ")" }

// What facts say. Their expressions are given as keys.
func hasKey(m, k string) string { return "key " + m + " " + k }
func hasValue(o string) string  { return "value " + o }
