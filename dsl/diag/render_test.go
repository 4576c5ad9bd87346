package diag

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"moec.dev/moec/dsl/source"
)

// at returns the span of the n-th occurrence (from 0) of what in a file.
func at(f *source.File, what string, n int) source.Span {
	start := 0
	for ; n >= 0; n-- {
		i := strings.Index(f.Text[start:], what)
		if n == 0 {
			return source.Span{File: f, Start: start + i, End: start + i + len(what)}
		}
		start += i + len(what)
	}
	panic("unreachable")
}

func text(t *testing.T, color bool, ds ...*Diagnostic) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteText(&b, ds, color); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestText(t *testing.T) {
	f := source.New("shop/a.moe", "route a {\n\tdeny \"日本é\" x\n}\nlet b =\n  c\n\x1b[31m\u202e x\r\n")
	long := source.New("l.moe", strings.Repeat("a", 500)+"HERE"+strings.Repeat("b", 500))
	huge := source.New("h.moe", strings.Repeat("é", 9000)+"HERE"+strings.Repeat("ü", 9000))
	for _, c := range []struct {
		name string
		d    *Diagnostic
		want string
	}{
		{"tab and wide runes", (&Diagnostic{Code: Syntax, Span: at(f, "x", 0), Message: "no"}).Helpf("yes"),
			"shop/a.moe:2:13: error M0101: no\n    2 | \tdeny \"日本é\" x\n      | \t             ^\nhelp: yes\n"},
		{"wide runes underlined", &Diagnostic{Code: UnusedName, Span: at(f, "日本é", 0), Message: "no"},
			"shop/a.moe:2:8: warning M0506: no\n    2 | \tdeny \"日本é\" x\n      | \t      ^^^^^\n"},
		{"note", (&Diagnostic{Code: UnclosedBlock, Span: at(f, "}", 0), Message: "no"}).Note(at(f, "{", 0), "here"),
			"shop/a.moe:3:1: error M0105: no\n    3 | }\n      | ^\nnote: shop/a.moe:1:9: here\n    1 | route a {\n      |         ^\n"},
		{"several lines", &Diagnostic{Code: Syntax, Span: at(f, "let b =\n  c", 0), Message: "no"},
			"shop/a.moe:4:1: error M0101: no\n    4 | let b =\n      | ^^^^^^^\n"},
		{"end of line", &Diagnostic{Code: Syntax, Span: source.Span{File: f, Start: 9, End: 9}, Message: "no"},
			"shop/a.moe:1:10: error M0101: no\n    1 | route a {\n      |          ^\n"},
		{"control characters", &Diagnostic{Code: Syntax, Span: at(f, "x\r", 0), Message: "no \x1b[31m"},
			"shop/a.moe:6:8: error M0101: no \\x1b[31m\n    6 | \\x1b[31m\\u202e x\n      |                ^\n"},
		{"no place", &Diagnostic{Code: NoPolicy, Message: "none"}, "error M0601: none\n"},
		{"very long line", &Diagnostic{Code: Syntax, Span: at(huge, "HERE", 0), Message: "no"},
			"h.moe:1:9001: error M0101: no\n    1 | …" + strings.Repeat("é", 45) + "HERE" + strings.Repeat("ü", 90) + "…\n      | " +
				strings.Repeat(" ", 46) + "^^^^\n"},
		{"long line", &Diagnostic{Code: Syntax, Span: at(long, "HERE", 0), Message: "no"},
			"l.moe:1:501: error M0101: no\n    1 | …" + strings.Repeat("a", 45) + "HERE" + strings.Repeat("b", 90) + "…\n      | " +
				strings.Repeat(" ", 46) + "^^^^\n"},
	} {
		if got := text(t, false, c.d); got != c.want {
			t.Errorf("%s\ngot\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
	d := &Diagnostic{Code: Syntax, Span: at(f, "x", 0), Message: "no"}
	if got := text(t, true, d); !strings.Contains(got, red+"error M0101:"+plain) {
		t.Errorf("no colour in %q", got)
	}
	if got := text(t, false, d, d); strings.Count(got, "\n\n") != 1 {
		t.Errorf("messages are not separated: %q", got)
	}
}

func TestJSON(t *testing.T) {
	f := source.New("a.moe", "é x\ny")
	d := (&Diagnostic{Code: Syntax, Span: at(f, "x", 0), Message: "a<b"}).Note(at(f, "y", 0), "here").Helpf("do")
	var b bytes.Buffer
	if err := WriteJSON(&b, []*Diagnostic{d, {Code: UnusedName, Message: "w"}}); err != nil {
		t.Fatal(err)
	}
	want := `{"diagnostics":[{"code":"M0101","severity":"error","message":"a<b","file":"a.moe","line":1,"column":3,"endLine":1,"endColumn":4,` +
		`"related":[{"message":"here","file":"a.moe","line":2,"column":1,"endLine":2,"endColumn":2}],"help":"do"},` +
		`{"code":"M0506","severity":"warning","message":"w"}],"errors":1,"warnings":1}`
	var got bytes.Buffer
	if err := json.Compact(&got, b.Bytes()); err != nil {
		t.Fatal(err)
	}
	if got.String() != want {
		t.Errorf("got  %s\nwant %s", got.String(), want)
	}
	b.Reset()
	WriteJSON(&b, nil)
	if !strings.Contains(b.String(), `"diagnostics": []`) {
		t.Errorf("no messages give %s", b.String())
	}
}

func TestSARIF(t *testing.T) {
	f := source.New("my shop/a.moe", "é x\ny")
	one := (&Diagnostic{Code: Syntax, Span: at(f, "x", 0), Message: "no"}).Note(at(f, "y", 0), "here")
	two := &Diagnostic{Code: UnusedName, Message: "w"}
	var b bytes.Buffer
	if err := WriteSARIF(&b, []*Diagnostic{one, two, one}); err != nil {
		t.Fatal(err)
	}
	var log sarifLog
	if err := json.Unmarshal(b.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if log.Version != "2.1.0" || len(run.Tool.Driver.Rules) != 2 || len(run.Results) != 3 {
		t.Fatalf("%s", b.String())
	}
	r := run.Results[2]
	place := r.Locations[0].Physical
	if r.RuleIndex != 0 || r.Level != "error" || place.Artifact.URI != "my%20shop/a.moe" || place.Region != (sarifRegion{1, 3, 1, 4}) ||
		r.Related[0].Message.Text != "here" || run.Results[1].Level != "warning" || run.Results[1].RuleIndex != 1 {
		t.Errorf("%s", b.String())
	}
}

func TestSilence(t *testing.T) {
	f := source.New("a.moe", "x // moe:allow M0506 kept for later\nx // moe:allow M0506\nx // moe:allow M0507,M0506 both\nx // moe:allow M0101 no\nx\n")
	for line, silent := range []bool{true, false, true, false, false} {
		d := &Diagnostic{Code: UnusedName, Span: at(f, "x", 0)}
		for range line {
			d.Span.Start += strings.IndexByte(f.Text[d.Span.Start:], '\n') + 1
		}
		if got := len(Silence([]*Diagnostic{d})) == 0; got != silent {
			t.Errorf("line %d: silenced %v", line+1, got)
		}
	}
	e := &Diagnostic{Code: Syntax, Span: source.Span{File: source.New("b.moe", "x // moe:allow M0101 please")}}
	if len(Silence([]*Diagnostic{e, {Code: UnusedName}})) != 2 {
		t.Error("an error, or a warning without a place, was silenced")
	}
}

// A comment that silences nothing is told of.
func TestUseless(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"x // moe:allow M0506 kept for later", ""},
		{"x // moe:allow M0506,M0502 both", "there is no M0502 on this line"},
		{"x // moe:allow M0506", "takes codes, and a reason"},
		{"x // moe:allow", "takes codes, and a reason"},
		{"x // moe:allow M9999 why", "no message M9999"},
		{"x // moe:allow M0101 why", "is an error"},
		{`x "// moe:allow M9999 why"`, ""},
		{"x", ""},
	} {
		f := source.New("a.moe", "y\n"+c.line+"\nx\n")
		d := &Diagnostic{Code: UnusedName, Span: source.Span{File: f, Start: 2, End: 3}}
		got := ""
		for _, u := range Useless([]*source.File{f}, []*Diagnostic{d}, true) {
			got += u.Message
		}
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q", c.line, got)
		}
		if strings.Contains(c.want, "on this line") && len(Useless([]*source.File{f}, nil, false)) > 0 {
			t.Errorf("%s: told though warnings may be missing", c.line)
		}
	}
}
