package check

import (
	"strings"
	"testing"

	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
	"moec.dev/moec/dsl/syntax"
)

// checked is a bundle named shop from one file, and each message as code,
// blamed text, words and help. Key files are empty.
func checked(policy string) (*Bundle, string) {
	var diags diag.List
	file := syntax.Parse(source.New("p.moe", policy), &diags)
	b := Check(resolve.Resolve(&ast.Bundle{Name: "shop", Files: []*ast.File{file}, Data: map[string]ast.Data{}}, &diags), &diags)
	var out []string
	for _, d := range diags.Sorted() {
		s := d.Code.ID + " [" + d.Span.Text() + "] " + d.Message
		if d.Help != "" {
			s += " | " + d.Help
		}
		for _, r := range d.Related {
			s += " / [" + r.Span.Text() + "] " + r.Message
		}
		out = append(out, s)
	}
	return b, strings.Join(out, "\n")
}

// problem is a part of a policy and the messages that it gets.
type problem struct{ policy, want string }

func problems(t *testing.T, wrap func(string) string, cases []problem) {
	t.Helper()
	for _, c := range cases {
		if _, got := checked(wrap(c.policy)); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.policy, got, c.want)
		}
	}
}

// auths are what routes of these tests may use.
const auths = `auth a = api_key { key from header "x-key-a"; keys from file "a.keys"; claims { plan: string?, level: int, only_a: bool } }
auth b = api_key { key from header "x-b"; keys from file "b.keys"; claims { plan: string, level: int, other: string } }
route users { match GET "/users"; auth a or b; respond 200 }
`

// lets are what rules of these tests may read.
const lets = `let ops = "ops" in identity.groups
let who = identity.subject
let agent = header("user-agent")
let host_is(h: string) = request.host == h
let in_group(g: string) = g in identity.groups
route readers { match GET "/readers"; auth a; allow when ops && in_group("x") && who == agent && host_is("x"); respond 200 }
`

// lines are rules that stand on one line here.
func lines(s string) string { return strings.ReplaceAll(s, "; ", "\n  ") }
