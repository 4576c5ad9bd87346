package contest

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"time"
)

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// Figures are of one evaluation.
type Figures struct {
	Nanoseconds float64
	Allocations float64
	Bytes       float64
}

// Result is what was found of a row.
type Result struct {
	Name     string
	CEL      Figures
	Compiled Figures
	// Builds says that the result is a text.
	Text bool
	// True is the share of inputs for which the row is true; -1 for others.
	True float64
}

// Plan says how long to measure; the zero Plan only compares.
type Plan struct {
	Rounds int
	// Round is how long one side runs in one round.
	Round time.Duration
}

// Contest compares the sides of a row for every input and then measures them in
// turn: a busy moment of the machine falls on both.
func (p Plan) Contest(r *Row) (Result, error) {
	res := Result{Name: r.Name, True: -1}
	x, err := Check(r.Text, r.Params)
	if err != nil {
		return res, err
	}
	inputs, err := r.inputs(x)
	if err != nil {
		return res, err
	}
	evaluators, err := r.evaluators(x, inputs)
	if err != nil {
		return res, err
	}
	compiled, err := r.Compiled(inputs)
	if err != nil {
		return res, err
	}
	holds := 0
	for i := range inputs {
		want, err := evaluators[0].Value(i)
		if err != nil {
			return res, fmt.Errorf("input %d: cel-go: %w", i, err)
		}
		if other, err := evaluators[1].Value(i); err != nil || other != want {
			return res, fmt.Errorf("input %d: cel-go gives %v and %v (%v)", i, want, other, err)
		}
		if got, err := compiled.Value(i); err != nil || got != want {
			return res, fmt.Errorf("input %d: compiled %v (%v), cel-go %v", i, got, err, want)
		}
		switch want := want.(type) {
		case string:
			res.Text = true
		case bool:
			res.True = 0
			if want {
				holds++
			}
		}
	}
	if res.True == 0 {
		res.True = float64(holds) / float64(len(inputs))
	}
	if p.Rounds == 0 {
		return res, same(evaluators[0], compiled, 3*Inputs)
	}
	interpreted := evaluators[0]
	if pace(evaluators[1], p.Round/2) < pace(interpreted, p.Round/2) {
		interpreted = evaluators[1]
	}
	sides := [2]Side{interpreted, compiled}
	var n [2]int
	for k, s := range sides {
		n[k] = max(Inputs, int(float64(p.Round)/pace(s, p.Round/2))/Inputs*Inputs)
	}
	var all [2][]Figures
	for range p.Rounds {
		for k, s := range sides {
			all[k] = append(all[k], run(s, n[k]))
		}
	}
	if err := same(interpreted, compiled, n[0]); err != nil {
		return res, err
	}
	res.CEL, res.Compiled = medians(all[0]), medians(all[1])
	return res, nil
}

// same holds the sums of both sides against each other.
func same(a, b Side, n int) error {
	if x, y := a.Run(n), b.Run(n); x != y {
		return fmt.Errorf("the sums of %d results differ: cel-go %d, compiled %d", n, x, y)
	}
	return nil
}

// pace is the nanoseconds of one evaluation, roughly.
func pace(s Side, d time.Duration) float64 {
	for n := Inputs; ; n *= 2 {
		start := time.Now()
		sum += s.Run(n)
		if took := time.Since(start); took > d {
			return float64(took) / float64(n)
		}
	}
}

// sum keeps results alive.
var sum uint64

// run measures n evaluations. What the collector takes is part of the price of
// what was allocated, so it runs as it does elsewhere; but what the other side
// has left behind is not.
func run(s Side, n int) Figures {
	runtime.GC()
	sum += s.Run(Inputs)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	sum += s.Run(n)
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	return Figures{
		Nanoseconds: float64(took) / float64(n),
		Allocations: float64(after.Mallocs-before.Mallocs) / float64(n),
		Bytes:       float64(after.TotalAlloc-before.TotalAlloc) / float64(n),
	}
}

func medians(all []Figures) Figures {
	of := func(get func(Figures) float64) float64 {
		var v []float64
		for _, f := range all {
			v = append(v, get(f))
		}
		slices.Sort(v)
		return v[len(v)/2]
	}
	return Figures{
		of(func(f Figures) float64 { return f.Nanoseconds }),
		of(func(f Figures) float64 { return f.Allocations }),
		of(func(f Figures) float64 { return f.Bytes }),
	}
}
