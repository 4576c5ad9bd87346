package main

import (
	"strconv"
	"sync"

	"moec.dev/moec/runtime/core"
)

// Handles that are out, and how often one came back that was not.
var (
	holding sync.Mutex
	out     = map[uint64]bool{}
	last    uint64
	strange int
)

func init() {
	core.Release = func(h uint64) {
		holding.Lock()
		defer holding.Unlock()
		if !out[h] {
			strange++
		}
		delete(out, h)
	}
	core.Register(&core.Bundle{Name: "holder", Request: holder, NeedsClock: true})
}

// holder takes x-holds handles and goes on as gate does. It tells how many were
// out before, and what the clock shows.
func holder(f *core.Frame) {
	holding.Lock()
	told := build(f, strconv.Itoa(len(out))+" out, "+strconv.Itoa(strange)+" strange")
	n, _ := strconv.Atoi(header(f, "x-holds"))
	for ; n > 0; n-- {
		last++
		out[last] = true
		f.Held[f.NHeld] = last
		f.NHeld++
	}
	holding.Unlock()
	gate(f)
	if f.Verdict == core.VerdictContinue && f.NActions < core.MaxActions {
		act(f, core.OpSet, "x-out", told)
		act(f, core.OpSet, "x-clock", build(f, strconv.FormatInt(f.Clock, 10)))
	}
}
