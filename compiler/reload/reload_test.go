package reload_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"moec.dev/moec/compiler"
	"moec.dev/moec/dsl/diag"
)

const policy = `
auth robots = api_key { key from header "x-api-key"; keys from file "robots.keys" reload }
table plans: map(string, string) from file "plans.FORM" reload
route home {
  match GET "/{plan}"
  auth robots
  deny unknown when !(path.plan in plans)
  respond 200 "hello"
}
`

const key = "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae bot\n"

func messages(form, text, keys string) []*diag.Diagnostic {
	_, found := compiler.Run(compiler.Input{FS: fstest.MapFS{
		"p.moe":         {Data: []byte(strings.ReplaceAll(policy, "FORM", form))},
		"plans." + form: {Data: []byte(text)}, "robots.keys": {Data: []byte(keys)},
	}, Name: "p"}, "")
	return found
}

func TestAccepted(t *testing.T) {
	for _, c := range []struct{ form, text string }{
		{"yaml", "a: b\n"}, {"yaml", "# c\n---\na: b # c\n"}, {"yaml", `{"a":"b"}`}, {"yaml", "\"a\" : b\n"}, {"yaml", "a: tRue\nnUll: x\n"},
		{"yaml", "{}"}, {"json", "{}"}, {"csv", "k,v\n"}, {"json", `{"a": "b"}`}, {"csv", "k,v\na,b\n"}, {"yaml", "a: ::1\nb: \"\\u00e9\\t\"\n"},
	} {
		if found := messages(c.form, c.text, key); len(found) != 0 {
			t.Errorf("%s %q: %v", c.form, c.text, found[0])
		}
	}
}

// What the library would refuse, or take otherwise, does not compile.
func TestRefused(t *testing.T) {
	for _, c := range []struct{ form, text, want string }{
		{"yaml", "evil\t: \"no\"\n", "M0265 line 1: a tab"},
		{"yaml", "x: y\na: b\t#c\n", "M0265 line 2: a tab"},
		{"yaml", "a:\tb\n", "M0265 line 1: a tab"},
		{"yaml", "{a: x,\n b: y}\n", "M0265 line 1: a key, a colon"},
		{"yaml", "a: \"\\x41\"\n", "M0265 this escape"},
		{"yaml", "a: x\n...\n", "M0265 line 2: a file holds one document"},
		{"yaml", "--- # c\na: x\n", "M0265 line 1: a file holds one document"},
		{"yaml", "a: x\n  y\n", "M0265 line 2"},
		{"yaml", "a: \"x\n  y\"\n", "M0265 line 1"},
		{"yaml", "{a: x, ? b : y}\n", "M0265 line 1"},
		{"json", `{"a": "\ud800"}`, "M0265 escape"},
	} {
		found := messages(c.form, c.text, key)
		code, want, _ := strings.Cut(c.want, " ")
		if len(found) != 1 || found[0].Code.ID != code || !strings.Contains(found[0].Message, want) || found[0].Help == "" || !strings.HasPrefix(found[0].Span.File.Name, "plans.") {
			t.Errorf("%s %q: %v", c.form, c.text, found)
		}
	}
	found := messages("json", "{}", key+strings.Replace(key, "2c26", "2c27", 1)[:71]+" b\u200bt\n")
	if len(found) != 1 || found[0].Code.ID != "M0265" || found[0].Span.Position().Line != 2 {
		t.Errorf("keys: %v", found)
	}
}
