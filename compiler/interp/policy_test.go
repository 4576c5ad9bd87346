package interp

import (
	"crypto/sha256"
	"fmt"
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

// keyLine is a line of a key file.
func keyLine(key, rest string) string {
	return fmt.Sprintf("sha256:%x %s\n", sha256.Sum256([]byte(key)), rest)
}

// compiled is a bundle named b from the text of one file. Every name.keys that
// a policy may name holds the keys NAME-1 (subject one, group ops, plan=gold)
// and NAME-2 (subject two).
func compiled(t *testing.T, policy string) *check.Bundle {
	t.Helper()
	var diags diag.List
	file := syntax.Parse(source.New("b.moe", policy), &diags)
	tree := &ast.Bundle{Name: "b", Files: []*ast.File{file}, Data: map[string]ast.Data{}}
	for _, name := range []string{"robots", "links", "apps"} {
		text := keyLine(name+"-1", "one ops plan=gold") + keyLine(name+"-2", "two")
		tree.Data[name+".keys"] = ast.Data{Source: source.New(name+".keys", text)}
	}
	b := check.Check(resolve.Resolve(tree, &diags), &diags)
	for _, d := range diags.Sorted() {
		// What may fail is refused mostly; what it means to fail is still asked here.
		if d.Code.Severity == diag.Error && d.Code != diag.MayFail {
			t.Fatal(d)
		}
	}
	return b
}

// request is GET of a path from a client without headers.
func request(method, path string, headers ...string) scenario.Request {
	r := scenario.Request{
		Method: method, Scheme: "http", Authority: "localhost", Path: path,
		Source: "192.0.2.7:50000", Now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Upstream: scenario.Response{Status: 200},
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Headers = append(r.Headers, scenario.Header{Name: headers[i], Value: headers[i+1]})
	}
	return r
}

// sent decides one request.
func sent(t *testing.T, b *check.Bundle, r scenario.Request) scenario.Outcome {
	t.Helper()
	o, err := New(b).Send("b", r)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// said is an outcome in one line: what tests compare.
func said(o scenario.Outcome) string {
	if o.Forward {
		return "to " + o.Cluster + " by " + o.By
	}
	return fmt.Sprintf("%d by %s", o.Status, o.By)
}
