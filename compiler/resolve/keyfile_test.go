package resolve

import (
	"crypto/sha256"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
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
			"M0603 [SHA256:0011] a key's line begins with sha256: and 64 hex digits"},
		{"sha256:" + strings.ToUpper(digest("x")[7:]) + " one",
			""},
		{"sha256:00 one",
			"M0603 [sha256:00] a key's line begins with sha256: and 64 hex digits"},
		{"md5:00 one",
			"M0603 [md5:00] a key's line begins with sha256: and 64 hex digits"},
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
