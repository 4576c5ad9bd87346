package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
)

// plan says what is measured and with what.
type plan struct {
	library, bundle, method, url, key string
	status, rounds, count             int
	headers                           []string // name, value, …

	stream, crossing, yardstick string // programs and a library of ours
}

// setting is one way to run the stream program.
type setting struct {
	pause  int  // microseconds between streams
	asleep bool // sleeping, not waiting busily
	tick   bool // the scheduler tick of the library
}

// settings are the rows of the table, in its order.
func settings() (all []setting) {
	all = append(all, setting{tick: true}, setting{})
	for _, asleep := range []bool{false, true} {
		for _, pause := range []int{5, 50, 100, 300} {
			all = append(all, setting{pause, asleep, true}, setting{pause, asleep, false})
		}
	}
	return all
}

// figures are the medians over the rounds, by the name that a program prints.
type figures map[string]float64

type results struct {
	yardstick figures
	streams   map[setting]figures
}

// measure runs everything a few times, alternating, so that a busy moment of
// the machine falls on all alike.
func (p *plan) measure(progress io.Writer) (results, error) {
	yardstick := map[string][]float64{}
	streams := map[setting]map[string][]float64{}
	for round := range p.rounds {
		fmt.Fprintf(progress, "round %d of %d\n", round+1, p.rounds)
		for _, s := range settings() {
			if s.pause == 0 {
				if err := collect(yardstick, nil, p.crossing, p.yardstick, strconv.Itoa(100*p.count), p.key); err != nil {
					return results{}, err
				}
			}
			if streams[s] == nil {
				streams[s] = map[string][]float64{}
			}
			if err := p.run(streams[s], s); err != nil {
				return results{}, err
			}
		}
	}
	r := results{yardstick: medians(yardstick), streams: map[setting]figures{}}
	for s, values := range streams {
		r.streams[s] = medians(values)
	}
	return r, nil
}

func (p *plan) run(into map[string][]float64, s setting) error {
	count, waiting, env := p.count, "busy", []string(nil)
	if s.pause == 0 {
		count *= 100
	}
	if s.asleep {
		waiting = "sleep"
	}
	if !s.tick {
		env = []string{"MOEC_TICK_US=0"}
	}
	args := append([]string{p.library, p.bundle, strconv.Itoa(s.pause), waiting, strconv.Itoa(count)}, p.headers...)
	if err := collect(into, env, p.stream, args...); err != nil {
		return err
	}
	if got := int(into["status"][0]); got != p.status {
		return fmt.Errorf("the bundle answered %d, not %d (0 is forwarding): this is not the request that was meant", got, p.status)
	}
	return nil
}

// collect runs a program and appends what it prints, a name and a number a
// line.
func collect(into map[string][]float64, env []string, program string, args ...string) error {
	command := exec.Command(program, args...)
	command.Env = append(os.Environ(), env...)
	var errors strings.Builder
	command.Stderr = &errors
	out, err := command.Output()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", program, err, errors.String())
	}
	lines := bufio.NewScanner(strings.NewReader(string(out)))
	for lines.Scan() {
		name, number, ok := strings.Cut(lines.Text(), " ")
		value, err := strconv.ParseFloat(number, 64)
		if !ok || err != nil {
			return fmt.Errorf("%s printed %q", program, lines.Text())
		}
		into[name] = append(into[name], value)
	}
	return nil
}

func medians(values map[string][]float64) figures {
	f := figures{}
	for name, all := range values {
		slices.Sort(all)
		f[name] = all[len(all)/2]
	}
	return f
}
