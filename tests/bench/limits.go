package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// limitKeys is how many keys have a bucket while a keyed limit is measured.
const limitKeys = "100000"

// limitRow is one figure of the limits' table: the tight loop of a route.
type limitRow struct {
	path    string
	workers string // "" is one, with one key
	headers []string
	without int // the row that differs by the limit alone, or -1
	most    float64
}

// limitRows are measured on the bundle of testdata/limited.
func limitRows(key string) []limitRow {
	caller := []string{"x-caller", "caller"}
	return []limitRow{
		{"/orders/7", "", []string{"x-api-key", key}, -1, 600},
		{"/bare", "1", caller, -1, 0},
		{"/keyed", "1", caller, 1, 150},
		{"/bare", "2", caller, -1, 0},
		{"/keyed", "2", caller, 3, 150},
	}
}

// limits measures what limits cost and prints it. The figures are the lowest of
// the rounds: what else runs on the machine only adds.
func (p *plan) limits(out, progress io.Writer) error {
	rows := limitRows(p.key)
	lowest := make([]float64, len(rows))
	for round := range p.rounds {
		fmt.Fprintf(progress, "round %d of %d\n", round+1, p.rounds)
		for i, r := range rows {
			args := append([]string{p.library, p.bundle, "0", "busy", fmt.Sprint(100 * p.count),
				":authority", "shop.example.com", ":path", r.path, ":method", "GET", ":scheme", "http"}, r.headers...)
			var env []string
			if r.workers != "" {
				env = []string{"STREAM_KEYS=" + limitKeys, "STREAM_WORKERS=" + r.workers}
			}
			got := map[string][]float64{}
			if err := collect(got, env, p.stream, args...); err != nil {
				return err
			}
			if got["status"][0] != 0 {
				return fmt.Errorf("%s was answered with %.0f", r.path, got["status"][0])
			}
			if ns := slices.Min(got["tight"]); round == 0 || ns < lowest[i] {
				lowest[i] = ns
			}
		}
	}
	printLimits(out, rows, lowest)
	return nil
}

func printLimits(out io.Writer, rows []limitRow, lowest []float64) {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "route\tworkers\tkeys\tlife\tof the limit\tbar\t")
	for i, r := range rows {
		workers, keys, added, bar := r.workers, limitKeys, "", ""
		if workers == "" {
			workers, keys = "1", "1"
		}
		got := lowest[i]
		if r.without >= 0 {
			got -= lowest[r.without]
			added = fmt.Sprintf("%.0f ns", got)
		}
		if r.most > 0 {
			bar = fmt.Sprintf("%.0f ns, met", r.most)
			if got > r.most {
				bar = fmt.Sprintf("%.0f ns, NOT MET", r.most)
			}
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%.0f ns\t%s\t%s\t\n", r.path, workers, keys, lowest[i], added, bar)
	}
	t.Flush()
}
