package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// print writes the table and the bars.
func (r results) print(w io.Writer) {
	fmt.Fprintf(w, "yardstick: empty crossing %.0f ns, with SHA-256 of the key %.0f ns\n\n", r.yardstick["cross"], r.yardstick["digest"])
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "pause\twaiting\ttick\tanswer p50\tp99\tp99.9\tlife p50\tp99\tp99.9\tCPU\tswitches\t")
	fmt.Fprintln(t, "us\t\t\tns\tns\tns\tns\tns\tns\tns\ta stream\t")
	for _, s := range settings() {
		f := r.streams[s]
		waiting := map[bool]string{false: "busy", true: "asleep"}[s.asleep]
		if s.pause == 0 {
			waiting = "-"
		}
		fmt.Fprintf(t, "%d\t%s\t%s\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.3f\t\n", s.pause, waiting,
			map[bool]string{false: "off", true: "on"}[s.tick],
			f["answer_p50"], f["answer_p99"], f["answer_p999"], f["life_p50"], f["life_p99"], f["life_p999"], f["cpu"], f["switches"])
	}
	t.Flush()
	fmt.Fprintf(w, `
All times are less the clock's own. "answer" is filter_new to the last hook
before the client has its answer; "life" also has stream_complete, where the tick
is, and destroy. "CPU" is the whole process's, less the waiting.

`)
	for _, b := range r.bars() {
		verdict := "met"
		if !b.met() {
			verdict = "NOT MET"
		}
		fmt.Fprintf(w, "%-7s  %s: %.0f ns, bar %.0f ns\n", verdict, b.what, b.got, b.most)
		if !b.met() && b.because != "" {
			fmt.Fprintf(w, "         (%s)\n", b.because)
		}
	}
}

// bar is something that a figure may not exceed.
type bar struct {
	what      string
	got, most float64
	because   string // why it is known not to be met, if it is
}

func (b bar) met() bool { return b.got <= b.most }

// tickIsInLife is why the tick shows in the life of a stream.
const tickIsInLife = "the tick itself runs in stream_complete, in one stream of some tens: the client has its answer by then, the worker has not"

// bars are held where the worker waits busily: after a sleep the processor
// itself has to warm up, which says nothing about the library.
func (r results) bars() []bar {
	tight := r.streams[setting{tick: true}]["tight"]
	on, off := r.streams[setting{pause: 100, tick: true}], r.streams[setting{pause: 100}]
	return []bar{
		{"tight loop, whole life, at most 2.5 x (crossing + SHA-256)", tight, 2.5 * r.yardstick["digest"], ""},
		{"pauses of 100 us, p50 of the life, at most 3 x the tight loop", on["life_p50"], 3 * tight, ""},
		{"pauses of 100 us, CPU a stream, no more than with the tick off", on["cpu"], off["cpu"], ""},
		{"pauses of 100 us, p99 to the answer, no more than with the tick off", on["answer_p99"], off["answer_p99"], ""},
		{"pauses of 100 us, p99 of the whole life, no more than with the tick off", on["life_p99"], off["life_p99"], tickIsInLife},
	}
}
