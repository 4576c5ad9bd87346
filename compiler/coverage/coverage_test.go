package coverage

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
	"moec.dev/moec/dsl/syntax"
)

const policy = `let inner(s: string) = s == "1" ? true : false
let unread = header("x-z") == "1"
route a {
  match GET "/a"
  public
  deny odd when inner(header("x-a")) || header("x-b") == "1" && header("x-c") == "<"
  deny tags when header_values("x-t").exists(t, t == "1" || t == "2")
  deny cruel when unread
  set request.headers["x-s"] = "1" when header("x-d") == "1"
  remove request.headers["x-r"]
  forward to "a"
}
route b { match GET "/b"; public; respond 200 }
`

func profile(t *testing.T) (*Profile, *Executor) {
	t.Helper()
	var diags diag.List
	f := syntax.Parse(source.New("p.moe", policy), &diags)
	b := check.Check(resolve.Resolve(&ast.Bundle{Name: "p", Files: []*ast.File{f}}, &diags), &diags)
	if diags.HasErrors() {
		t.Fatal(diags.Sorted())
	}
	p := New(b)
	return p, Counting([]*Profile{p}, b)
}

func send(t *testing.T, x *Executor, path string, headers ...string) {
	t.Helper()
	r := scenario.Request{Method: "GET", Scheme: "http", Authority: "h", Path: path, Source: "192.0.2.1:1", Now: time.Unix(0, 0)}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Headers = append(r.Headers, scenario.Header{Name: headers[i], Value: headers[i+1]})
	}
	if _, err := x.Send("p", r); err != nil {
		t.Fatal(err)
	}
}

func text(t *testing.T, p *Profile) string {
	t.Helper()
	var out strings.Builder
	if err := WriteText(&out, []*Profile{p}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestCoverage(t *testing.T) {
	p, x := profile(t)
	if met, all := p.Tally(); met != 0 || all != 27 {
		t.Errorf("%d of %d before any request", met, all)
	}
	send(t, x, "/a", "x-t", "0", "x-t", "2", "x-t", "3")
	send(t, x, "/a", "x-b", "1")
	want := "cover p\t66.7%, 18 of 27\n" + `    p.moe:1:24: inner: ` + "`s == \"1\"` was never true" + `
    p.moe:6:17: p.a.odd: ` + "`inner(header(\"x-a\")) || header(\"x-b\") == \"1\" && header(\"x-c…` was never true" + `
    p.moe:6:17: p.a.odd: ` + "`inner(header(\"x-a\"))` was never true" + `
    p.moe:6:41: p.a.odd: ` + "`header(\"x-b\") == \"1\" && header(\"x-c\") == \"<\"` was never true" + `
    p.moe:6:65: p.a.odd: ` + "`header(\"x-c\") == \"<\"` was never true" + `
    p.moe:7:49: p.a.tags: ` + "`t == \"1\"` was never true" + `
    p.moe:8:19: p.a.cruel: ` + "`unread` was never true" + `
    p.moe:9:41: p.a.set.request.x-s: ` + "`header(\"x-d\") == \"1\"` was never true" + `
    p.moe:13:7: p.b: no request took the route
`
	if got := text(t, p); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, h := range [][]string{{"x-a", "1"}, {"x-b", "1", "x-c", "<"}, {"x-t", "1"}, {"x-z", "1"}, {"x-d", "1"}} {
		send(t, x, "/a", h...)
	}
	send(t, x, "/b")
	if got := text(t, p); got != "cover p\t100.0%, 27 of 27\n" {
		t.Error(got)
	}
}

func TestJSON(t *testing.T) {
	p, x := profile(t)
	send(t, x, "/b")
	data, err := JSON([]*Profile{p})
	if err != nil {
		t.Fatal(err)
	}
	var got []jsonBundle
	if err := json.Unmarshal(data, &got); err != nil || len(got) != 1 || got[0].Met != 1 || got[0].All != 27 || len(got[0].Rules) != 9 {
		t.Errorf("%v %+v", err, got)
	}
	last := got[0].Rules[8]
	if last.Name != "p.b" || last.Kind != "route" || last.Line != 13 || last.Points[0] != (jsonPoint{"taken", "b", 13, 7, 1}) {
		t.Errorf("%+v", last)
	}
}

func TestHTML(t *testing.T) {
	p, x := profile(t)
	send(t, x, "/a", "x-b", "1")
	var out strings.Builder
	if err := WriteHTML(&out, []*Profile{p}); err != nil {
		t.Fatal(err)
	}
	page := out.String()
	for _, want := range []string{
		`<span class="n">  13</span>  route <span class="missed" title="p.b: taken: 0">b</span>`,
		`title="p.a.odd: true: 1, false: 0">header(&#34;x-b&#34;) == &#34;1&#34;</span>`,
		`<span class="met" title="p.a.remove.request.x-r: reached: 1">`,
		`header(&#34;x-c&#34;) == &#34;&lt;&#34;`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in\n%s", want, page)
		}
	}
	for _, foreign := range []string{"http:", "https:", "<script", "<link", "src="} {
		if strings.Contains(page, foreign) {
			t.Errorf("the page holds %s", foreign)
		}
	}
}

func TestWritten(t *testing.T) {
	for share, want := range map[float64]string{100: "100.0%", 99.99: "99.9%", 0: "0.0%", 66.666: "66.7%"} {
		if got := Written(share); got != want {
			t.Errorf("%g is written %s, want %s", share, got, want)
		}
	}
}
