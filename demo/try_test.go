package main

import (
	"strings"
	"testing"

	"moec.dev/moec/compiler/scenario"
)

func TestDecider(t *testing.T) {
	for want, line := range map[string]map[string]any{
		"shop.orders.auth":          {"details": "moe.shop.orders.auth@0123456789ab", "route": nil},
		"shop.orders":               {"details": "via_upstream", "route": "shop.orders"},
		"Envoy: http1.codec_error":  {"details": "http1.codec_error", "route": "-"},
		"Envoy: route_not_found":    {"details": "route_not_found", "route": nil},
		"shop.catalog.failed.write": {"details": "moe.shop.catalog.failed.write", "route": "shop.catalog"},
	} {
		if got := decider(line); got != want {
			t.Errorf("%v: %s, want %s", line, got, want)
		}
	}
}

// A promise about a header is broken when it is absent, other or not alone.
func TestExpectLines(t *testing.T) {
	for _, headers := range [][]scenario.Header{
		nil,
		{{Name: "allow", Value: "GET"}},
		{{Name: "allow", Value: "POST"}, {Name: "allow", Value: "POST"}},
	} {
		faults := 0
		expectLines(func(string, ...any) { faults++ }, "the client", headers, []string{"allow: POST"})
		if faults != 1 {
			t.Errorf("%v: %d faults", headers, faults)
		}
	}
}

func TestPrintTable(t *testing.T) {
	var out strings.Builder
	printTable(&out, []row{{what: "GET /é", answer: "200", by: "a"}, {what: "GET /long", answer: "403", by: "b", faults: []string{"no"}}})
	want := "REQUEST    ANSWER  DECIDED BY\n" +
		"GET /é     200     a\n" +
		"GET /long  403     b\n" +
		"    NOT AS PROMISED: no\n"
	if out.String() != want {
		t.Errorf("got\n%s", out.String())
	}
}
