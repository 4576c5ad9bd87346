package differential

import (
	"fmt"
	"math/rand/v2"
	"time"

	"moec.dev/moec/compiler/scenario"
)

// namedLimits declares limits that routes may use.
func (p *policy) namedLimits() {
	if p.limiting = p.chance(40); !p.limiting || p.chance(50) {
		return
	}
	p.line("limit n0 = %s key source.net", p.rate())
	p.line("limit n1 = %s key route.name max keys %d", pick(p.Rand, "concurrency 2", "3/h", "rate (int_or(header(\"h2\"), 2)) per h at most 4"), 1+p.IntN(2))
	p.limited = true
}

// rate writes one whose tokens take whole nanoseconds, so that a bucket whose
// rate changes is exact in both executors.
func (p *policy) rate() string {
	return pick(p.Rand, "2/h", "3/min", "5/d burst 20", "60/min burst 9", "2/s", "7/min", "11/s burst 4", "40/h", "concurrency 1", "concurrency 3")
}

// limits writes limits of a block. c is a place of its decisions.
func (c *place) limits(named bool) {
	p := c.policy
	if !p.limiting { // what is limited is seldom forwarded
		return
	}
	for k := range pick(p.Rand, 0, 0, 0, 0, 1, 1, 2, 3) {
		tail, d := c.tail(" on error deny")
		// Where the caller may be nobody, nothing of the identity is read.
		if d.guarded {
			d = d.with(func(c *place) { c.identity, c.guarded = false, false })
		}
		when := ""
		if p.chance(30) {
			when = " when " + d.expr("bool", 3)
		}
		with := pick(p.Rand, "", "", " with 503", ` with 420 "calm"`)
		shadow := pick(p.Rand, "", "", "", "shadow ")
		if named && p.limited && k < 2 && p.chance(50) {
			// What it says is its own: it says nothing that may fail.
			p.line("  %slimit n%d%s%s%s", shadow, k, when, with, tail)
			continue
		}
		rate, burst, cost := p.rate(), "", ""
		switch {
		case p.chance(25):
			rate = fmt.Sprintf("rate (%s) per %s at most 6", d.number(), pick(p.Rand, "min", "h", "d"))
			if p.chance(40) {
				burst = fmt.Sprintf(" burst (%s)", d.number())
			}
			fallthrough
		case rate[0] != 'c' && p.chance(30):
			cost = " cost " + d.number()
		}
		keys := pick(p.Rand, "", " max keys 1", " max keys 3", " max keys 1000")
		if rate[0] != 'c' && p.chance(40) {
			keys += " announce"
		}
		p.line("  %slimit l%d %s%s key %s%s%s%s%s%s", shadow, k, rate, burst, d.key(), cost, keys, when, with, tail)
	}
}

// number is an int that is small mostly.
func (c *place) number() string {
	return pick(c.Rand, "1", `int_or(header("h1"), 1)`, `int_or(query("q"), 3)`, `size(header("h2"))`, "math.least(size("+c.expr("string", 2)+" + header(\"h1\")), 3)")
}

func (c *place) key() string {
	parts := pick(c.Rand, `"all"`, "source.net", "source.net", "source.net, request.url_path", `source.net, header("h1") + "."`, `request.headers[?"h2"]`)
	if c.chance(25) {
		parts += ", " + c.expr(pick(c.Rand, "string", "int", "uint", "bool", "double", "bytes", "duration", "timestamp", "int", "optional(string)"), 2)
	}
	return parts
}

// passing lets time pass between requests, and holds some.
type passing struct {
	*rand.Rand
	clock time.Duration
}

func (p *passing) next(q *scenario.Request) {
	if p.IntN(2) == 0 {
		p.clock += pick(p.Rand, 1, time.Millisecond, 90909090, 90909091, time.Second/2, time.Second, 8571428571, 8571428572, 20*time.Second, time.Minute, 20*time.Minute, time.Hour, 24*time.Hour)
	}
	q.Clock, q.Hold = p.clock, p.IntN(8) == 0
}

// stateful are the executors of a comparison.
type stateful interface {
	scenario.Executor
	scenario.Stateful
}

// ends lets the held requests end, now and then.
func (p *passing) ends(all ...stateful) error {
	if p.IntN(10) != 0 {
		return nil
	}
	for _, x := range all {
		if err := x.Release(); err != nil {
			return err
		}
	}
	return nil
}

func begin(all ...stateful) error {
	for _, x := range all {
		if err := x.Begin(); err != nil {
			return err
		}
	}
	return nil
}
