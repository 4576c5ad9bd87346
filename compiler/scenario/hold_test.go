package scenario_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"moec.dev/moec/compiler/scenario"
)

const limits = `
route limited { match GET "/limited"; public; limit slow 1/h key source.net; limit running concurrency 1 key source.net, header("x-who"); forward to "clock" }
`

// told is an executor that writes down what it is asked.
type told struct {
	scenario.Executor
	asked []string
}

func (x *told) Send(bundle string, r scenario.Request) (scenario.Outcome, error) {
	x.asked = append(x.asked, fmt.Sprint(r.Clock, " ", r.Now.Format(time.DateTime), " ", r.Hold))
	return x.Executor.Send(bundle, r)
}

func (x *told) Begin() error {
	x.asked = append(x.asked, "begin")
	return x.Executor.(scenario.Stateful).Begin()
}

func (x *told) Release() error {
	x.asked = append(x.asked, "release")
	return x.Executor.(scenario.Stateful).Release()
}

// A wait moves both clocks, and where the wall clock starts is nothing to the other.
func TestClocksAndHolds(t *testing.T) {
	var x *told
	results := ran(t, limits+`
test "clocks" {
  at "2027-01-01T00:00:00Z"
  send GET "/limited" { "x-who": "1" }
  expect forward
  wait 1h30m
  hold { send again; expect forward; wait 1s; send again; expect 429 by slow { response.code == 429 } }
  wait 1h
  send again
  expect forward { response.code == 200 }
}
test "a new one" { send GET "/limited" { "x-who": "1" }; expect forward; send again; expect 429 by slow }
`, scenario.Options{}, func(e scenario.Executor) scenario.Executor {
		x = &told{Executor: e}
		return x
	})
	if got := report(t, results); strings.Contains(got, "FAIL") {
		t.Error(got)
	}
	if got, want := strings.Join(x.asked, "\n"), `begin
0s 2027-01-01 00:00:00 false
1h30m0s 2027-01-01 01:30:00 true
1h30m1s 2027-01-01 01:30:01 true
release
2h30m1s 2027-01-01 02:30:01 false
begin
0s 2026-01-01 00:00:00 false
0s 2026-01-01 00:00:00 false`; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A failure says of a request that it is held; holds and limits need an
// executor that knows about them.
func TestHeldIsNotAnswered(t *testing.T) {
	results := ran(t, limits+`
test "held" { hold { send GET "/clock"; expect 403 } }
`, scenario.Options{})
	if got := report(t, results); !strings.Contains(got, "forwarded to clock by shop.clock, and held") {
		t.Error(got)
	}
	plain := func(e scenario.Executor) scenario.Executor { return &moody{Executor: e, moods: []string{""}} }
	if got := report(t, ran(t, limits+`test "t" { send GET "/clock"; expect forward }`, scenario.Options{}, plain)); !strings.Contains(got, "does not know how to begin with empty limits") {
		t.Error(got)
	}
	if got := report(t, ran(t, `test "t" { hold { send GET "/clock"; expect forward } }`, scenario.Options{}, plain)); !strings.Contains(got, "cannot hold a request") {
		t.Error(got)
	}
}

// Where chance cannot be steered, a test that chooses is left out of a bundle
// with limits: they would count each try.
func TestChanceBesideLimits(t *testing.T) {
	var m *moody
	results := ran(t, limits+split, scenario.Options{}, func(x scenario.Executor) scenario.Executor {
		m = &moody{Executor: x, moods: []string{"one"}}
		return struct {
			scenario.Executor
			scenario.Stateful
		}{m, x.(scenario.Stateful)}
	})
	if results[0].Failed() || !strings.Contains(results[0].Skipped, "without sending the request more often") || m.sends != 0 {
		t.Errorf("%+v after %d requests", results[0], m.sends)
	}
}

// disagreeing tells the first outcome wrongly.
type disagreeing struct {
	scenario.Executor
	scenario.Stateful
	told bool
}

func (l *disagreeing) Send(bundle string, r scenario.Request) (scenario.Outcome, error) {
	o, err := l.Executor.Send(bundle, r)
	if !l.told {
		o.By, l.told = "nobody", true
	}
	return o, err
}

// The interpreter is asked many times over for an order of maps in which it
// would agree; limits count the request once.
func TestAskingAgainCountsNothing(t *testing.T) {
	results := ran(t, `
route two { match GET "/two"; public; limit two 2/h key source.net; limit few concurrency 2 key source.net; forward to "clock" }
test "t" { hold { send GET "/two"; expect forward; send again }; send again }
`, scenario.Options{}, func(x scenario.Executor) scenario.Executor {
		return &disagreeing{Executor: x, Stateful: x.(scenario.Stateful)}
	})
	if f := results[0].Failures; len(f) != 1 || !strings.Contains(f[0].Message, "disagree") || !strings.Contains(strings.Join(f[0].Detail, ""), "nobody") {
		t.Errorf("%+v", f)
	}
}
