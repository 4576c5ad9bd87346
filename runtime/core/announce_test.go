package core

import (
	"strings"
	"testing"
)

func TestAnnounce(t *testing.T) {
	k := get("/")
	r := open(t, k)
	r.Announce("", "")
	r.Announce(r.Copy("p1"), r.Copy("s1"))
	r.Announce(r.Copy("p2"), r.Copy("s2"))
	r.Forward("c", "l")
	r.AnnounceOwn() // it is not ours
	k.wantActions(t, "set x-moe-cluster=c")
	r.Done()
	// On our own answer to the same request they are headers like others, in
	// front of those of response rules.
	n := newFake()
	n.f.First = ref(strings.Clone(k.f.First.view()))
	var late Request
	late.OpenBody(n.f, shop)
	n.wantReply(t, 413, "moe.shop.body", "request entity too large\n")
	n.wantActions(t, "add content-type=text/plain", "add ratelimit-policy=p1, p2", "add ratelimit=s1, s2")
}

func TestAnnounceOwn(t *testing.T) {
	k := get("/")
	r := open(t, k)
	r.Announce("p", "s")
	r.Reply("moe.a", 429, "", false)
	r.AnnounceOwn()
	r.Done()
	k.wantActions(t, "add content-type=text/plain", "add ratelimit-policy=p", "add ratelimit=s")
	if k.f.First.N != 0 {
		t.Error("something is left for an answer that is ours")
	}
}

// What does not fit is a fault, and nothing is left of it with the host.
func TestAnnounceTooMuch(t *testing.T) {
	room := AnnounceSize - 2*aheadHeadSize - len(PolicyField) - len(StateField)
	for _, test := range []struct{ size, left int }{{room - 1, AnnounceSize}, {room, 0}} {
		k := get("/")
		r := open(t, k)
		r.Forward("c", "l")
		r.Announce(strings.Repeat("p", test.size), "s")
		panics := func() (panics bool) {
			defer func() { panics = recover() != nil }()
			r.Done()
			return false
		}()
		if int(k.f.First.N) != test.left || panics != (test.left == 0) {
			t.Errorf("%d bytes: %d are left, panics %v", test.size, k.f.First.N, panics)
		}
	}
}

// A body's answer refuses what nobody announced.
func TestAnnounceRefuses(t *testing.T) {
	for _, garbage := range []string{"abc", "\x02\x00\x00\x00\xff\xff\xff\xff\x00\x00\x00\x00x", "\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00x"} {
		n := newFake()
		n.f.First = ref(garbage)
		var late Request
		late.OpenBody(n.f, shop)
		n.wantReply(t, 500, "moe.shop.undecided", "internal server error\n")
	}
}
