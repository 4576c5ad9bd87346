package limit

import (
	"runtime"
	"testing"
	"time"

	"moec.dev/moec/runtime/core"
)

// scratch is memory to write fields into.
func scratch(t testing.TB) core.Scratch {
	arena := make([]byte, core.ArenaSize)
	f := &core.Frame{Arena: &arena[0]}
	t.Cleanup(func() { runtime.KeepAlive(arena) })
	return core.NewScratch(f)
}

var told = &Rule{Announce: true}

func TestAnnounce(t *testing.T) {
	user := newLimiter("shop", "per_user", Params{Count: 100, Period: time.Minute, Burst: 20}.filled())
	plan := newLimiter("shop", `odd"\name`, Params{AtMost: 1000, Period: time.Hour}.filled())
	busy := newLimiter("shop", "busy", Params{Concurrency: 2}.filled())
	rs := []Request{
		{Limiter: user, Key: key(1), Cost: 1, rule: told},
		{Limiter: busy, Key: key(1), rule: told},
		{Limiter: plan, Key: key(1), Cost: 10, Count: 60, rule: told},
	}
	s := scratch(t)
	check := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", what, got, want)
		}
	}
	if res := Take(5, rs); !res.Admitted() {
		t.Fatal(res)
	}
	check("policy", WritePolicy(&s, rs), `"per_user";q=100;w=60, "odd\"\\name";q=60;w=3600`)
	check("admitted", WriteState(&s, rs), `"per_user";r=19;t=1, "odd\"\\name";r=50;t=600`)

	rs[2].Cost = 55
	res := Take(6, rs)
	if res.Refused != 2 || res.Reason != Limited {
		t.Fatal(res)
	}
	after, ok := res.RetryAfter()
	if !ok || after != 300 {
		t.Errorf("retry-after %d, %v", after, ok)
	}
	check("refused", WriteState(&s, rs), `"per_user";r=19;t=1, "odd\"\\name";r=50;t=300`)
	check("seconds", s.FormatInt(after), "300")

	rs[2].Count = 0
	Take(7, rs)
	check("no rate", WritePolicy(&s, rs), `"per_user";q=100;w=60`)
	check("a concurrency alone", WriteState(&s, rs[1:2]), "")
}

func TestAnnounceWithoutRoom(t *testing.T) {
	l := newLimiter("shop", "a", Params{Count: 1, Period: time.Second}.filled())
	rs := []Request{{Limiter: l, Key: key(1), Cost: 1, rule: told}}
	Take(1, rs)
	s := scratch(t)
	s.Room(core.ArenaSize - 3)
	if got := WriteState(&s, rs); got != "" {
		t.Errorf("%q", got)
	}
}
