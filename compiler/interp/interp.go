// Package interp is the reference interpreter: it decides requests over the
// checked tree, with cel-go's own evaluator, in the plainest code that the
// language's text allows. It is what the other executors are held against.
//
// It must not know the decision IR, the optimiser, the generated code or the
// runtime: a mistake there must not be able to repeat itself here. Speed does
// not matter here; being obvious does.
package interp

import (
	"fmt"
	"slices"

	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/scenario"
)

// Interpreter decides requests of some bundles. It is not safe for concurrent
// use.
type Interpreter struct {
	bundles map[string]*bundle
	err     error
	log     *log // nil unless somebody watches
	// held ends the requests that are held.
	held []func()
}

var (
	_ scenario.Executor = (*Interpreter)(nil)
	_ scenario.Stateful = (*Interpreter)(nil)
)

// New prepares checked bundles. What cannot be prepared is reported by Send.
func New(bundles ...*check.Bundle) *Interpreter {
	i := &Interpreter{bundles: map[string]*bundle{}}
	for _, b := range bundles {
		if _, twice := i.bundles[b.Name]; twice {
			i.err = fmt.Errorf("two bundles are named %s", b.Name)
			return i
		}
		prepared, err := prepare(b)
		if err != nil {
			i.err = fmt.Errorf("bundle %s: %w", b.Name, err)
			return i
		}
		i.bundles[b.Name] = prepared
	}
	return i
}

// Name returns "interpreter".
func (i *Interpreter) Name() string { return "interpreter" }

// Chooses says that requests go where Request.Choose says.
func (i *Interpreter) Chooses() {}

// Close has nothing to end.
func (i *Interpreter) Close() error { return nil }

// Send decides one request. It fails only when the bundle is unknown or could
// not be prepared; everything that a request can do wrong is an outcome.
func (i *Interpreter) Send(name string, r scenario.Request) (scenario.Outcome, error) {
	if i.err != nil {
		return scenario.Outcome{}, i.err
	}
	b := i.bundles[name]
	if b == nil {
		return scenario.Outcome{}, fmt.Errorf("no bundle is named %q", name)
	}
	i.log.begin()
	var ends []func()
	d := &decision{bundle: b, sent: r, log: i.log, shadows: []string{}, ends: &ends}
	o := d.decide()
	if r.Hold && o.Forward {
		o.Response = scenario.Response{} // nobody has answered yet
		i.held = append(i.held, ends...)
	} else {
		for _, end := range ends {
			end()
		}
	}
	slices.Sort(d.shadows)
	o.Shadows = d.shadows
	return o, nil
}
