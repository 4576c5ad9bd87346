package behaviour

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"moec.dev/moec/compiler"
	"moec.dev/moec/compiler/build"
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/interp"
	"moec.dev/moec/compiler/process"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/tests/envoy/harness"
	"moec.dev/moec/tests/host/dynmod"
)

// floor is the size below which the corpus must not fall.
const floor = 200

var only = flag.String("behaviour.only", "", "play the cases whose names match this pattern, and no others")

// hostRoom is how many bundles the C test host has room for.
const hostRoom = 50

// TestCorpus runs every case through every executor. The interpreter stands
// beside each that shows exactly what the bundle did, so that the two must
// agree on every header and not only on what a case expects.
func TestCorpus(t *testing.T) {
	cases, err := corpus()
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) < floor && *only == "" {
		t.Errorf("the corpus has %d cases; it once had %d", len(cases), floor)
	}
	units := make([]*compiler.Unit, len(cases))
	checked := make([]*check.Bundle, len(cases))
	for i, c := range cases {
		units[i], checked[i] = c.unit, c.unit.Checked
	}
	oracle := interp.New(checked...)

	t.Run("program", func(t *testing.T) {
		path, err := compiler.Program(context.Background(), units)
		if err != nil {
			t.Fatal(report(err))
		}
		program, err := process.Start(path)
		if err != nil {
			t.Fatal(err)
		}
		defer closing(t, program)
		play(t, cases, scenario.Options{}, oracle, program)
	})
	if testing.Short() {
		return
	}
	library := filepath.Join(t.TempDir(), "corpus.so")
	if _, err := compiler.Library(context.Background(), units, library); err != nil {
		t.Fatal(report(err))
	}
	t.Run("host", func(t *testing.T) {
		cases := slices.DeleteFunc(slices.Clone(cases), func(c behaviour) bool { return c.skipLibrary != "" })
		for some := range slices.Chunk(cases, hostRoom) {
			host, err := dynmod.New(library, dynmod.Options{})
			if err != nil {
				t.Fatal(err)
			}
			play(t, some, scenario.Options{}, oracle, plainHost{host})
			closing(t, host)
		}
	})
	for _, version := range harness.Supported {
		t.Run("envoy "+version, func(t *testing.T) { envoy(t, cases, library, version) })
	}
}

// envoy plays what a real Envoy can play. Nothing is compared there with the
// interpreter: Envoy adds headers of its own.
func envoy(t *testing.T, cases []behaviour, library, version string) {
	var played []behaviour
	var names, clusters []string
	reasons := map[string]int{}
	for _, c := range cases {
		if c.skipEnvoy != "" {
			reasons[c.skipEnvoy]++
			continue
		}
		played = append(played, c)
		names = append(names, c.unit.IR.Name)
		clusters = append(clusters, c.unit.Clusters()...)
	}
	slices.Sort(clusters)
	x, err := harness.NewExecutor(version, library, names, slices.Compact(clusters))
	if err != nil {
		t.Fatal(err)
	}
	defer closing(t, x)
	play(t, played, scenario.Options{Loose: true}, x)
	for why, n := range reasons {
		t.Logf("%d cases are not played: %s", n, why)
	}
	t.Logf("%d cases played, %d requests refused by Envoy itself", len(played), x.HostRefusals)
}

// play runs all tests of all cases.
func play(t *testing.T, cases []behaviour, opts scenario.Options, execs ...scenario.Executor) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for _, test := range c.unit.Checked.Tests {
				r := scenario.Run(c.unit.Checked, c.unit.Keys, test, execs, opts)
				if r.Skipped != "" {
					t.Logf("%q is left out: %s", r.Title, r.Skipped)
				}
				for _, f := range r.Failures {
					t.Errorf("%q: %s: %s\n    %s", r.Title, f.Span, f.Message, strings.Join(f.Detail, "\n    "))
				}
			}
		})
	}
}

func closing(t *testing.T, x scenario.Executor) {
	if err := x.Close(); err != nil {
		t.Error(err)
	}
}

// report adds what the toolchain said to a build's failure.
func report(err error) string {
	var f *build.Failure
	if errors.As(err, &f) {
		return fmt.Sprintf("%v\n%s", err, f.Output)
	}
	return err.Error()
}
