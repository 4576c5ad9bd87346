package process

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"moec.dev/moec/compiler/scenario"
)

// speaking starts a program that reads a question and gives an answer, as often
// as there are answers, and then ends.
func speaking(t *testing.T, answers ...string) *Process {
	t.Helper()
	script := "#!/bin/sh\n"
	for _, a := range answers {
		script += "read question || exit 0\ncat <<'END'\n" + a + "\nEND\n"
	}
	path := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(path, []byte(script+"echo it broke >&2\nexit 3\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	p, err := Start(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

var get = scenario.Request{Method: "GET", Scheme: "http", Authority: "h", Path: "/", Source: "192.0.2.7:50000",
	Headers: []scenario.Header{{Name: "a", Value: "1"}}, Upstream: scenario.Response{Status: 200, Headers: []scenario.Header{{Name: "server", Value: "x"}}, Body: "hi"}}

func TestForward(t *testing.T) {
	p := speaking(t, `{"verdict":1,"label":"shop.orders","outcome":"shop.orders","route":2,"flags":1,"actions":[{"op":1,"key":"x-moe-cluster","value":"orders"},{"op":0,"key":"a"}],"after":[{"op":1,"key":"z","value":"1"}]}`,
		`{"verdict":1,"actions":[{"op":0,"key":"server"}]}`)
	o, err := p.Send("shop", get)
	if err != nil {
		t.Fatal(err)
	}
	if !o.Forward || o.By != "shop.orders" || o.Cluster != "orders" || o.Status != 0 {
		t.Errorf("%+v", o)
	}
	for _, h := range o.Request {
		if h.Name == "a" {
			t.Error("the header was not removed")
		}
	}
	if !slices.Equal(o.Response.Headers, []scenario.Header{{Name: "z", Value: "1"}}) || o.Response.Status != 200 || o.Response.Body != "hi" {
		t.Errorf("%+v", o.Response)
	}
}

func TestReply(t *testing.T) {
	const refused = `{"verdict":2,"status":403,"details":"moe.shop.orders.owner","outcome":"shop.orders.owner","body":"no","actions":[{"op":1,"key":"x","value":"1"}]}`
	for name, c := range map[string]struct {
		request scenario.Request
		answers []string
		status  int
	}{
		"at the request":  {get, []string{refused}, 403},
		"at the response": {get, []string{`{"verdict":1,"flags":1}`, refused}, 403},
	} {
		o, err := speaking(t, c.answers...).Send("shop", c.request)
		if err != nil {
			t.Fatal(err)
		}
		if o.Forward || o.Status != 403 || o.By != "shop.orders.owner" || o.Response.Status != c.status || o.Response.Body != "no" ||
			!slices.Contains(o.Response.Headers, scenario.Header{Name: "x", Value: "1"}) {
			t.Errorf("%s: %+v", name, o)
		}
	}
}

// A program that does not answer, or answers nonsense, is an error and never a
// decision.
func TestBrokenProgram(t *testing.T) {
	for name, c := range map[string]struct{ answer, problem string }{
		"no verdict":      {`{"verdict":0}`, "verdict 0"},
		"unknown verdict": {`{"verdict":7}`, "verdict 7"},
		"its own error":   {`{"error":"no bundle shop"}`, "no bundle shop"},
		"nonsense":        {`hello`, "invalid character"},
	} {
		if o, err := speaking(t, c.answer).Send("shop", get); err == nil || !strings.Contains(err.Error(), c.problem) {
			t.Errorf("%s: %+v, %v", name, o, err)
		}
	}
	p := speaking(t)
	if o, err := p.Send("shop", get); err == nil || !strings.Contains(err.Error(), "compiled code") {
		t.Errorf("it has ended: %+v, %v", o, err)
	}
	if err := p.Close(); err == nil {
		t.Error("closing does not tell that the program failed")
	}
	if _, err := Start("/nonexistent"); err == nil {
		t.Error("started what is not there")
	}
}
