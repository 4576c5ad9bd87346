package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The host of the benchmark has every callback without which a library does not
// load: nothing else would tell before somebody measures.
func TestHostHasWhatALibraryNeeds(t *testing.T) {
	load, err := os.ReadFile("../../runtime/host/dynmod/load.c")
	if err != nil {
		t.Fatal(err)
	}
	host, err := programs.ReadFile("stream/stream.c")
	if err != nil {
		t.Fatal(err)
	}
	needed := regexp.MustCompile(`(?m)^  NEED\((\w+)\)$`).FindAllStringSubmatch(string(load), -1)
	if len(needed) < 10 {
		t.Fatalf("found %d callbacks that a library needs", len(needed))
	}
	for _, n := range needed {
		if !strings.Contains(string(host), ", "+n[1]+")(") {
			t.Errorf("stream.c has no callback %s", n[1])
		}
	}
}
