package files

import (
	"fmt"
	"strings"
	"testing"

	"moec.dev/moec/runtime/eval"
)

type row struct {
	rate int64
	name eval.Optional[string]
}

func decodeRow(d *Decoder) (v row) {
	d.Record([]Field{{"name", true}, {"rate", false}}, func(i int) {
		switch i {
		case 0:
			v.name = OptionalOf(d, (*Decoder).Text)
		case 1:
			v.rate = d.Int()
		}
	})
	return
}

func decodeRows(d *Decoder) eval.Map[string, row] { return MapOf(d, decodeRow) }

func TestRead(t *testing.T) {
	for _, c := range []struct {
		format Format
		text   string
	}{
		{JSON, ` {"gold": {"rate": 600, "name": "G\"\u00e9\ud83d\ude00"}, "free": {"rate": -1, "name": null}, "tin": {"rate": 0}} `},
		{JSON, byteOrderMark + `{"gold":{"name":"G\"é😀","rate":600},"free":{"rate":-1},"tin":{"rate":0}}`},
		{CSV, "id,rate,name\ngold,600,\"G\"\"é😀\"\nfree,-1,\ntin,0,\n"},
	} {
		m, err := Read("t", c.format, c.text, decodeRows)
		if got := fmt.Sprint(m.Keys, m.Values); err != nil || got != "[gold free tin] [{600 {G\"é😀 true}} {-1 { false}} {0 { false}}]" {
			t.Errorf("%q: %s %v", c.text, got, err)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct {
		format     Format
		text, want string
	}{
		{JSON, "", "line 1, t: the file ends where an object is needed"},
		{JSON, `[]`, "a list stands where an object is needed"},
		{JSON, "{\n\"a\": {\"rate\": \"1\"}}", "line 2, t.a.rate: a text stands where a whole number is needed"},
		{JSON, `{"a": {"rate": 1.5}}`, `t.a.rate: "1.5" is no int`},
		{JSON, `{"a": {"rate": 01}}`, `"01" is no int`},
		{JSON, `{"a": {"rate": 9223372036854775808}}`, `is no int`},
		{JSON, `{"a": {}}`, "t.a.rate: the field is missing"},
		{JSON, `{"a": {"rate": 1, "rat": 2}}`, "t.a.rat: there is no such field"},
		{JSON, `{"a": {"rate": 1}, "a": {"rate": 1}}`, `the key "a" stands twice`},
		{JSON, `{"a": {"rate": 1},}`, "where a key is needed"},
		{JSON, `{"a": {"rate": 1}} 1`, "goes on after its value"},
		{JSON, `{"a": {"rate": 1, "name": "x}}`, "a text does not end"},
		{JSON, `{"a": {"rate": 1, "name": "\x"}}`, "an escape in a text is malformed"},
		{JSON, `{"a": {"rate": 1, "name": "\ud800"}}`, "an escape in a text is malformed"},
		{JSON, "{\"a\": {\"rate\": 1, \"name\": \"\xff\"}}", "not UTF-8"},
		{JSON, "{\"a\": {\"rate\": 1, \"name\": \"a\nb\"}}", "a control character"},
		{JSON, `{"a": {"rate": 1}`, "the file ends"},
		{CSV, "id,rate\na,x\n", `t.a.rate: "x" is no int`},
		{CSV, "id,rate\na,1,2\n", "wrong number of fields"},
		{CSV, "id,speed\na,1\n", "t.a.speed: there is no such field"},
		{CSV, "id\na\n", "the header needs two cells"},
		{CSV, "", "the header needs two cells"},
	} {
		if m, err := Read("t", c.format, c.text, decodeRows); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, %v, want %s", c.text, m, err, c.want)
		}
	}
	deep := strings.Repeat(`{"a":`, 200) + "1" + strings.Repeat("}", 200)
	var nested func(d *Decoder) int64
	nested = func(d *Decoder) int64 { MapOf(d, nested); return 0 }
	if _, err := Read("t", JSON, deep, nested); err == nil || !strings.Contains(err.Error(), "too deep") {
		t.Errorf("deep: %v", err)
	}
}

// No text may end the library.
func FuzzRead(f *testing.F) {
	f.Add(`{"a": {"rate": 1, "name": "\u00e9"}}`, false)
	f.Add("id,rate,name\na,1,\"x\"\n", true)
	f.Fuzz(func(_ *testing.T, text string, csv bool) {
		_, _ = Read("t", map[bool]Format{false: JSON, true: CSV}[csv], text, decodeRows)
		k := ReadKeys("k", text, []Field{{"a", true}})
		for i := 0; k.Err() == nil && i < k.Len(); i++ {
			_, _, _, _, _, _ = k.Text(i, 0), k.List(i, 0), k.Int(i, 0), k.Bool(i, 0), k.Uint(i, 0), k.Double(i, 0)
		}
	})
}

func TestKeys(t *testing.T) {
	digest := strings.Repeat("ab", 32)
	k := ReadKeys("auth a", "# keys\n\nsha256:"+digest+" r1 ops,dev n=3 # who\n", []Field{{"n", true}, {"s", true}})
	if k.Err() != nil || k.Len() != 1 || k.Subject(0) != "r1" || fmt.Sprint(k.Groups(0)) != "[ops dev]" || k.Int(0, 0) != 3 || k.Has(0, 1) || len(k.Digests()) != 32 {
		t.Errorf("%+v", k)
	}
	for text, want := range map[string]string{
		"secret r1":                                        "line 1, auth a: a key's line begins with sha256:",
		"\nsha256:" + digest:                               "line 2, auth a: the key has no subject",
		"sha256:" + digest + " a x=1":                      "a claim that the auth does not declare",
		"sha256:" + digest + " a g h":                      "groups stand once",
		"sha256:" + digest + " a n=1 n=2":                  "claim n stands twice",
		"sha256:" + digest + " a\nsha256:" + digest + " b": "line 2, auth a: the same key stands twice",
		"sha256:" + strings.ToUpper(digest) + " a g,,h":    "an empty group name",
	} {
		if err := ReadKeys("auth a", text, []Field{{"n", true}}).Err(); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if k := ReadKeys("auth a", "sha256:"+digest+" a n=x\n", []Field{{"n", false}}); k.Err() != nil || k.Int(0, 0) != 0 || k.Err() == nil || k.Digests() != "" {
		t.Errorf("a claim of another type: %v", k.Err())
	}
	if k := ReadKeys("auth a", "# none\n\n", nil); k.Err() != nil || k.Len() != 0 || k.Digests() != "" {
		t.Errorf("an emptied file: %v", k.Err())
	}
	if err := ReadKeys("auth a", "sha256:"+digest+" a\n", []Field{{"n", false}}).Err(); err == nil {
		t.Error("a key without a required claim is accepted")
	}
}

func TestLive(t *testing.T) {
	built, other := 1, 2
	l := NewLive(&built)
	if l.Load(0) != &built || l.Load(1) != nil {
		t.Error("what was built in is not there, or somewhere else too")
	}
	l.Open(1)
	l.Store(1, &other)
	if l.Load(0) != &built || l.Load(1) != &other {
		t.Error("placements are not apart")
	}
	l.Open(1)
	if l.Load(1) != &built {
		t.Error("a placement that is opened again has old data")
	}
}
