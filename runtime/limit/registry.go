package limit

import (
	"errors"
	"sync"
)

// identity is what a limiter's state belongs to.
type identity struct {
	bundle, name string
	params       Params
}

// registry has the process's limiters. It is asked when a configuration is
// loaded and never by a request.
var registry struct {
	sync.Mutex
	limiters map[identity]*Limiter
}

// Get returns the limiter of a bundle's limit, the same one for the same
// parameters: its buckets belong to the process, so that a configuration that
// replaces another goes on where that one stands. Other parameters are another
// limiter, which starts with full buckets.
//
// Limiters are never given up. Between two configurations there may be a moment
// without any, and what a process can ask for is bounded by the limits that its
// library was compiled with. A limiter takes Memory bytes.
func Get(bundle, name string, p Params) (*Limiter, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	p = p.filled()
	id := identity{bundle, name, p}
	registry.Lock()
	defer registry.Unlock()
	if l := registry.limiters[id]; l != nil {
		return l, nil
	}
	l := newLimiter(bundle, name, p)
	if p.Concurrency != 0 && l.holds == nil {
		return nil, errors.New("the process has 4096 concurrency limits, and can have no more")
	}
	if registry.limiters == nil {
		registry.limiters = map[identity]*Limiter{}
	}
	registry.limiters[id] = l
	return l, nil
}

// All are the process's limiters of a bundle, in no order, for its statistics.
func All(bundle string) []*Limiter {
	registry.Lock()
	defer registry.Unlock()
	var out []*Limiter
	for id, l := range registry.limiters {
		if id.bundle == bundle {
			out = append(out, l)
		}
	}
	return out
}
