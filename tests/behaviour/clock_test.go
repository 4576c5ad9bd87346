package behaviour

import (
	"time"

	"moec.dev/moec/dsl/ast"
)

// patience is how long a test may wait where the clock is the machine's.
const patience = 2 * time.Second

// tooSlow says why a real Envoy cannot play tests in time; "" if it can.
func tooSlow(tests []*ast.Test) string {
	for _, t := range tests {
		wait, holds := passes(t.Steps)
		switch {
		case holds:
			return "requests are held (tests/envoy does so)"
		case wait > patience:
			return "it waits for long"
		}
	}
	return ""
}

// passes is how much time steps take on the clock of tests, and whether some
// hold requests.
func passes(steps []ast.Step) (wait time.Duration, holds bool) {
	for _, step := range steps {
		switch s := step.(type) {
		case *ast.Wait:
			wait += s.For.Value
		case *ast.Repeat:
			inner, held := passes(s.Steps)
			wait += time.Duration(s.Count.Value) * inner
			holds = holds || held
		case *ast.Hold:
			inner, _ := passes(s.Steps)
			wait, holds = wait+inner, true
		}
	}
	return wait, holds
}
