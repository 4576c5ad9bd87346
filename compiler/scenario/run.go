package scenario

import (
	"fmt"
	"slices"
	"time"

	"moec.dev/moec/compiler/check"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/source"
)

// Options of a run.
type Options struct {
	// Loose is for executors that show more than the bundle did, as a real
	// Envoy does with headers of its own: only expectations are held, and
	// outcomes of executors are not compared.
	Loose bool
}

// Result is what became of one test.
type Result struct {
	Bundle   string
	Title    string
	Span     source.Span
	Requests int // that were sent, to each executor
	Failures []Failure
	// Skipped says why an executor could not carry the test out, "" if all could.
	Skipped string
}

// Failed reports whether the test failed.
func (r *Result) Failed() bool { return len(r.Failures) > 0 }

// Failure is one thing that was not as it should be.
type Failure struct {
	Span    source.Span
	Message string   // what failed, in one line
	Detail  []string // what was sent, expected and seen, a line each
}

// clockStart is when tests begin unless they say otherwise.
var clockStart = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// Run carries out one test: every request goes to every executor, in order.
// The bundle and the keys are those that Credentials returned, and Check must
// have accepted the bundle. Run does not close the executors.
func Run(b *check.Bundle, keys *Keyring, test *ast.Test, execs []Executor, opts Options) Result {
	r := &run{
		b: b, keys: keys, execs: execs, opts: opts,
		names:    decidingNames(b.Bundle),
		now:      clockStart,
		upstream: Response{Status: 200},
		failed:   map[failureKey]bool{},
		result:   Result{Bundle: b.Name, Title: test.Title.Value, Span: test.Title.Span()},
	}
	r.begin(test)
	r.steps(test.Steps)
	return r.result
}

type run struct {
	b     *check.Bundle
	keys  *Keyring
	execs []Executor
	opts  Options
	names []string

	now      time.Time
	clock    time.Duration
	hold     bool
	as       *ast.As // nil: nobody
	upstream Response
	tables   map[string]string
	choose   string
	last     *ast.Send
	sent     Request
	outcomes []Outcome // of the last send, by executor

	stopped bool // an executor broke down: nothing that follows means anything
	failed  map[failureKey]bool
	result  Result
}

type failureKey struct {
	at      source.Span
	message string
}

// fail notes a failure; in a repeat the first of its kind stands for all.
func (r *run) fail(at source.Span, detail []string, format string, args ...any) {
	f := Failure{Span: at, Message: fmt.Sprintf(format, args...), Detail: detail}
	if key := (failureKey{at, f.Message}); !r.failed[key] {
		r.failed[key] = true
		r.result.Failures = append(r.result.Failures, f)
	}
}

func (r *run) steps(steps []ast.Step) {
	for _, step := range steps {
		if r.stopped {
			return
		}
		switch s := step.(type) {
		case *ast.As:
			r.as = s
			if s.Nobody {
				r.as = nil
			}
		case *ast.Send:
			if !s.Again {
				r.last = s
			}
			r.send(s.Span())
		case *ast.Expect:
			r.expect(s)
		case *ast.Upstream:
			r.upstream = Response{Status: int(s.Status.Value)}
			for _, p := range s.Headers {
				r.upstream.Headers = append(r.upstream.Headers, Header{Name: p.Name.Value, Value: p.Value.Value})
			}
			r.upstream.Headers = lowered(r.upstream.Headers)
		case *ast.Choose:
			r.choose = s.Cluster.Value
		case *ast.Repeat:
			for n := int64(0); n < s.Count.Value && !r.stopped; n++ {
				r.steps(s.Steps)
			}
		case *ast.SetTable:
			if err := r.table(s); err != nil {
				r.stop(s.Span(), err)
				return
			}
		case *ast.Wait:
			r.now, r.clock = r.now.Add(s.For.Value), r.clock+s.For.Value
		case *ast.Hold:
			r.held(s)
		case *ast.Clock:
			t, err := time.Parse(time.RFC3339, s.Time.Value)
			if err != nil {
				r.stop(s.Span(), err)
				return
			}
			r.now = t
		default:
			r.stop(step.Span(), fmt.Errorf("the runner does not know a step of type %T", step))
		}
	}
}

func (r *run) stop(at source.Span, err error) {
	r.stopped = true
	r.fail(at, nil, "the test could not go on: %v", err)
}

// send gives the last written send to every executor.
func (r *run) send(at source.Span) {
	request, err := present(r.last)
	if err != nil {
		r.stop(at, err)
		return
	}
	if r.as != nil {
		c, ok := r.keys.by[r.as]
		if !ok {
			r.stop(at, fmt.Errorf("no key was made for %s", r.as.Auth.Text))
			return
		}
		request = attach(request, c)
	}
	request.Now, request.Upstream, request.Tables, request.Choose = r.now, r.upstream, r.tables, r.choose
	request.Clock, request.Hold = r.clock, r.hold
	r.sent, r.outcomes = request, nil
	r.result.Requests++
	for _, x := range r.execs {
		o, err := r.chance(x, request)
		if r.stopped {
			return
		}
		if err != nil {
			r.stop(at, fmt.Errorf("%s: %w", x.Name(), err))
			return
		}
		r.outcomes = append(r.outcomes, o)
	}
	if r.opts.Loose {
		return
	}
	for i := 1; i < len(r.outcomes); i++ {
		diff := differences(r.execs[0].Name(), r.outcomes[0], r.execs[i].Name(), r.outcomes[i])
		if len(diff) > 0 {
			detail := append([]string{"sent:     " + r.sentLine()}, diff...)
			r.fail(at, detail, "%s and %s disagree", r.execs[0].Name(), r.execs[i].Name())
		}
	}
}

// copied keeps an executor from changing what the next one is given.
func copied(q Request) Request {
	q.Headers = slices.Clone(q.Headers)
	q.Upstream.Headers = slices.Clone(q.Upstream.Headers)
	return q
}
