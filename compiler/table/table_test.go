package table

import (
	"fmt"
	"strings"
	"testing"

	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

var (
	plan  = types.RecordOf(types.Field{Name: "rate", Type: types.IntType}, types.Field{Name: "name", Type: types.OptionalOf(types.StringType)})
	plans = types.MapOf(types.StringType, plan)
)

func read(name, text string, t *types.Type) (string, string) {
	var diags diag.List
	v, ok := Read("t", source.New(name, text), t, &diags)
	if ok {
		return Write(v, t), ""
	}
	var said []string
	for _, d := range diags.Sorted() {
		at := d.Span.Position()
		said = append(said, fmt.Sprintf("%d:%d %s %s", at.Line, at.Column, d.Code.ID, d.Message))
	}
	return "", strings.Join(said, "\n")
}

// All formats give the same value, and what is written reads the same again.
func TestFormats(t *testing.T) {
	const want = `{"gold":{"name":"Gold","rate":600},"free":{"rate":10}}`
	for name, text := range map[string]string{
		"a.json": `{"gold": {"rate": 600, "name": "Gold"}, "free": {"rate": 10, "name": null}}`,
		"b.yaml": "gold: {rate: 600, name: Gold}\nfree:\n  rate: 10\n",
		"c.yml":  "---\n\"gold\":\n  name: 'Gold'\n  rate: 600\nfree: {rate: 10, name: ~}\n",
		"d.csv":  "id,name,rate\ngold,Gold,600\nfree,,10\n",
		"e.csv":  byteOrderMark + "id,rate,name\r\ngold,600,Gold\r\nfree,10,\r\n",
		"f.json": byteOrderMark + want,
	} {
		if got, said := read(name, text, plans); got != want {
			t.Errorf("%s: got %s %s", name, got, said)
		}
	}
}

func TestRefused(t *testing.T) {
	list := types.ListOf(types.StringType)
	for _, c := range []struct {
		name, text string
		t          *types.Type
		want       string
	}{
		{"a.json", `{"a": {"rate": "600"}}`, plans, `1:16 M0350 t.a.rate: this is a text; the type is int`},
		{"a.json", "{\"a\": {\"rate\": 1},\n \"b\": {\"rate\": 1.0}}", plans, `2:16 M0350 t.b.rate: 1.0 is no whole number`},
		{"a.json", `{"a": {"rate": 9223372036854775808}}`, plans, `does not fit an int`},
		{"a.json", `{"a": {}}`, plans, `M0350 t.a.rate: the field is missing`},
		{"a.json", `{"a": {"rate": 1, "rates": 2}}`, plans, `M0350 t.a.rates: the type { name: string?, rate: int } has no such field`},
		{"a.json", `{"a": {"rate": 1, "rate": 2}}`, plans, `1:19 M0603 the key "rate" stands twice`},
		{"a.json", `{"a": {"rate": 1}} {}`, plans, `M0603 the file goes on`},
		{"a.json", `{"a": `, plans, `M0603 the file is not JSON: it ends too early`},
		{"a.json", `{"a" 1}`, plans, `M0603 the file is not JSON`},
		{"a.json", `["a", 1, null]`, list, "1:7 M0350 t.1: this is a number; the type is string\n1:10 M0350 t.2: this is null"},
		{"a.json", strings.Repeat("[", 100) + strings.Repeat("]", 100), list, "more than 64 deep"},
		{"a.yaml", "- a\n- 1\n- no\n- true\n- 2026-01-01\n", list, "2:3 M0350 t.1: this is a number; the type is string\n4:3 M0350 t.3: this is a bool; the type is string\n5:3 M0350 t.4: this is a time"},
		{"a.yaml", "a: &x [b]\nc: *x\n", types.MapOf(types.StringType, list), "anchors and aliases are not accepted"},
		{"a.yaml", "a: 1\na: 2\n", types.MapOf(types.StringType, types.IntType), "stands twice"},
		{"a.yaml", "1: 2\n", types.MapOf(types.StringType, types.IntType), "a key is a text"},
		{"a.yaml", "a: 010\n", types.MapOf(types.StringType, types.IntType), "no whole number"},
		{"a.yaml", "a: .nan\n", types.MapOf(types.StringType, types.DoubleType), "is no double"},
		{"a.yaml", "a: 1\n---\na: 2\n", types.MapOf(types.StringType, types.IntType), "2:1 M0603 the file holds a second document"},
		{"a.yaml", "a: [1\n", types.MapOf(types.StringType, types.IntType), "M0603 the file is not YAML"},
		{"a.yaml", "", list, "it is empty"},
		{"a.yaml", "- !!binary aGk=\n", list, "the tag !!binary is not accepted"},
		{"a.csv", "id,rate,name\na,x,b\n", plans, `2:3 M0350 t.a.rate: x is no whole number`},
		{"a.csv", "id,rate\na,1\na,2\n", plans, `3:1 M0603 the key "a" stands twice`},
		{"a.csv", "id,rate,rate\na,1,2\n", plans, `the column "rate" stands twice`},
		{"a.csv", "id,rate\na,1,2\n", plans, `2:1 M0603 the row has 3 cells and the header 2`},
		{"a.yaml", "a: !!int \"3\"\n", types.MapOf(types.StringType, types.IntType), "1:4 M0603 the tag !!int is not accepted"},
		{"a.yaml", "a: !!str b\n", types.MapOf(types.StringType, types.StringType), "the tag !!str is not accepted"},
		{"a.yaml", "!!str a: b\n", types.MapOf(types.StringType, types.StringType), "a key is a text"},
		{"a.yaml", "!!map {a: b}\n", types.MapOf(types.StringType, types.StringType), "the tag !!map is not accepted"},
		{"a.csv", "rate,rate\na,1\n", plans, `1:6 M0603 the column "rate" stands twice`},
		{"a.csv", "k,k\na,1\n", types.MapOf(types.StringType, types.IntType), `the column "k" stands twice`},
		{"a.csv", "id,speed\na,1\n", plans, `t.a.speed: the type`},
		{"a.csv", "", plans, "no header"},
		{"a.csv", "id,\"rate\na,1\n", plans, "M0603 the file is not CSV"},
	} {
		if got, said := read(c.name, c.text, c.t); got != "" || !strings.Contains(said, c.want) {
			t.Errorf("%s %q: got %s\n%s, want %s", c.name, c.text, got, said, c.want)
		}
	}
}

// A large file does not take time that grows faster than it does.
func TestLarge(t *testing.T) {
	var b strings.Builder
	b.WriteString("\n")
	for range 20_000 {
		b.WriteString("- { rate: 1 }\n")
	}
	if got, said := read("a.yaml", b.String(), types.ListOf(plan)); got == "" {
		t.Error(said)
	}
}
