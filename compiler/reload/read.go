package reload

import (
	"moec.dev/moec/compiler/table"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/runtime/eval"
	"moec.dev/moec/runtime/files"
)

var formats = map[string]files.Format{table.JSON: files.JSON, table.CSV: files.CSV, table.YAML: files.YAML}

// read reads a text by the library's reader.
func read(name, text string, f files.Format, t *types.Type) (table.Value, error) {
	return files.Read(name, f, text, func(d *files.Decoder) table.Value { return value(d, t, f == files.CSV) })
}

// value reads a value of a type, as generated code does. In the map of a CSV
// file a value that is no record is the one cell of its row.
func value(d *files.Decoder, t *types.Type, cells bool) table.Value {
	switch t.Kind {
	case types.Bool:
		return d.Bool()
	case types.Int:
		return d.Int()
	case types.Uint:
		return d.Uint()
	case types.Double:
		return d.Double()
	case types.String:
		return d.Text()
	case types.Bytes:
		return []byte(d.Bytes())
	case types.Duration:
		return d.Duration()
	case types.Timestamp:
		return d.Time()
	case types.Optional:
		if v := files.OptionalOf(d, elements(t)); v.OK {
			return v.Value
		}
		return nil
	case types.List:
		return files.ListOf(d, elements(t))
	case types.Map:
		elem := elements(t)
		if cells && t.Elem.Kind != types.Record {
			elem = func(d *files.Decoder) table.Value { return files.Cell(d, elements(t)) }
		}
		m := files.MapOf(d, elem)
		return entries(m)
	}
	return record(d, t)
}

func elements(t *types.Type) func(*files.Decoder) table.Value {
	return func(d *files.Decoder) table.Value { return value(d, t.Elem, false) }
}

func entries(m eval.Map[string, table.Value]) *table.Map {
	return &table.Map{Keys: m.Keys, Values: m.Values}
}

func record(d *files.Decoder, t *types.Type) []table.Value {
	fields := make([]files.Field, len(t.Fields))
	for i, f := range t.Fields {
		fields[i] = files.Field{Name: f.Name, Optional: f.Type.Kind == types.Optional}
	}
	v := make([]table.Value, len(fields))
	d.Record(fields, func(i int) { v[i] = value(d, t.Fields[i].Type, false) })
	return v
}
