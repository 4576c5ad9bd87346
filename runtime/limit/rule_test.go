package limit

import (
	"runtime"
	"testing"
	"time"
	"unsafe"

	"moec.dev/moec/runtime/core"
)

// asked is a request of a bundle, and its frame.
type asked struct {
	core.Request
	f core.Frame
}

func ask(t *testing.T, clock int64) *asked {
	t.Helper()
	arena := make([]byte, core.ArenaSize)
	t.Cleanup(func() { runtime.KeepAlive(arena) })
	borrow := func(s string) core.Bytes {
		return core.Bytes{P: unsafe.Pointer(unsafe.StringData(s)), N: uintptr(len(s))}
	}
	headers := []core.Field{}
	for _, h := range [][2]string{{":method", "GET"}, {":scheme", "http"}, {":authority", "a"}, {":path", "/"}} {
		headers = append(headers, core.Field{Key: borrow(h[0]), Value: borrow(h[1])})
	}
	a := &asked{f: core.Frame{Headers: &headers[0], NHeaders: uintptr(len(headers)), Arena: &arena[0], Clock: clock}}
	if !a.Open(&a.f, (&core.Spec{Bundle: "shop"}).Prepare()) {
		t.Fatal("refused")
	}
	return a
}

// answer is the status, and the value of the last header of the answer.
func (a *asked) answer() (uint32, string) {
	if a.f.NActions == 0 {
		return a.f.Status, ""
	}
	r := a.f.Actions[a.f.NActions-1].Value
	return a.f.Status, unsafe.String(*(**byte)(unsafe.Pointer(&r.P)), r.N)
}

// The first limit that refuses gives the answer, with its status and the longest
// wait; what can never pass is 403; and what is taken for a while is noted.
func TestEnforce(t *testing.T) {
	slow := limiterOf(t, Params{Count: 1, Period: time.Hour})
	quick := limiterOf(t, Params{Count: 1, Period: time.Minute})
	few := limiterOf(t, Params{Concurrency: 1, Keys: 1})
	own, plain := Rule{Number: 3, Details: "moe.shop.slow", Status: 503, Body: "no", Exact: true}, Rule{Number: 4, Details: "moe.shop.quick", Status: 429}
	step := func(key Key) []Request {
		s := make([]Request, 3)
		s[0].Of(slow, &own)
		s[1].Of(quick, &plain)
		s[2].Of(few, &plain)
		for i := range s {
			s[i].Key = key
		}
		return s
	}
	a := ask(t, 1000)
	if !Enforce(&a.Request, nil) || !Enforce(&a.Request, step(key(1))) || a.f.NHeld != 1 {
		t.Fatalf("refused, %d held", a.f.NHeld)
	}
	held := a.f.Held[0]
	for _, c := range []struct {
		clock  int64
		take   []int // of the step
		key    Key
		status uint32
		header string
		at     uint32
	}{
		{1000, []int{0, 1}, key(1), 503, "3600", 3},
		{1000, []int{1, 0}, key(1), 429, "3600", 4},
		{int64(time.Minute), []int{1}, key(1), 429, "1", 4},
		{int64(2 * time.Hour), []int{0, 2}, key(1), 429, "text/plain", 4}, // nobody knows when the other ends
		{int64(2 * time.Hour), []int{0, 1}, Key{}, 403, "text/plain", 3},
	} {
		a := ask(t, c.clock)
		all := step(c.key)
		var s []Request
		for _, i := range c.take {
			s = append(s, all[i])
		}
		if Enforce(&a.Request, s) {
			t.Errorf("%+v: admitted", c)
			continue
		}
		a.Done()
		if status, header := a.answer(); status != c.status || header != c.header || a.At != c.at || a.f.NHeld != 0 {
			t.Errorf("%+v: %d %s by rule %d, %d held", c, status, header, a.At, a.f.NHeld)
		}
	}
	core.Release(held)
	if a := ask(t, int64(4*time.Hour)); !Enforce(&a.Request, step(key(1))) {
		t.Error("refused after all has ended")
	}
}

// In shadow each limit is asked for itself, and nothing is refused.
func TestWatch(t *testing.T) {
	b := &core.Bundle{Name: "shop", Rules: []string{"shop", "shop.once", "shop.few"}}
	core.Register(b)
	once, few := limiterOf(t, Params{Count: 1, Period: time.Hour}), limiterOf(t, Params{Concurrency: 2})
	rules := []Rule{{Number: 1}, {Number: 2}}
	counted := [3]int{}
	for n := range 3 {
		a := ask(t, 1000)
		s := make([]Request, 2)
		s[0].Of(once, &rules[0])
		s[1].Of(few, &rules[1])
		s[0].Key, s[1].Key = key(1), key(1)
		Watch(&a.Request, s)
		for rule := range counted {
			if a.f.Shadowed(rule) {
				counted[rule]++
			}
		}
		if want := min(1, max(0, 2-n)); int(a.f.NHeld) != want {
			t.Errorf("request %d holds %d", n, a.f.NHeld)
		}
	}
	if counted != [3]int{0, 2, 1} {
		t.Errorf("counted %v", counted)
	}
}

// Keys beyond those that there is room for are counted.
func TestCrowded(t *testing.T) {
	l := limiterOf(t, Params{Count: 1, Period: time.Hour, Keys: 1})
	rule := Rule{Number: 1, Details: "moe.shop.l", Status: 429}
	for n := range int64(3) {
		a := ask(t, 1000)
		s := make([]Request, 1)
		s[0].Of(l, &rule)
		s[0].Key = key(n)
		if passed := Enforce(&a.Request, s); passed != (n < 2) {
			t.Errorf("key %d: %v", n, passed)
		}
		a.f.Verdict, a.f.Status = core.VerdictReply, 429
		a.Done()
		if crowded := a.f.Flags&core.FlagCrowded != 0; crowded != (n > 0) {
			t.Errorf("key %d: crowded %v", n, crowded)
		}
	}
}

// Names of limits that cannot be had refuse the configuration.
func TestLoad(t *testing.T) {
	into := make([]*Limiter, 2)
	good := []Named{{"a", Params{Count: 1, Period: time.Second}}, {"b", Params{Concurrency: 3}}}
	if err := Load("loaded", into, good); err != nil || into[0].Name() != "a" || into[1].Params().Concurrency != 3 {
		t.Errorf("%v, %v", into, err)
	}
	again := make([]*Limiter, 2)
	if err := Load("loaded", again, good); err != nil || again[0] != into[0] || again[1] != into[1] {
		t.Error("another configuration has other limiters")
	}
	if err := Load("loaded", into, []Named{{"a", Params{}}}); err == nil || err.Error() != "limit a: a limit has exactly one of a count, a highest rate and a concurrency" {
		t.Error(err)
	}
}

// A burst that a request names is at least 1.
func TestOwnBurst(t *testing.T) {
	l := limiterOf(t, Params{AtMost: 10, Burst: 10, Period: time.Hour})
	for n, want := range map[int64]Reason{-5: BadRate, 0: BadRate, 1: Admitted, 1000: Admitted} {
		s := make([]Request, 1)
		s[0].Of(l, nil)
		s[0].Count, s[0].Key = 10, key(n)
		s[0].OwnBurst(n)
		if r := Take(0, s); r.Reason != want {
			t.Errorf("burst %d: %v", n, r.Reason)
		}
	}
}
