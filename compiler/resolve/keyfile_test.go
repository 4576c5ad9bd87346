package resolve

import (
	"bytes"
	"crypto/sha256"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
	"moec.dev/moec/dsl/syntax"
)

// Lines of key files; DIGEST stands for a key's digest.
func TestKeyFiles(t *testing.T) {
	for _, c := range []problem{
		{"",
			"M0603 no keys in this file: auth a would refuse everybody"},
		{"\n\n# x\n",
			"M0603 no keys in this file: auth a would refuse everybody"},
		{"DIGEST",
			"M0603 [DIGEST] the key has no subject"},
		{"DIGEST ",
			"M0603 [DIGEST] the key has no subject"},
		{"DIGEST one",
			""},
		{"DIGEST one # two",
			""},
		{"DIGEST one#two",
			""},
		{"DIGEST one\r\nDIGEST2 two\r\n",
			""},
		{"DIGEST\tone\ta,b\ts=x",
			""},
		{"DIGEST a=b",
			"M0603 [DIGEST] the key has no subject"},
		{"DIGEST one a,b c,d",
			"M0603 [c,d] groups stand once, joined with commas; what follows is name=value"},
		{"DIGEST one a,,b",
			"M0603 [a,,b] an empty group name"},
		{"DIGEST one a, b",
			"M0603 [a,] an empty group name"},
		{"DIGEST one s=x a",
			"M0603 [a] groups stand once, joined with commas; what follows is name=value"},
		{"DIGEST one s=x s=y",
			"M0603 [s=y] claim s stands twice"},
		{"DIGEST one foo=1",
			"M0603 [foo=1] auth a declares no claim foo"},
		{"DIGEST one i=x",
			"M0603 [i=x] claim i: \"x\" is not of type int"},
		{"DIGEST one i=9223372036854775808",
			"M0603 [i=9223372036854775808] claim i: \"9223372036854775808\" is not of type int"},
		{"DIGEST one u=-1",
			"M0603 [u=-1] claim u: \"-1\" is not of type uint"},
		{"DIGEST one d=1e3 b=true l=a,b i=-1 u=1",
			""},
		{"DIGEST one d=nan",
			""},
		{"DIGEST one b=T",
			""},
		{"DIGEST one b=1",
			""},
		{"DIGEST one d=0x1p3",
			""},
		{"DIGEST one i=1_000",
			"M0603 [i=1_000] claim i: \"1_000\" is not of type int"},
		{"DIGEST one i=+1",
			""},
		{"DIGEST one s=",
			""},
		{"DIGEST one l=",
			""},
		{"DIGEST one l=a,,b",
			"M0603 [l=a,,b] claim l: an element is empty or not printable text"},
		{"DIGEST one s=a=b",
			""},
		{"DIGEST one =x",
			"M0603 [=x] auth a declares no claim "},
		{"DIGEST one\nDIGEST two",
			"M0603 [DIGEST] the same key stands twice"},
		{"SHA256:0011 one",
			"M0603 [***********] a key's line begins with sha256: and 64 hex digits"},
		{"sha256:" + strings.ToUpper(digest("x")[7:]) + " one",
			""},
		{"sha256:00 one",
			"M0603 [sha256:00] a key's line begins with sha256: and 64 hex digits"},
		{"md5:00 one",
			"M0603 [******] a key's line begins with sha256: and 64 hex digits"},
		{"DIGESTg one",
			"M0603 [DIGESTg] a key's line begins with sha256: and 64 hex digits"},
		{"sha256:000000000000000000000000000000000000000000000000000000000000000000 one",
			"M0603 [sha256:000000000000000000000000000000000000000000000000000000000000000000] a key's line begins with sha256: and 64 hex digits"},
		{"DIGEST o\x01ne",
			"M0603 [o\x01ne] a subject is printable text"},
		{"DIGEST \xff",
			"M0603 [\xff] a subject is printable text"},
		{"\ufeffDIGEST one",
			""},
		{"DIGEST é ü=1",
			"M0603 [ü=1] auth a declares no claim ü"},
		{"DIGEST one\v",
			"M0603 [one\v] a subject is printable text"},
	} {
		real := strings.NewReplacer("DIGEST2", digest("y"), "DIGESTg", digest("x")[:70]+"g", "DIGEST", digest("x"))
		_, got := resolved(withClaims, "k.keys", real.Replace(c.policy))
		if want := real.Replace(c.want); got != want {
			t.Errorf("%q\n got %s\nwant %s", c.policy, got, want)
		}
	}
}

const withClaims = `auth a = api_key {
  key from header "x-key"
  keys from file "k.keys"
  claims { s: string?, i: int?, u: uint?, d: double?, b: bool?, l: list(string)? }
}
route r { match GET "/"; auth a; respond 200 }
`

// What a key file says is what an auth knows.
func TestKeys(t *testing.T) {
	b, got := resolved(withClaims, "k.keys", "\ufeff# keys\r\n\r\n"+digest("x")+" one ops,eu s=a=b i=-1 u=2 d=1e3 b=true l=a,b # and so on\r\n  "+digest("y")+"\ttwo l=\r\n"+digest("z")+" three")
	if got != "" {
		t.Fatal(got)
	}
	want := []*Key{
		{Digest: sha256.Sum256([]byte("x")), Subject: "one", Groups: []string{"ops", "eu"}, Claims: []any{"a=b", int64(-1), uint64(2), 1000.0, true, []string{"a", "b"}}},
		{Digest: sha256.Sum256([]byte("y")), Subject: "two", Claims: []any{nil, nil, nil, nil, nil, []string{}}},
		{Digest: sha256.Sum256([]byte("z")), Subject: "three", Claims: []any{nil, nil, nil, nil, nil, nil}},
	}
	if d := cmp.Diff(want, b.Auths[0].Keys, cmpopts.IgnoreFields(Key{}, "Span")); d != "" {
		t.Error(d)
	}
}

// A key that stands in the file itself is not shown by any message, and every
// message still points to its place.
func TestKeyFilesAreShownWithoutSecrets(t *testing.T) {
	text := "\ufeff# old: hunter2\r\n  letmein one\r\nrobot\tpässword\n" + digest("x") + " one nope=1\n" + digest("x") + "\nsha256:00 two\nlast"
	var diags diag.List
	file := syntax.Parse(source.New("p.moe", withClaims), &diags)
	tree := &ast.Bundle{Name: "shop", Files: []*ast.File{file}, Data: map[string]ast.Data{"k.keys": {Source: source.New("k.keys", text)}}}
	Resolve(tree, &diags)
	var out bytes.Buffer
	var places []string
	for _, d := range diags.Sorted() {
		f := d.Span.File
		if f.Name != "k.keys" || len(f.Text) != len(text) || strings.Count(f.Text, "\n") != strings.Count(text, "\n") {
			t.Errorf("%v is about another file", d)
		}
		for i := 1; i <= 8; i++ {
			out.WriteString(f.Line(i) + "\n")
		}
		out.WriteString(d.Message + d.Help)
		places = append(places, d.Span.String()+" "+d.Span.Text())
	}
	for _, secret := range []string{"hunter2", "letmein", "robot", "ssword", "last"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%q is shown", secret)
		}
	}
	want := []string{"k.keys:2:3 *******", "k.keys:3:1 *****", "k.keys:4:77 nope=1", "k.keys:5:1 " + digest("x"), "k.keys:6:1 sha256:00", "k.keys:7:1 ****"}
	if d := cmp.Diff(want, places); d != "" {
		t.Error(d)
	}
}

// What is wrong with a file that two auths name is said once.
func TestKeyFileOfTwoAuths(t *testing.T) {
	_, got := resolved(`auth a = api_key { key from header "x-a"; keys from file "k.keys" }
auth b = api_key { key from header "x-b"; keys from file "k.keys" }
`+health, "k.keys", "oops one\n")
	if want := "M0603 [****] a key's line begins with sha256: and 64 hex digits"; got != want {
		t.Errorf("got %s", got)
	}
}
