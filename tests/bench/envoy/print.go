package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// results are what was measured; the order of chains is that of the plan.
type results struct {
	plan    plan
	turns   [][]spent   // by turn, then by chain: nanoseconds a request
	by      string      // how instructions were counted
	counted [][]counted // by round, then by chain
}

// quartiles of values, the middle one being the median.
func quartiles(values []float64) [3]float64 {
	sorted := slices.Sorted(slices.Values(values))
	var q [3]float64
	for i := range q {
		at := float64(len(sorted)-1) * float64(i+1) / 4
		low := int(at)
		q[i] = sorted[low]
		if low+1 < len(sorted) {
			q[i] += (at - float64(low)) * (sorted[low+1] - sorted[low])
		}
	}
	return q
}

// time is what a chain takes and what it adds to the first chain in the same
// turn, in nanoseconds a request: quartiles of the turns; of the time outside
// the kernel the mean, as a turn is too short for its clock.
func (r *results) time(chain int) (all, added, others [3]float64, user float64) {
	var alls, addeds, aside []float64
	for _, t := range r.turns {
		alls = append(alls, t[chain].all)
		addeds = append(addeds, t[chain].all-t[0].all)
		aside = append(aside, t[chain].others-t[0].others)
		user += (t[chain].user - t[0].user) / float64(len(r.turns))
	}
	return quartiles(alls), quartiles(addeds), quartiles(aside), user
}

// added is the mean of the rounds.
func (r *results) instructions(chain int) (all, added float64) {
	for _, c := range r.counted {
		all += c[chain].all / float64(len(r.counted))
		added += (c[chain].all - c[0].all) / float64(len(r.counted))
	}
	return all, added
}

func (r *results) print(w io.Writer) {
	chains := r.plan.chains()
	if len(r.turns) > 0 {
		fmt.Fprintf(w, "\nprocessor time a request, in microseconds, of all threads: median of %d turns of %d requests\n\n", len(r.turns), r.plan.count)
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(t, "\tall\tadded\tquartiles of it\tby other threads\toutside the kernel\t")
		for i, c := range chains {
			all, added, others, user := r.time(i)
			fmt.Fprintf(t, "%s\t%.1f\t%.1f\t%.1f .. %.1f\t%.1f\t%.1f\t\n", c.name, all[1]/1e3, added[1]/1e3, added[0]/1e3, added[2]/1e3, others[1]/1e3, user/1e3)
		}
		t.Flush()
	}
	if len(r.counted) > 0 {
		fmt.Fprintf(w, "\nuser instructions a request, %s: mean of %d rounds\n\n", r.by, len(r.counted))
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprint(t, "\tall\tadded\t")
		for round := range r.counted {
			fmt.Fprintf(t, "round %d\t", round+1)
		}
		fmt.Fprintln(t)
		for i, c := range chains {
			all, added := r.instructions(i)
			fmt.Fprintf(t, "%s\t%.0f\t%.0f\t", c.name, all, added)
			for _, round := range r.counted {
				fmt.Fprintf(t, "%.0f\t", round[i].all-round[0].all)
			}
			fmt.Fprintln(t)
		}
		t.Flush()
		last := r.counted[len(r.counted)-1]
		last[len(last)-1].print(w)
	}
	fmt.Fprintln(w)
	for _, b := range r.bars() {
		fmt.Fprintln(w, b)
	}
}

// print says where the library's request was.
func (c counted) print(w io.Writer) {
	if len(c.where) == 0 {
		return
	}
	fmt.Fprintf(w, "\nwhere those of the last were (a call that the library makes has all that it leads to)\n\n")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, kind := range []struct{ kind, text string }{{"in", "file"}, {"from", "hook of the library"}, {"to", "called by it"}} {
		for _, p := range c.where {
			if p.kind != kind.kind {
				continue
			}
			name, calls := p.name, fmt.Sprintf("%.4g calls", p.calls)
			if p.kind == "in" {
				name, calls = p.file, ""
			}
			if p.file == clock {
				calls = "not counted"
			}
			fmt.Fprintf(t, "  %s\t%s\t%s\t%s\n", kind.text, name, calls, pad(p.instructions))
		}
	}
	t.Flush()
}

func pad(n float64) string {
	text := fmt.Sprintf("%.0f", n)
	return strings.Repeat(" ", max(0, 7-len(text))) + text
}

// bar is that the bundle may add at most half of what the native chain adds.
type bar struct {
	what         string
	moec, native float64
}

func (b bar) String() string {
	verdict := "met    "
	if b.moec > b.native/2 {
		verdict = "NOT MET"
	}
	return fmt.Sprintf("%s  %s: moec adds %.3g of what the native chain adds, bar 0.5", verdict, b.what, b.moec/b.native)
}

func (r *results) bars() (all []bar) {
	n := len(r.plan.chains())
	if len(r.counted) > 0 {
		_, moec := r.instructions(n - 1)
		_, native := r.instructions(n - 2)
		all = append(all, bar{"user instructions", moec, native})
	}
	if len(r.turns) > 0 {
		_, moec, _, _ := r.time(n - 1)
		_, native, _, _ := r.time(n - 2)
		all = append(all, bar{"processor time", moec[1], native[1]})
	}
	return all
}
