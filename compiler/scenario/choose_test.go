package scenario_test

import (
	"strings"
	"testing"

	"moec.dev/moec/compiler/scenario"
)

const split = `
route split { match GET "/split"; public; forward to split { "one" 50%, "two" 50% } }
test "chance" {
  choose "two"
  send GET "/split"
  expect forward to "two"
  send GET "/clock"
  expect forward to "clock"
  choose "one"
  send GET "/split"
  expect forward to "one"
}`

// moody is an executor that cannot be told what to choose.
type moody struct {
	scenario.Executor
	moods []string
	sends int
}

func (m *moody) Send(bundle string, r scenario.Request) (scenario.Outcome, error) {
	r.Choose = m.moods[m.sends%len(m.moods)]
	m.sends++
	return m.Executor.Send(bundle, r)
}

// Where chance cannot be steered, requests are sent until it agrees; requests
// that it does not decide about are sent once.
func TestChance(t *testing.T) {
	var m *moody
	wrap := func(x scenario.Executor) scenario.Executor {
		m = &moody{Executor: x, moods: []string{"one", "one", "one", "two", "two", "two"}}
		return m
	}
	if got := report(t, ran(t, split, scenario.Options{}, wrap)); strings.Contains(got, "FAIL") || strings.Contains(got, "disagree") {
		t.Error(got)
	}
	if m.sends != 7 { // one one one two, clock, two one
		t.Errorf("%d requests", m.sends)
	}
}

func TestChanceThatNeverAgrees(t *testing.T) {
	wrap := func(x scenario.Executor) scenario.Executor { return &moody{Executor: x, moods: []string{"one"}} }
	if got := report(t, ran(t, split, scenario.Options{}, wrap)); !strings.Contains(got, "chance did not choose two") {
		t.Error(got)
	}
}
