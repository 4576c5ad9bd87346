package authn

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func digests(secrets ...string) string {
	var b strings.Builder
	for _, s := range secrets {
		d := sha256.Sum256([]byte(s))
		b.Write(d[:])
	}
	return b.String()
}

func TestFind(t *testing.T) {
	k := NewKeys(digests("alpha", "beta", "", "alpha"))
	for secret, want := range map[string]int32{"alpha": 0, "beta": 1, "": 2, "gamma": Unknown, "alpha ": Unknown, "Alpha": Unknown, strings.Repeat("x", 1<<16): Unknown} {
		if got := k.Find(secret); got != want {
			t.Errorf("%.20q is %d, want %d", secret, got, want)
		}
	}
	if k.Len() != 4 {
		t.Error(k.Len())
	}
	if got := NewKeys(digests("a", "b"), 7, 9).Find("b"); got != 9 {
		t.Errorf("identity %d", got)
	}
	if got := NewKeys("").Find(""); got != Unknown {
		t.Errorf("no key, and yet %d", got)
	}
}

func TestFindAmongKeysThatShareTheirFirstBytes(t *testing.T) {
	digest := sha256.Sum256([]byte("secret"))
	var keys []Key
	for i := range int32(50) {
		k := Key{Digest: digest, Identity: i}
		k.Digest[31] ^= byte(i + 1)
		keys = append(keys, k)
	}
	if got := NewKeySet(keys).Find("secret"); got != Unknown {
		t.Errorf("a digest that differs in its last byte is identity %d", got)
	}
	keys = append(keys, Key{Digest: digest, Identity: 50})
	if got := NewKeySet(keys).Find("secret"); got != 50 {
		t.Errorf("identity %d, want 50", got)
	}
}

func TestFindAgreesWithAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secrets := rapid.SliceOfDistinct(rapid.StringN(0, 3, -1), rapid.ID).Draw(t, "secrets")
		k := NewKeys(digests(secrets...))
		for i, s := range secrets {
			if got := k.Find(s); got != int32(i) {
				t.Fatalf("%q is %d, want %d", s, got, i)
			}
		}
		other := "not " + rapid.String().Draw(t, "other") + " drawn"
		if got := k.Find(other); got != Unknown {
			t.Fatalf("%q is %d", other, got)
		}
	})
}

func TestBadLengthsPanic(t *testing.T) {
	for _, make := range []func(){func() { NewKeys("short") }, func() { NewKeys(digests("a"), 1, 2) }} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("accepted")
				}
			}()
			make()
		}()
	}
}

func TestFindAllocatesNothing(t *testing.T) {
	var secrets []string
	for i := range 1000 {
		secrets = append(secrets, fmt.Sprint("key-", i))
	}
	k := NewKeys(digests(secrets...))
	secret := strings.Repeat("key-", 50)
	if n := testing.AllocsPerRun(100, func() {
		k.Find("key-7")
		k.Find(secret)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
