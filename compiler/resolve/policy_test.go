package resolve

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
	"moec.dev/moec/dsl/syntax"
)

// resolved is a bundle named shop from one file; key files are given as name,
// text. The second result is each message as code, blamed text, words.
func resolved(policy string, data ...string) (*Bundle, string) {
	var diags diag.List
	file := syntax.Parse(source.New("p.moe", policy), &diags)
	tree := &ast.Bundle{Name: "shop", Files: []*ast.File{file}, Data: map[string]ast.Data{}}
	for i := 0; i+1 < len(data); i += 2 {
		tree.Data[data[i]] = ast.Data{Source: source.New(data[i], data[i+1])}
	}
	b := Resolve(tree, &diags)
	var out []string
	for _, d := range diags.Sorted() {
		s := d.Code.ID + " [" + d.Span.Text() + "] " + d.Message
		if d.Span.Start == 0 && d.Span.End == 0 {
			s = d.Code.ID + " " + d.Message
		}
		out = append(out, s)
	}
	return b, strings.Join(out, "\n")
}

// digest is a key's first word in a key file.
func digest(key string) string { return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(key))) }

// health ends a bundle that would have no route.
const health = "\nroute health { match GET \"/healthz\"; public; respond 200 }\n"

// problem is a policy and the messages that it gets.
type problem struct{ policy, want string }

func problems(t *testing.T, cases []problem, wrap func(string) string, data ...string) {
	t.Helper()
	for _, c := range cases {
		if _, got := resolved(wrap(c.policy), data...); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.policy, got, c.want)
		}
	}
}
