package obs

import (
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"moec.dev/moec/runtime/core"
)

func init() {
	core.Record = func(line string) { Log(Info, line) }
	core.Report = func(bundle, rule, what string) {
		line := "moec: bundle " + strconv.Quote(bundle) + ": a request was denied because it could not be decided"
		if rule != "" {
			line += ", at " + rule
		}
		reports.log(time.Now(), Error, line+": "+what)
	}
}

var panics atomic.Uint64

// Panics is the number of goroutines that a panic has ended.
func Panics() uint64 { return panics.Load() }

// Go runs f in a goroutine of its own. A panic in it is counted and logged by
// name; without that it would end the host.
func Go(name string, f func()) {
	go func() {
		defer func() {
			if p := recover(); p != nil {
				panics.Add(1)
				Log(Error, "moec: "+name+" has ended: "+describe(p))
			}
		}()
		f()
	}()
}

func describe(p any) string {
	switch v := p.(type) {
	case error:
		return "panic: " + v.Error()
	case string:
		return "panic: " + v
	}
	return "panic"
}

// reports keeps clients who provoke faults from filling the disk.
var reports = limiter{most: 10}

// limiter lets a number of lines through in a second and says how many it
// kept back.
type limiter struct {
	most int

	mu     sync.Mutex
	second int64
	passed int
	kept   int
}

func (l *limiter) log(now time.Time, level Level, line string) {
	pass, kept := l.take(now.Unix())
	if kept > 0 {
		Log(level, "moec: "+strconv.Itoa(kept)+" more lines like these were left out")
	}
	if pass {
		Log(level, line)
	}
}

func (l *limiter) take(second int64) (pass bool, kept int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if second != l.second {
		kept = l.kept
		l.second, l.passed, l.kept = second, 0, 0
	}
	if l.passed >= l.most {
		l.kept++
		return false, kept
	}
	l.passed++
	return true, kept
}
