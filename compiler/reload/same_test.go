package reload

import (
	"testing"

	"moec.dev/moec/compiler/table"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
	"moec.dev/moec/runtime/files"
)

var everyType = func() []*types.Type {
	text := types.StringType
	return []*types.Type{
		text, types.BoolType, types.IntType, types.UintType, types.DoubleType, types.BytesType, types.DurationType, types.TimestampType,
		types.ListOf(text), types.MapOf(types.StringType, text), types.MapOf(types.StringType, types.IntType), types.MapOf(types.StringType, types.DoubleType),
		types.MapOf(types.StringType, types.OptionalOf(text)), types.MapOf(types.StringType, types.OptionalOf(types.BoolType)), types.ListOf(types.MapOf(types.StringType, text)),
		types.MapOf(types.StringType, types.ListOf(text)), types.ListOf(types.ListOf(types.OptionalOf(types.UintType))),
		types.MapOf(types.StringType, types.MapOf(types.StringType, types.TimestampType)),
		types.MapOf(types.StringType, types.RecordOf(types.Field{Name: "a", Type: types.OptionalOf(text)}, types.Field{Name: "b", Type: types.OptionalOf(types.IntType)})),
	}
}()

var endings = map[files.Format]string{files.YAML: "t.yaml", files.JSON: "t.json", files.CSV: "t.csv"}

// agree fails where the library's reader accepts what the compiler's does not,
// or makes something else of it.
func agree(t *testing.T, text string) {
	for f, name := range endings {
		for _, typ := range everyType {
			if f == files.CSV && !table.Cells(typ) {
				continue
			}
			got, err := read("t", text, f, typ)
			if err != nil {
				continue
			}
			var diags diag.List
			want, ok := table.Read("t", source.New(name, text), typ, &diags)
			if m, isMap := got.(*table.Map); !ok && f == files.CSV && isMap && len(m.Keys) == 0 {
				continue // of a header without rows the library does not look at the fields
			}
			if !ok {
				t.Errorf("%s of type %s, %q: only the library accepts it: %v", name, typ, text, diags.Sorted()[0])
			} else if g, w := table.Write(got, typ), table.Write(want, typ); g != w {
				t.Errorf("%s of type %s, %q: the library makes %s of it, and the compiler %s", name, typ, text, g, w)
			}
		}
	}
}

// FuzzReaders: what the library accepts the compiler accepts, with one value.
func FuzzReaders(f *testing.F) {
	for _, text := range []string{
		"evil\t: \"no\"\n", "a: b\t#c", "{a\t: c}", "{?x: a}", "a: x #c\u0085b: z", "a: x #c\u2028b: z", "a: b\u2028", "a: b\u2028c: d\n",
		"{a, b: c}", "{[: x}", "- 2026-01-01", "a: 2026-01-01", "a: b\x00", "a: -", "\ta: b", "{a: x,\n b: y}", `{"a":"b"}`, `"a" : x`, "# c\n---\na: b",
		"--- # c\na: b", "a: b\n...\n", `a: "\x41"`, "a: !!str y", "a: tRue", "nUll: x", "a:\tb", "a: x\n  y", "a: \"x\n  y\"", "a: \"\\u00e9\\n\\/\"",
		`a: "\ud83d\ude00"`, "a: 'it''s' # c", "- - a\n  - b\n-\n  - c", "- a: x\n  b: y\n- {c: d}", "a: [x, 'y', \"z\"]", "a: ::1", "[::1, b]", "a: b: c",
		"a: -x\nb: -1\nc: - 1", "a: ?x", "a: x#y", "a: [x #y]", "a: \"x\"#c", "a: [x]#c", "{\"a\" :b, 'c': d}", "a: <<", "<<: a", "a: 010\nb: 1_0\nc: 0x1f\nd: .5\ne: 1.\nf: 1e3",
		"a: ~\nb: null\nc:\nd: Null", "a: {a: x, b: 3}", "a:\r\n  a: x\r\n", "\ufeffa: b", "\ufeff\ufeffa: b", "a: b\r c: d", "a:\n- x\n- y\nb:\n  - z", "a: \"b\\", "%a: b",
		"a: 1h\nb: \"1h\"", "aGk=", "- aGk=", "1h30m", "2026-01-01T00:00:00Z", "\"2026-01-01T00:00:00Z\"", "true", "a: yes\nb: no\nc: on", "a : b\nc  : d",
		`{"a": "b", "c": "\ud800"}`, `{"a": {"a": null, "b": 1}}`, "k,v\na,b\n", "k,a,b\nx,,1\n", "k,k\na,b\n", "k,v\n\"a\"\"b\",c\n", "k,v\r\na,\"b\r\nc\"\r\n",
		"{a?x: a}", "[a?b]", "0b-0", "- 0o-7\n- -0b1", "00", "01.5", "-.5e1", "a: y\n- {c: d}", "---\n---\n", "a: b\n--- c", "a: '---'", "[]", "{}", "[a,]", "{a: b,}", "[,]", "a: [[], {}]", "- [1, ~, 2]", "? a\n: b", "a: @b", "a: `b", "a: b @c", "a: |\n  b", "a: >\n  b", "a: &x b", "a: *x",
	} {
		f.Add(text)
	}
	f.Fuzz(agree)
}
