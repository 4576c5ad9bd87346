package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"moec.dev/moec/tests/speed/contest"
)

// The bars of the sheet.
const (
	leastMean  = 20 // times faster, geometric mean of the rows that no regular expression binds
	leastTimes = 1  // times faster, every row
	// nothing is less than this of an allocation: the measuring itself now and
	// then allocates between two rounds.
	nothing = 0.005
)

// place says where and how figures were taken.
type place struct {
	Processor, Go, CEL, System string
	Processors, Rounds         int
	Round                      time.Duration
	Day                        string
}

func machine(rounds int, round time.Duration) place {
	p := place{Processor: "unknown", Go: runtime.Version(), CEL: "unknown", System: runtime.GOOS + "/" + runtime.GOARCH,
		Processors: runtime.NumCPU(), Rounds: rounds, Round: round, Day: time.Now().UTC().Format(time.DateOnly)}
	if text, err := os.ReadFile(filepath.FromSlash("/proc/cpuinfo")); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				p.Processor = strings.TrimSpace(value)
				break
			}
		}
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == "cel.dev/cel-go" {
				p.CEL = m.Version
			}
		}
	}
	return p
}

// entry is a row with its figures.
type entry struct {
	row
	contest.Result
}

// times is how many times faster the compiled side is.
func (e entry) times() float64 { return e.CEL.Nanoseconds / e.Compiled.Nanoseconds }

// builds says that the expression's result, or something on the way to it, is a
// new text or list, which cannot be had for nothing: it is read off the
// functions that it calls.
func (e entry) builds() bool {
	for _, f := range []string{".split(", ".map(", ".filter(", ".join(", ".replace(", ".lowerAscii(", ".upperAscii(", "string(", " + \"", "\" + "} {
		if strings.Contains(e.text, f) {
			return true
		}
	}
	return false
}

// sheet is everything that was found.
type sheet struct {
	entries []entry
	place
}

func newSheet(rows []row, results map[string]contest.Result, at place) (*sheet, error) {
	s := &sheet{place: at}
	for _, r := range rows {
		if res, ok := results[r.name]; ok {
			s.entries = append(s.entries, entry{r, res})
		}
	}
	if len(s.entries) != len(results) || len(results) == 0 {
		return nil, fmt.Errorf("%d results for %d rows", len(results), len(s.entries))
	}
	return s, nil
}

// groups are the entries by group, in the file's order.
func (s *sheet) groups() (all [][]entry) {
	at := map[string]int{}
	for _, e := range s.entries {
		i, ok := at[e.group]
		if !ok {
			i = len(all)
			at[e.group] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], e)
	}
	return all
}

// mean is the geometric mean of how many times faster the entries are, and how
// many those are.
func (s *sheet) mean(bound bool) (float64, int) {
	sum, n := 0.0, 0
	for _, e := range s.entries {
		if e.bound() == bound {
			sum += math.Log(e.times())
			n++
		}
	}
	if n == 0 {
		return 0, 0
	}
	return math.Exp(sum / float64(n)), n
}

// slower are the entries whose compiled side is not the faster one.
func (s *sheet) slower() []entry {
	return s.where(func(e entry) bool { return e.times() < leastTimes })
}

// allocating are the entries that allocate and build nothing.
func (s *sheet) allocating() []entry {
	return s.where(func(e entry) bool { return !e.builds() && e.Compiled.Allocations > nothing })
}

func (s *sheet) where(holds func(entry) bool) []entry {
	return slices.DeleteFunc(slices.Clone(s.entries), func(e entry) bool { return !holds(e) })
}
