package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// counted is what a request took in instructions.
type counted struct {
	all   float64
	where []place
}

// place is a file, or a function at the border between Envoy and the library,
// with what a request took there.
type place struct {
	kind, file, name    string // kind is in, from or to
	address             uint64
	calls, instructions float64
}

// instructions counts a request's instructions in every chain: by the
// processor's own counter, or else by stepping through some.
func (p *plan) instructions(r *results) error {
	event := "instructions:u"
	switch {
	case perfCounts(event):
		r.by = fmt.Sprintf("as the processor counts them (%s, %d requests, all threads)", event, p.count)
	case p.stepped == 0:
		return nil
	case p.counter == "":
		fmt.Println("instructions are not counted: perf cannot here, and stepping is for Linux on amd64")
		return nil
	default:
		event = ""
		r.by = fmt.Sprintf("stepped through, %d requests, the worker's thread alone", p.stepped)
	}
	chains := p.chains()
	for round := range 2 {
		var all []counted
		for _, c := range chains {
			fmt.Fprintf(os.Stderr, "\rinstructions: round %d of 2, %-40s", round+1, c.name)
			one, err := p.countOne(c, event)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			all = append(all, one)
		}
		r.counted = append(r.counted, all)
	}
	fmt.Fprintln(os.Stderr)
	return nil
}

func (p *plan) countOne(c chain, event string) (counted, error) {
	var env []string
	if event == "" {
		// A stepped request lasts so long that each would have a tick of the
		// library, which needs the threads that stand still. Processor time
		// has the ticks.
		env = []string{"MOEC_TICK_US=0"}
	}
	x, err := p.start(c, env...)
	if err != nil {
		return counted{}, err
	}
	defer x.stop()
	if event != "" {
		all, err := x.perf(event, p.count)
		return counted{all: all}, err
	}
	return x.steps(p.counter, filepath.Base(p.library), p.stepped)
}

// perfCounts says whether the processor counts: perf succeeds where it does not.
func perfCounts(event string) bool {
	out, err := exec.Command("perf", "stat", "-x,", "-e", event, "--", "true").CombinedOutput()
	if err != nil {
		return false
	}
	_, err = perfFigure(string(out))
	return err == nil
}

// perfFigure reads the one line that perf stat -x, writes.
func perfFigure(text string) (float64, error) {
	for line := range strings.Lines(text) {
		first, _, _ := strings.Cut(line, ",")
		if n, err := strconv.ParseFloat(first, 64); err == nil {
			return n, nil
		}
	}
	return 0, fmt.Errorf("perf counted nothing: %q", text)
}

// perf is the difference that count more requests make.
func (x *process) perf(event string, count int) (float64, error) {
	var seen [2]float64
	for i := range seen {
		command := exec.Command("perf", "stat", "-x,", "-e", event, "-p", strconv.Itoa(x.pid()))
		var out strings.Builder
		command.Stderr = &out
		if err := command.Start(); err != nil {
			return 0, err
		}
		time.Sleep(300 * time.Millisecond) // nothing happens before and after, so that being early costs nothing
		err := load(x.port, (i+1)*count)
		command.Process.Signal(syscall.SIGINT)
		command.Wait() // ends by the signal, as it must
		if err != nil {
			return 0, err
		}
		if seen[i], err = perfFigure(out.String()); err != nil {
			return 0, err
		}
	}
	n := func(count int) int { return (count + connections - 1) / connections * connections }
	return (seen[1] - seen[0]) / float64(n(2*count)-n(count)), nil
}

// buildCounter compiles count/count.c where it can run.
func (p *plan) buildCounter() error {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return nil
	}
	p.counter = filepath.Join(p.dir, "stepper")
	return buildStepper(filepath.Join(p.dir, "count", "count.c"), p.counter)
}

func buildStepper(source, out string) error {
	return run("cc", "-std=gnu11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-Werror", source, "-o", out)
}

// steps steps through so many requests of one connection.
func (x *process) steps(counter, library string, count int) (counted, error) {
	c, err := dial(x.port)
	if err != nil {
		return counted{}, err
	}
	defer c.conn.Close()
	one := request(clients()[7].key, "bench/1.0")
	if err := c.times(10, one); err != nil {
		return counted{}, err
	}
	counts, err := stepped(counter, x.pid(), x.worker, library, count, func() error { return c.times(count, one) })
	if err != nil {
		return counted{}, err
	}
	return counts, counts.findNames(x.pid())
}

// stepped counts what a thread executes during work, by the number of things
// done.
func stepped(counter string, pid, thread int, library string, things int, work func() error) (counted, error) {
	command := exec.Command(counter, strconv.Itoa(pid), strconv.Itoa(thread), library)
	var complaint strings.Builder
	command.Stderr = &complaint
	in, err := command.StdinPipe()
	if err != nil {
		return counted{}, err
	}
	pipe, err := command.StdoutPipe()
	if err != nil {
		return counted{}, err
	}
	if err := command.Start(); err != nil {
		return counted{}, err
	}
	out := bufio.NewReader(pipe)
	if line, err := out.ReadString('\n'); err != nil || line != "ready\n" {
		command.Wait()
		return counted{}, errors.New(strings.TrimSpace(complaint.String()))
	}
	failed := work()
	in.Close()
	text, err := io.ReadAll(out)
	if err := errors.Join(failed, err, command.Wait()); err != nil {
		return counted{}, fmt.Errorf("%w\n%s", err, complaint.String())
	}
	return parseCounted(string(text), float64(things))
}

// clock is the page of the kernel's where threads read the time. It is left out:
// a reader begins again when the time was set meanwhile, which takes a stepped
// one several tries.
const clock = "[vdso]"

// parseCounted reads what count/count.c writes.
func parseCounted(text string, things float64) (counted, error) {
	var c counted
	for line := range strings.Lines(text) {
		var p place
		var err error
		if strings.HasPrefix(line, "in ") {
			_, err = fmt.Sscanf(line, "%s %s %g", &p.kind, &p.file, &p.instructions)
		} else {
			_, err = fmt.Sscanf(line, "%s %s %d %g %g", &p.kind, &p.file, &p.address, &p.calls, &p.instructions)
		}
		if err != nil {
			return c, fmt.Errorf("count wrote %q: %w", line, err)
		}
		p.calls, p.instructions = p.calls/things, p.instructions/things
		if p.kind == "in" && p.file != clock {
			c.all += p.instructions
		}
		c.where = append(c.where, p)
	}
	return c, nil
}
