package main

import (
	"slices"
	"strings"
	"testing"
)

func TestBars(t *testing.T) {
	r := results{
		yardstick: figures{"cross": 50, "digest": 100},
		streams: map[setting]figures{
			{tick: true}:             {"tight": 251},
			{pause: 100, tick: true}: {"life_p50": 753, "cpu": 10, "answer_p99": 11, "life_p99": 21},
			{pause: 100}:             {"cpu": 10, "answer_p99": 10, "life_p99": 20},
		},
	}
	var got []bool
	for _, b := range r.bars() {
		got = append(got, b.met())
	}
	if want := []bool{false, true, true, false, false}; !slices.Equal(got, want) {
		t.Errorf("met %v, want %v", got, want)
	}
	var b strings.Builder
	r.print(&b)
	if n := strings.Count(b.String(), "NOT MET"); n != 3 {
		t.Errorf("printed %d bars as not met:\n%s", n, b.String())
	}
	if !strings.Contains(b.String(), "NOT MET  pauses of 100 us, p99 of the whole life, no more than with the tick off: 21 ns, bar 20 ns\n         (the tick itself runs in stream_complete") {
		t.Errorf("no reason is given for the life's p99:\n%s", b.String())
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

func TestLimitsTable(t *testing.T) {
	var b strings.Builder
	printLimits(&b, limitRows("k"), []float64{601, 300, 450, 310, 461})
	for _, want := range []string{"601 ns                600 ns, NOT MET", "450 ns        150 ns      150 ns, met", "461 ns        151 ns  150 ns, NOT MET"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}
