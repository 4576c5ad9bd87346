package table

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"moec.dev/moec/compiler/types"
)

// Write is a value as JSON without blanks, as every reader of tables takes it.
func Write(v Value, t *types.Type) string {
	var b strings.Builder
	write(&b, v, t)
	return b.String()
}

func write(b *strings.Builder, v Value, t *types.Type) {
	if v == nil {
		b.WriteString("null")
		return
	}
	if t.Kind == types.Optional {
		t = t.Elem
	}
	switch v := v.(type) {
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case int64:
		b.WriteString(strconv.FormatInt(v, 10))
	case uint64:
		b.WriteString(strconv.FormatUint(v, 10))
	case float64:
		b.WriteString(strconv.FormatFloat(v, 'g', -1, 64))
	case string:
		quote(b, v)
	case []byte:
		quote(b, base64.StdEncoding.EncodeToString(v))
	case time.Duration:
		quote(b, v.String())
	case time.Time:
		quote(b, v.UTC().Format(time.RFC3339Nano))
	case *Map:
		b.WriteByte('{')
		for i := range v.Keys {
			if i > 0 {
				b.WriteByte(',')
			}
			quote(b, v.Keys[i])
			b.WriteByte(':')
			write(b, v.Values[i], t.Elem)
		}
		b.WriteByte('}')
	case []Value:
		if t.Kind == types.Record {
			writeRecord(b, v, t)
			return
		}
		b.WriteByte('[')
		for i := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			write(b, v[i], t.Elem)
		}
		b.WriteByte(']')
	}
}

func writeRecord(b *strings.Builder, v []Value, t *types.Type) {
	b.WriteByte('{')
	first := true
	for i, f := range t.Fields {
		if v[i] == nil { // absent
			continue
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		quote(b, f.Name)
		b.WriteByte(':')
		write(b, v[i], f.Type)
	}
	b.WriteByte('}')
}

func quote(b *strings.Builder, s string) {
	text, _ := json.Marshal(s) // of a string it cannot fail
	b.Write(text)
}
