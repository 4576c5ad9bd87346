package core

import (
	"strings"
	"testing"
)

func TestTrailersCarryNothingThatHeadersMayNot(t *testing.T) {
	spec := (&Spec{Bundle: "b", Owned: []string{"x-user"}, Removed: []string{"x-internal-*", "x-one"},
		Credentials: []Credential{{InHeader, "x-key"}, {InQuery, "token"}}}).Prepare()
	for name, refused := range map[string]bool{
		"x-user": true, "x_user": true, "X-USER": true, "x-users": false,
		"x-internal-a": true, "X-Internal-": true, "x-internal": false,
		"x-one": true, "x-one-two": false, "x-key": true, "token": false,
		"x-moe-cluster": true, "x_moe_cluster": true, "x-envoy-retry-on": true, "x_envoy_upstream": true,
		"grpc-status": false, "x-checksum": false, "": true,
	} {
		if got := spec.refuses(name); got != refused {
			t.Errorf("%q refused: %v", name, got)
		}
	}
}

// A frame of trailers that cannot be read is denied, as one of headers is.
func TestTrailersThatDoNotFit(t *testing.T) {
	b := &Bundle{Name: "trailers", Spec: (&Spec{Bundle: "trailers", Removed: []string{"x-*"}}).Prepare()}
	saved := bundles
	bundles = []*Bundle{b}
	defer func() { bundles = saved }()
	var pairs []string
	for range MaxActions + 1 {
		pairs = append(pairs, "x-"+strings.Repeat("a", 10), "v")
	}
	k := newFake(pairs...)
	k.f.Phase = PhaseTrailers
	Decide(k.f)
	if k.f.Verdict != VerdictReply || k.f.Status != 500 || k.f.Flags&FlagFault == 0 {
		t.Errorf("verdict %d, status %d, flags %d", k.f.Verdict, k.f.Status, k.f.Flags)
	}
}
