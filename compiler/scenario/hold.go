package scenario

import (
	"fmt"
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/dsl/ast"
)

// begin empties what the executors have counted in other tests.
func (r *run) begin(test *ast.Test) {
	for _, x := range r.execs {
		s, ok := x.(Stateful)
		if !ok {
			if len(r.b.Limits) > 0 {
				r.stop(test.Title.Span(), fmt.Errorf("%s does not know how to begin with empty limits", x.Name()))
				return
			}
			continue
		}
		if err := s.Begin(); err != nil {
			r.stop(test.Title.Span(), fmt.Errorf("%s: %w", x.Name(), err))
			return
		}
	}
}

// held carries out a hold: its requests end when it does.
func (r *run) held(h *ast.Hold) {
	r.hold = true
	r.steps(h.Steps)
	r.hold = false
	for _, x := range r.execs {
		s, ok := x.(Stateful)
		if !ok {
			r.stop(h.Span(), fmt.Errorf("%s cannot hold a request", x.Name()))
			return
		}
		if err := s.Release(); err != nil {
			r.stop(h.Span(), fmt.Errorf("%s: %w", x.Name(), err))
			return
		}
	}
}

// skip ends a test that an executor has no way to carry out as it is written.
func (r *run) skip(why string) { r.stopped, r.result.Skipped = true, why }

// holds checks the steps of a hold.
func (c *checker) holds(h *ast.Hold) {
	if c.hold {
		c.bad(h.Span(), "a hold does not stand in a hold: its requests would end with the inner one").
			Helpf("write the sends into one of them")
	}
	outer := c.hold
	c.hold = true
	c.steps(h.Steps, true)
	c.hold = outer
}

// unanswered refuses assertions about an answer that there is none of yet.
func (c *checker) unanswered(e *ast.Expr) {
	checked := c.b.Assertions[e]
	if checked == nil {
		return
	}
	checked.Root.Walk(func(x *celfront.Expr) bool {
		if x.Op == celfront.Var && strings.HasPrefix(x.Name, "response.") {
			c.bad(x.Span, "a request that is held has not been answered yet").
				Helpf("send it after the hold to see an answer")
			return false
		}
		return true
	})
}
