package dynmod

import (
	"slices"
	"testing"
	"time"
)

// What a request holds is given back once, however its stream ends and whatever
// the decision came to.
func TestHeldIsGivenBack(t *testing.T) {
	h := Start(t, library, Options{}, "holder", "gate", "answers")
	for _, mode := range []string{"", "early", "gone", "gone-at-once", "again", "trailers", "pester", "no-memory", "echo"} {
		for _, do := range []string{"", "unset", "verdict", "op", "many", "status", "panic", "fault", "redirect"} {
			for _, holds := range []string{"1", "8"} {
				for _, chain := range [][]string{{"holder"}, {"answers", "holder", "gate"}, {"holder", "holder"}} {
					run(t, h, Stream{Chain: chain, Request: withKey("x-do", do, "x-holds", holds), Mode: mode})
				}
			}
		}
	}
	run(t, h, Stream{Chain: []string{"holder"}, Request: withKey("x-holds", "3"), Workers: 2, Times: 2000})
	has(t, run(t, h, Stream{Chain: []string{"holder"}, Request: withKey()}).Outcome.Request, "x-out", "0 out, 0 strange")
}

// While the upstream has not answered, the request holds what it has; one that
// was refused does not.
func TestHeldWhileOnItsWay(t *testing.T) {
	h := Start(t, library, Options{}, "holder")
	look := func(want string) {
		t.Helper()
		has(t, run(t, h, Stream{Chain: []string{"holder"}, Request: withKey()}).Outcome.Request, "x-out", want)
	}
	held := Stream{Chain: []string{"holder"}, Request: withKey("x-holds", "2"), Mode: "hold"}
	run(t, h, held)
	if r := run(t, h, held); r.Answered || !slices.Contains(r.Trace, "request_headers holder 0") || r.Called("stream_complete", "holder") != 0 {
		t.Errorf("got %+v", r)
	}
	held.Request = withKey("x-holds", "2", "x-do", "redirect")
	if r := run(t, h, held); r.Outcome.Status != 308 || r.Called("stream_complete", "holder") != 1 {
		t.Errorf("got %+v", r)
	}
	look("4 out, 0 strange")
	if err := h.Release(); err != nil {
		t.Fatal(err)
	}
	look("0 out, 0 strange")
}

// The clock is the machine's monotonic one, or where the test wants it.
func TestClock(t *testing.T) {
	h := Start(t, library, Options{}, "holder")
	request := withKey()
	request.Clock = 1500 * time.Millisecond
	has(t, run(t, h, Stream{Chain: []string{"holder"}, Request: request, Virtual: true}).Outcome.Request, "x-clock", "3601500000000")
	before := run(t, h, Stream{Chain: []string{"holder"}, Request: request}).Outcome.Request
	after := run(t, h, Stream{Chain: []string{"holder"}, Request: request}).Outcome.Request
	a, b := values(before, "x-clock"), values(after, "x-clock")
	if slices.Equal(a, b) || slices.Equal(a, []string{"0"}) || slices.Equal(a, []string{"3601500000000"}) {
		t.Errorf("clock %s, then %s", a, b)
	}
}
