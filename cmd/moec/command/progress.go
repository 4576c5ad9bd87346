package command

import (
	"fmt"
	"sync"
	"time"
)

// working shows on a terminal what is going on, once it has taken a second, and
// from then on how long; the function that it returns ends that. Elsewhere, and
// where machines read, it shows nothing.
func (s *console) working(format string, args ...any) (done func()) {
	if !terminal(s.env.Stderr) || s.json || s.sarif {
		return func() {}
	}
	what := fmt.Sprintf(format, args...)
	start := time.Now()
	var mu sync.Mutex
	shown, ended := false, false
	end := make(chan struct{})
	go func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-end:
				return
			case <-tick.C:
			}
			mu.Lock()
			if !ended {
				shown = true
				fmt.Fprintf(s.env.Stderr, "\r\x1b[K%s ... %d s", what, int(time.Since(start).Seconds()))
			}
			mu.Unlock()
		}
	}()
	return func() {
		mu.Lock()
		defer mu.Unlock()
		if ended {
			return
		}
		ended = true
		close(end)
		if shown {
			fmt.Fprint(s.env.Stderr, "\r\x1b[K")
		}
	}
}
