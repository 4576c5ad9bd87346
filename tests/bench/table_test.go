package main

import (
	"strings"
	"testing"
)

func TestBars(t *testing.T) {
	r := results{
		yardstick: figures{"cross": 50, "digest": 100},
		streams: map[setting]figures{
			{tick: true}:             {"tight": 251},
			{pause: 100, tick: true}: {"life_p50": 753, "cpu": 10, "answer_p99": 11},
			{pause: 100}:             {"cpu": 10, "answer_p99": 10},
		},
	}
	var got []bool
	for _, b := range r.bars() {
		got = append(got, b.met())
	}
	if want := []bool{false, true, true, false}; len(got) != 4 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] || got[3] != want[3] {
		t.Errorf("met %v, want %v", got, want)
	}
	var b strings.Builder
	r.print(&b)
	if n := strings.Count(b.String(), "NOT MET"); n != 2 {
		t.Errorf("printed %d bars as not met:\n%s", n, b.String())
	}
}

func TestSettingsAreDistinct(t *testing.T) {
	seen := map[setting]bool{}
	for _, s := range settings() {
		if seen[s] {
			t.Errorf("%+v twice", s)
		}
		seen[s] = true
	}
}
