package scenario_test

import (
	"strings"
	"testing"
	"time"

	"moec.dev/moec/compiler/interp"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/dsl/diag"
)

func TestAsk(t *testing.T) {
	var diags diag.List
	b := compiled(t, `test "of its own" { as robots { subject: "1", claims: { level: 1 } }; send GET "/items"; expect forward }`)
	a := scenario.Ask(b, scenario.Question{Method: "GET", URL: "https://x.example/orders/7?a=1", From: "2001:db8::1", At: time.Unix(7, 0),
		As: "robots", Subject: "7", Groups: []string{"a", "b"}, Claims: []scenario.Header{{Name: "level", Value: "3"}, {Name: "plan", Value: "go\"ld"}},
		Headers: []scenario.Header{{Name: "X-A", Value: " 1 "}}}, &diags)
	if a == nil {
		t.Fatal(diags.Sorted())
	}
	r := a.Written
	if r.Scheme != "https" || r.Authority != "x.example" || r.Path != "/orders/7?a=1" || r.Source != "[2001:db8::1]:50000" || !r.Now.Equal(time.Unix(7, 0)) ||
		len(r.Headers) != 1 || r.Headers[0] != (scenario.Header{Name: "x-a", Value: "1"}) || r.Upstream.Status != 200 {
		t.Errorf("%+v", r)
	}
	o, err := interp.New(a.Bundle).Send("shop", a.Request)
	if err != nil || !o.Forward {
		t.Fatalf("%+v %v", o, err)
	}
	for _, want := range []scenario.Header{{Name: "x-user", Value: "robots:7"}, {Name: "x-plan", Value: `go"ld`}} {
		found := false
		for _, h := range o.Request {
			found = found || h == want
		}
		if !found {
			t.Errorf("no %v in %v", want, o.Request)
		}
	}
	if len(b.Auths[0].Keys) != 1 || len(b.Tests) != 1 {
		t.Error("the bundle was changed")
	}
}

// Each mistake of a question is said once, at the word.
func TestAskMistakes(t *testing.T) {
	q := scenario.Question{Method: "GET", URL: "/orders/7"}
	for _, c := range []struct {
		change func(*scenario.Question)
		want   string
	}{
		{func(q *scenario.Question) { q.URL = "orders" }, "`orders` a URL is"},
		{func(q *scenario.Question) { q.From = "here" }, "`here` \"here\" is not an IP address"},
		{func(q *scenario.Question) { q.Headers = []scenario.Header{{Name: "a b", Value: "1"}} }, "`a b` \"a b\" is not a header name"},
		{func(q *scenario.Question) { q.Headers = []scenario.Header{{Name: "a", Value: "1\n"}} }, "`1\n` a header value"},
		{func(q *scenario.Question) { q.As = "nobody_known" }, "`nobody_known` the bundle has no auth"},
		{func(q *scenario.Question) { q.As = "links" }, "`\"\"` a subject is a string, and not empty"},
		{func(q *scenario.Question) { q.As, q.Subject = "robots", "7" }, "claim level is missing"},
		{func(q *scenario.Question) {
			q.As, q.Subject, q.Claims = "robots", "7", []scenario.Header{{Name: "level", Value: "high"}}
		}, "`\"high\"` claim level is of type int, not string"},
		{func(q *scenario.Question) {
			q.As, q.Subject, q.Claims = "robots", "7", []scenario.Header{{Name: "level", Value: "1"}, {Name: "size", Value: "1"}}
		}, "`\"size\"` auth robots declares no claim size"},
	} {
		var diags diag.List
		asked := q
		c.change(&asked)
		if scenario.Ask(compiled(t, ""), asked, &diags) != nil {
			t.Errorf("%s: accepted", c.want)
		}
		var got []string
		for _, d := range diags.Sorted() {
			got = append(got, "`"+d.Span.Text()+"` "+d.Message)
		}
		if len(got) != 1 || !strings.Contains(got[0], c.want) {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestClaimsAsked(t *testing.T) {
	for _, c := range []struct{ kind, text, want string }{
		{"bool", "true", "true"}, {"bool", "yes", ""}, {"int", "-7", "-7"}, {"int", "+7", "7"}, {"int", "7; drop", ""}, {"uint", "7", "7u"}, {"uint", "7u", "7u"}, {"uint", "-7", ""},
		{"double", "2", `double("2")`}, {"double", "two", ""}, {"string", "7", ""},
	} {
		if got := scenario.NumberOrBool(c.kind, c.text); got != c.want {
			t.Errorf("%s %s is written %q, want %q", c.kind, c.text, got, c.want)
		}
	}
}

// Nobody is who has no identity.
func TestAskAsNobody(t *testing.T) {
	var diags diag.List
	asked := scenario.Ask(compiled(t, ""), scenario.Question{Method: "GET", URL: "/orders/7", As: "nobody"}, &diags)
	if asked == nil || diags.Len() > 0 {
		t.Errorf("%v", diags.Sorted())
	}
}
