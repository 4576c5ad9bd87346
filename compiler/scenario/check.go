package scenario

import (
	"slices"
	"strings"
	"time"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// maxRepeat bounds a repeat, so that a slip of a finger does not run for hours.
const maxRepeat = 100_000

// Check reports what would keep the tests of a bundle from running: steps that
// are not supported yet, requests that cannot be sent, names that nothing has.
// A bundle whose tests it accepts can be given to Run.
func Check(b *check.Bundle, diags *diag.List) {
	names := decidingNames(b.Bundle)
	for _, test := range b.Tests {
		c := checker{b: b, diags: diags, names: names}
		c.steps(test.Steps, false)
		if c.expects == 0 {
			diags.Add(diag.BadTest, test.Title.Span(), "the test expects nothing: it could not fail").
				Helpf("send GET \"/\"; expect forward")
		}
	}
}

type checker struct {
	b       *check.Bundle
	diags   *diag.List
	names   []string
	sends   int
	waits   int
	expects int
	hold    bool // the steps stand in a hold
	held    bool // the last send did
}

func (c *checker) steps(steps []ast.Step, inner bool) {
	for _, step := range steps {
		switch s := step.(type) {
		case *ast.As:
			if s.Sign {
				c.notYet(s.Span(), "sign as")
			}
		case *ast.Send:
			switch {
			case !s.Again:
				checkSend(s, c.diags)
			case c.sends == 0:
				c.bad(s.Span(), "there is no send before this one")
			}
			c.sends++
			c.held = c.hold
		case *ast.Expect:
			c.expect(s)
		case *ast.Upstream:
			if s.Status.Value < 200 || s.Status.Value > 599 {
				c.bad(s.Status.Span(), "an upstream answers with a status from 200 to 599, not %d", s.Status.Value)
			}
			for _, p := range s.Headers {
				checkPair(p, c.diags)
			}
		case *ast.Repeat:
			if s.Count.Value < 1 || s.Count.Value > maxRepeat {
				c.bad(s.Count.Span(), "repeat runs its steps 1 to %d times, not %d", maxRepeat, s.Count.Value)
			}
			c.steps(s.Steps, true)
		case *ast.Wait:
			c.waits++
		case *ast.Clock:
			c.clock(s, inner)
		case *ast.Choose:
			c.choose(s)
		case *ast.Hold:
			c.holds(s)
		case *ast.SetTable:
			c.table(s)
		default:
			c.notYet(step.Span(), "this step")
		}
	}
}

func (c *checker) bad(at source.Span, format string, args ...any) *diag.Diagnostic {
	return c.diags.Add(diag.BadTest, at, format, args...)
}

func (c *checker) notYet(at source.Span, what string) {
	c.diags.Add(diag.NotYet, at, "%s is not supported yet", what).
		Helpf("this version of moec cannot carry it out, so it does not accept it; remove it or wait for a version that can")
}

func (c *checker) clock(s *ast.Clock, inner bool) {
	t, err := time.Parse(time.RFC3339, s.Time.Value)
	switch y := t.UTC().Year(); {
	case err != nil:
		c.bad(s.Time.Span(), "%q is not a time", s.Time.Value).Helpf(`at "2026-01-01T00:00:00Z"`)
	case y < 1900 || y >= 2200: // around those that policies are checked for
		c.bad(s.Time.Span(), "a clock shows the years 1900 to 2199").Helpf(`at "2026-01-01T00:00:00Z"`)
	}
	if inner || c.sends > 0 || c.waits > 0 {
		c.bad(s.Span(), "at sets the start of the clock: it stands before the first send and wait").
			Helpf("use wait to let time pass")
	}
}

func (c *checker) expect(s *ast.Expect) {
	c.expects++
	if c.sends == 0 {
		c.bad(s.Span(), "there is no send before this expectation")
	}
	if s.Cluster != nil {
		var clusters []string
		for _, r := range c.b.Routes {
			if r.Forward != nil {
				clusters = append(clusters, r.Forward.Clusters()...)
			}
		}
		if !slices.Contains(clusters, s.Cluster.Value) {
			slices.Sort(clusters)
			c.bad(s.Cluster.Span(), "no route forwards to %q", s.Cluster.Value).
				Helpf("the routes forward to %s", strings.Join(slices.Compact(clusters), ", "))
		}
	}
	if s.By.Text != "" {
		c.by(s.By)
	}
	for _, e := range s.Assertions {
		c.assertion(e)
		if c.held && s.Forward {
			c.unanswered(e)
		}
	}
}

func (c *checker) by(name ast.Name) {
	switch fit := namesEnding(c.names, name.Text); {
	case len(fit) == 0:
		d := c.bad(name.Span(), "nothing that can answer is called %s", name.Text)
		last := name.Text[strings.LastIndexByte(name.Text, '.')+1:]
		if near := namesEnding(c.names, last); len(near) > 0 {
			d.Helpf("is it %s?", strings.Join(near, " or "))
		} else {
			d.Helpf("the names are %s", strings.Join(c.names, ", "))
		}
	case len(fit) > 1:
		c.bad(name.Span(), "%s can mean %s", name.Text, strings.Join(fit, " or ")).
			Helpf("write by %s", fit[0])
	}
}

// assertion refuses functions that read the request on its way in: an
// assertion is about what came out.
func (c *checker) assertion(e *ast.Expr) {
	checked := c.b.Assertions[e]
	if checked == nil {
		return // its own mistakes are reported by check
	}
	checked.Root.Walk(func(x *celfront.Expr) bool {
		if x.Op == celfront.Call && (x.Overload == x.Name || x.Overload == "let_"+x.Name) {
			c.bad(x.Span, "%s(...) reads the incoming request; an assertion is about the forwarded one", x.Name).
				Helpf(`request.headers["name"], response.headers["name"]`)
		}
		return true
	})
}

// eachStep visits steps and the steps inside them, in order.
func eachStep(steps []ast.Step, visit func(ast.Step)) {
	for _, s := range steps {
		visit(s)
		switch s := s.(type) {
		case *ast.Repeat:
			eachStep(s.Steps, visit)
		case *ast.Hold:
			eachStep(s.Steps, visit)
		}
	}
}
