package files

import (
	"strings"
	"testing"

	"moec.dev/moec/compiler/table"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
	"moec.dev/moec/runtime/eval"
)

type entry struct {
	Tags  []string
	Limit eval.Optional[int64]
	Open  bool
	Share float64
	Inner eval.Map[string, string]
}

func decodeEntry(d *Decoder) (v entry) {
	d.Record([]Field{{"inner", false}, {"limit", true}, {"open", false}, {"share", false}, {"tags", false}}, func(i int) {
		switch i {
		case 0:
			v.Inner = MapOf(d, (*Decoder).Text)
		case 1:
			v.Limit = OptionalOf(d, (*Decoder).Int)
		case 2:
			v.Open = d.Bool()
		case 3:
			v.Share = d.Double()
		case 4:
			v.Tags = ListOf(d, (*Decoder).Text)
		}
	})
	return
}

var entryType = types.MapOf(types.StringType, types.RecordOf(
	types.Field{Name: "inner", Type: types.MapOf(types.StringType, types.StringType)}, types.Field{Name: "limit", Type: types.OptionalOf(types.IntType)},
	types.Field{Name: "open", Type: types.BoolType}, types.Field{Name: "share", Type: types.DoubleType}, types.Field{Name: "tags", Type: types.ListOf(types.StringType)}))

func decodeEntries(d *Decoder) eval.Map[string, entry] { return MapOf(d, decodeEntry) }

// What the library reads of YAML it reads as the compiler does.
func TestYAML(t *testing.T) {
	for _, text := range []string{
		"a: { tags: [x, 'it''s', \"q\\\"\\u00e9\"], limit: 3, open: true, share: 0.5, inner: {} }\n",
		"---\n# all\na:\n  tags:\n  - x # one\n  - 10.0.0.1\n  - \"10\"\n  limit: ~\n  open: false\n  share: 1\n  inner:\n    k: v w\n    \"x: y\": '#'\n    u: http://x/y#z\n\"b\":\n    tags: []\n    open: true\n    share: -1.5e3\n    inner: {a: b, \"c\": 'd'}\n",
		"a:\r\n  tags:\r\n    -   x\r\n    - y\r\n  limit: -7\r\n  open: true\r\n  share: 0\r\n  inner: { }\r\n",
		"a: {tags: [3d, v1.2.3, no, y], open: true, share: 2, inner: {k: a-b}, limit: null}\n",
	} {
		got, err := Read("t", YAML, text, decodeEntries)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		var diags diag.List
		v, ok := table.Read("t", source.New("t.yaml", text), entryType, &diags)
		if !ok {
			t.Errorf("%q: the compiler: %v", text, diags.Sorted()[0])
			continue
		}
		want, err := Read("t", JSON, table.Write(v, entryType), decodeEntries)
		same := func(a, b entry) bool {
			return strings.Join(a.Tags, "|") == strings.Join(b.Tags, "|") && a.Limit == b.Limit && a.Open == b.Open && a.Share == b.Share &&
				eval.EqualMaps(a.Inner, b.Inner, func(a, b string) bool { return a == b })
		}
		if err != nil || !eval.EqualMaps(got, want, same) {
			t.Errorf("%q:\n%+v\n%+v %v", text, got, want, err)
		}
	}
}

func TestYAMLRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "empty",
		"a: &x 1\n":                     "line 1: this form of YAML is not read here",
		"a: |\n  x\n":                   "this form of YAML",
		"a: b: c\n":                     "needs quotes",
		"a:\n  b: 1\n c: 2\n":           "line 3: the line is indented more",
		"a: 1\n   b: 2\n":               "line 2: the line is indented more",
		"a: [1\n":                       "not closed",
		"a: \"x\n":                      "does not end",
		"a: 'x' y\n":                    "goes on",
		"1: x\n":                        "a key is a text",
		"a: x\na: y\n":                  "stands twice",
		"a: 10\n":                       "t.a: a number stands where a text is needed",
		"a: true\n":                     "a bool stands",
		"a: x\n---\nb: y\n":             "line 2: a file holds one document",
		"a: x\n...\n":                   "line 2: a file holds one document",
		"evil\t: x\n":                   "line 1: a tab",
		"a: b\t#c\n":                    "line 1: a tab",
		"{?x: a}\n":                     "a key, a colon",
		"{a, b: c}\n":                   "a key, a colon",
		"{[: x}\n":                      "a key, a colon",
		"a: b\u2028\n":                  "line 1: a control character",
		"a: x #c\u0085b: z\n":           "line 1: a control character",
		"a: b\x00\n":                    "line 1: a control character",
		"a: 2026-01-01\n":               "where a text is needed",
		"a: -\n":                        "needs quotes",
		"a: \"x\"#c\n":                  "goes on",
		"a: \"\\x41\"\n":                "this escape",
		"a: <<\n":                       "where a text is needed",
		"a: x\nb:\n  c: d\n":            "line 3, t.b: an object stands",
		"- a\n":                         "a list stands",
		strings.Repeat("- ", 99):        "too deep",
		"a: " + strings.Repeat("[", 99): "on this line",
	} {
		if _, err := Read("t", YAML, text, func(d *Decoder) eval.Map[string, string] { return MapOf(d, (*Decoder).Text) }); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// No text may end the library, nor keep it busy.
func FuzzYAML(f *testing.F) {
	f.Add("a:\n  - b: [c, {d: 'e'}]\n    f: \"g\"\n")
	f.Fuzz(func(_ *testing.T, text string) {
		_, _ = Read("t", YAML, text, decodeEntries)
	})
}
