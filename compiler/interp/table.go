package interp

import (
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/table"
	moetypes "moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

func (b *bundle) table(name string) *check.Table {
	for _, t := range b.Tables {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// tableValue is a table as the request sees it: what its file held, or what the
// test has put there.
func (d *decision) tableValue(t *check.Table) ref.Val {
	text, replaced := d.sent.Tables[t.Name]
	key := t.Name + "\n" + text
	if v, ok := d.bundle.tables[key]; ok {
		return v
	}
	value := t.Value
	if replaced {
		var diags diag.List
		v, ok := table.Read(t.Name, source.New("a test.json", text), t.Type, &diags)
		if !ok {
			return types.NewErr("table %s: %s", t.Name, text)
		}
		value = v
	}
	v := ofTable(value, t.Type)
	d.bundle.tables[key] = v
	return v
}

// ofTable is a table's value for the evaluator.
func ofTable(v table.Value, t *moetypes.Type) ref.Val {
	if t.Kind == moetypes.Optional {
		if v == nil {
			return types.OptionalNone
		}
		return types.OptionalOf(ofTable(v, t.Elem))
	}
	switch v := v.(type) {
	case time.Duration:
		return types.Duration{Duration: v}
	case time.Time:
		return types.Timestamp{Time: v}
	case *table.Map:
		entries := map[string]ref.Val{}
		for i, k := range v.Keys {
			entries[k] = ofTable(v.Values[i], t.Elem)
		}
		return inOrder(types.DefaultTypeAdapter.NativeToValue(entries).(traits.Mapper), v.Keys)
	case []table.Value:
		if t.Kind == moetypes.Record {
			fields := map[string]ref.Val{}
			for i, f := range t.Fields {
				fields[f.Name] = ofTable(v[i], f.Type)
			}
			return celfront.RecordValue(t, fields)
		}
		list := make([]ref.Val, len(v))
		for i := range v {
			list[i] = ofTable(v[i], t.Elem)
		}
		return types.NewRefValList(types.DefaultTypeAdapter, list)
	}
	return types.DefaultTypeAdapter.NativeToValue(v)
}

// inOrder gives the entries of a map the order of their names.
func inOrder(m traits.Mapper, names []string) ref.Val {
	keys := make([]ref.Val, len(names))
	for i, n := range names {
		keys[i] = types.String(n)
	}
	return celfront.Ordered(m, keys)
}
