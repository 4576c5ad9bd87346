// Package wire is how a test talks to a program of compiled expressions: CEL
// values as text that loses nothing, questions and answers a line each.
//
// It is linked into that program, so that it uses the standard library and the
// runtime only. It knows no expression and judges no value.
package wire

import (
	"slices"
	"strconv"
	"strings"
)

// Value is a CEL value in a form of its own, so that neither side of a
// comparison lends the other its idea of equality.
type Value struct {
	Kind Kind `json:"kind"`
	// Text is a scalar's value: see the functions that make one.
	Text string `json:"text,omitempty"`
	// Items are a list's elements, a map's keys and values in turn, or what an
	// optional holds.
	Items []Value `json:"items,omitempty"`
}

// Kind is what a value is.
type Kind string

// The kinds.
const (
	Null      Kind = "null"
	Bool      Kind = "bool"
	Int       Kind = "int"
	Uint      Kind = "uint"
	Double    Kind = "double"
	String    Kind = "string"
	Bytes     Kind = "bytes"
	Duration  Kind = "duration"  // in nanoseconds
	Timestamp Kind = "timestamp" // seconds since 1970, a blank, nanoseconds
	List      Kind = "list"
	Map       Kind = "map"
	Optional  Kind = "optional"
	Type      Kind = "type" // CEL's name of it
	IP        Kind = "ip"
	CIDR      Kind = "cidr"
)

// OfBool makes a bool.
func OfBool(v bool) Value { return Value{Kind: Bool, Text: strconv.FormatBool(v)} }

// OfInt makes an int.
func OfInt(v int64) Value { return Value{Kind: Int, Text: strconv.FormatInt(v, 10)} }

// OfUint makes a uint.
func OfUint(v uint64) Value { return Value{Kind: Uint, Text: strconv.FormatUint(v, 10)} }

// OfDouble makes a double. There is one NaN, and two zeros.
func OfDouble(v float64) Value {
	return Value{Kind: Double, Text: strconv.FormatFloat(v, 'g', -1, 64)}
}

// OfString makes a string, whatever bytes it is of.
func OfString(v string) Value { return Value{Kind: String, Text: strconv.Quote(v)} }

// OfBytes makes bytes.
func OfBytes(v string) Value { return Value{Kind: Bytes, Text: strconv.Quote(v)} }

// OfDuration makes a duration of nanoseconds.
func OfDuration(v int64) Value { return Value{Kind: Duration, Text: strconv.FormatInt(v, 10)} }

// OfTimestamp makes a timestamp.
func OfTimestamp(seconds int64, nanos int) Value {
	return Value{Kind: Timestamp, Text: strconv.FormatInt(seconds, 10) + " " + strconv.Itoa(nanos)}
}

// Of makes a value whose text is its name: a type, an address, a block.
func Of(k Kind, text string) Value { return Value{Kind: k, Text: text} }

// String writes the value so that two are the same, type for type, if and only
// if their texts are. The order of a map's entries means nothing.
func (v Value) String() string {
	var b strings.Builder
	v.write(&b)
	return b.String()
}

func (v Value) write(b *strings.Builder) {
	b.WriteString(string(v.Kind))
	switch v.Kind {
	case Null:
	case List, Optional:
		b.WriteByte('[')
		for i, e := range v.Items {
			if i > 0 {
				b.WriteString(", ")
			}
			e.write(b)
		}
		b.WriteByte(']')
	case Map:
		var entries []string
		for i := 0; i+1 < len(v.Items); i += 2 {
			entries = append(entries, v.Items[i].String()+": "+v.Items[i+1].String())
		}
		slices.Sort(entries)
		b.WriteString("{" + strings.Join(entries, ", ") + "}")
	default:
		b.WriteString("(" + v.Text + ")")
	}
}
