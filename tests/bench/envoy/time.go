package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// spent is processor time: that of all threads and that of those which serve no
// requests (Envoy's main one, Go's) in nanoseconds, and what of all was outside the
// kernel, which is known in hundredths of a second only.
type spent struct{ all, others, user float64 }

// spent is what a process has used since it began.
func (x *process) spent() (spent, error) {
	pid := x.pid()
	var s spent
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
	if err != nil || len(tasks) == 0 {
		return s, fmt.Errorf("process %d has no threads (%v)", pid, err)
	}
	for _, task := range tasks {
		text, err := os.ReadFile(task + "/schedstat")
		if err != nil {
			return s, err
		}
		first, _, _ := strings.Cut(string(text), " ")
		ns, err := strconv.ParseFloat(first, 64)
		if err != nil {
			return s, err
		}
		s.all += ns
		if filepath.Base(task) != strconv.Itoa(x.worker) {
			s.others += ns
		}
		text, err = os.ReadFile(task + "/stat")
		if err != nil {
			return s, err
		}
		// Fields are counted after the name, which may hold anything.
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if len(fields) < 12 {
			return s, fmt.Errorf("%s/stat: %q", task, text)
		}
		ticks, err := strconv.ParseFloat(fields[11], 64)
		if err != nil {
			return s, err
		}
		s.user += ticks * 1e7
	}
	return s, nil
}

// times loads the chains in turns, so that a busy moment of the machine falls on
// all alike.
func (p *plan) times(r *results) error {
	var all []*process
	defer func() {
		for _, x := range all {
			x.stop()
		}
	}()
	if p.turns == 0 {
		return nil
	}
	for _, c := range p.chains() {
		x, err := p.start(c)
		if err != nil {
			return err
		}
		all = append(all, x)
	}
	began := time.Now()
	for turn := range p.turns {
		if time.Since(began) > p.most {
			break
		}
		fmt.Fprintf(os.Stderr, "\rprocessor time: turn %d of %d ", turn+1, p.turns)
		took := make([]spent, len(all))
		for i := range all {
			i = (i + turn) % len(all) // nobody is always first
			before, err := all[i].spent()
			if err != nil {
				return err
			}
			if err := load(all[i].port, p.count); err != nil {
				return fmt.Errorf("%s: %w", all[i].name, err)
			}
			after, err := all[i].spent()
			if err != nil {
				return err
			}
			n := float64((p.count + connections - 1) / connections * connections)
			took[i] = spent{(after.all - before.all) / n, (after.others - before.others) / n, (after.user - before.user) / n}
		}
		r.turns = append(r.turns, took)
	}
	fmt.Fprintln(os.Stderr)
	return nil
}
