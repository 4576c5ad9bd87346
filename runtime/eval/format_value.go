package eval

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"moec.dev/moec/runtime/core"
)

// formatValue writes what %s makes of a value; false when it has no text.
func formatValue(b *core.Builder, v Value) bool {
	switch v.kind {
	case NullKind:
		b.String("null")
	case BoolKind:
		b.String(strconv.FormatBool(v.bool()))
	case IntKind, UintKind, DoubleKind:
		return formatNumber(b, v, 10)
	case StringKind, BytesKind, TypeKind:
		b.String(v.text)
	case DurationKind:
		formatDouble(b, DoubleValue(time.Duration(v.high).Seconds()), 'f', -1)
		b.Byte('s')
	case TimestampKind:
		var room [48]byte
		b.Bytes(v.time().AppendFormat(room[:0], time.RFC3339Nano))
	case ListKind:
		b.Byte('[')
		for i, e := range v.composite.list {
			if i > 0 {
				b.String(", ")
			}
			if !formatValue(b, e) {
				return false
			}
		}
		b.Byte(']')
	case MapKind:
		return formatEntries(b, v.composite.entries)
	default:
		return false
	}
	return true
}

// formatEntries writes a map in the order of its keys' texts.
func formatEntries(b *core.Builder, m *Map[Value, Value]) bool {
	// The keys are written twice: once to be sorted, and cut off at the end.
	type key struct {
		text  string
		entry int
	}
	var few [16]key
	keys := few[:0]
	start := b.Len()
	for i, k := range m.Keys {
		from := b.Len()
		if !formatValue(b, k) {
			return false
		}
		keys = append(keys, key{b.Tail(from), i})
	}
	slices.SortStableFunc(keys, func(x, y key) int { return strings.Compare(x.text, y.text) })
	end := b.Len()
	b.Byte('{')
	for i, k := range keys {
		if i > 0 {
			b.String(", ")
		}
		b.String(k.text)
		b.String(": ")
		if !formatValue(b, m.Values[k.entry]) {
			return false
		}
	}
	b.Byte('}')
	b.Cut(start, end)
	return true
}
