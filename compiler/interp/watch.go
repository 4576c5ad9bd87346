package interp

import (
	"time"

	"cel.dev/cel-go/common/types/ref"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/source"
)

// Step is one thing that happened to a watched request. Exactly one of its
// fields after Route is set.
type Step struct {
	// Route is the full name of the route that was tried or taken, if any.
	Route string

	Canonical *Canonical
	Candidate *Candidate
	Login     *Login
	Eval      *Evaluation
	Limit     *Limit
	CORS      *CORS
	// Rule is the place of a rule without expressions that was carried out, Name
	// its full name.
	Rule source.Span
	Name string
}

// Canonical says what was made of the request before any rule.
type Canonical struct {
	Reason  string   // why it is refused; "" when it is canonical
	Removed []string // headers that nobody outside may send
	Host    string   // as it is compared
	Path    string   // what the path was rewritten to; "" where it was not
}

// Candidate is a match line that fits host and path.
type Candidate struct {
	Match    *resolve.Match
	Captures map[string]string
	// Outcome is taken, when (its condition does not hold) or method.
	Outcome string
}

// Login is an authentication.
type Login struct {
	Accepted bool
	Method   string // the auth; "" for anonymous callers
	Subject  string
	Groups   []string
}

// Limit is what a limit said.
type Limit struct {
	Rule     *resolve.LimitRule
	Admitted bool
	Result   string // in words
}

// CORS is the answer to a browser's question whether it may send a request, or
// what an answer says of whose pages may read it.
type CORS struct {
	Rule *check.CORS
	Asks bool
	Why  string // it is refused; "" when it is permitted
}

// Evaluation is one expression's.
type Evaluation struct {
	Source  *ast.Expr
	Checked *celfront.Checked
	Value   ref.Val
	Err     error
	Trace   *celfront.Trace
	// Inner are the evaluations of lets that this one has set off.
	Inner []*Evaluation
}

// Watch is an interpreter that tells how it decides.
type Watch struct {
	*Interpreter
	log *log
}

// Watching prepares checked bundles as New does.
func Watching(bundles ...*check.Bundle) *Watch {
	w := &Watch{Interpreter: New(bundles...), log: &log{programs: map[*ast.Expr]*celfront.Traced{}}}
	w.Interpreter.log = w.log
	return w
}

// Steps returns what happened to the request that was sent last, in order.
func (w *Watch) Steps() []Step { return w.log.steps }

// log collects steps. The nil log collects nothing.
type log struct {
	programs map[*ast.Expr]*celfront.Traced
	steps    []Step
	running  []*Evaluation
}

// begin forgets the request before.
func (l *log) begin() {
	if l != nil {
		l.steps, l.running = nil, nil
	}
}

func (l *log) note(d *decision, s Step) {
	if l == nil {
		return
	}
	if d.tried != nil {
		s.Route = d.tried.FullName
	}
	l.steps = append(l.steps, s)
}

// eval evaluates an expression and keeps what came of its parts.
func (l *log) eval(d *decision, e *ast.Expr, vars *activation) (ref.Val, error) {
	checked := d.bundle.Exprs[e]
	program := l.programs[e]
	if program == nil {
		var err error
		if program, err = checked.Trace(); err != nil {
			return nil, err
		}
		l.programs[e] = program
	}
	x := &Evaluation{Source: e, Checked: checked}
	if n := len(l.running); n > 0 {
		outer := l.running[n-1]
		outer.Inner = append(outer.Inner, x)
	} else {
		l.note(d, Step{Eval: x})
	}
	l.running = append(l.running, x)
	x.Value, x.Trace, x.Err = program.Eval(vars)
	l.running = l.running[:len(l.running)-1]
	return x.Value, x.Err
}

func (l *log) canonical(d *decision, reason string) {
	if l == nil {
		return
	}
	c := &Canonical{Reason: reason, Host: d.host}
	if d.sent.Path != d.raw {
		c.Path = d.sent.Path
	}
	for _, h := range d.sent.Headers {
		if len(valuesOf(d.headers, h.Name)) == 0 {
			c.Removed = append(c.Removed, h.Name)
		}
	}
	l.note(d, Step{Canonical: c})
}

func (l *log) candidate(d *decision, e entry, outcome string) {
	l.note(d, Step{Candidate: &Candidate{Match: e.match, Captures: e.captures, Outcome: outcome}})
}

func (l *log) login(d *decision, refused *answer) {
	if l == nil || d.route.Public {
		return
	}
	s := &Login{Accepted: refused == nil}
	if i := d.identity; i != nil && i.auth != nil && refused == nil {
		s.Method, s.Subject, s.Groups = i.auth.Name, i.key.Subject, i.key.Groups
	}
	l.note(d, Step{Login: s})
}

// limit notes what a limit said to what it was asked.
func (l *log) limit(d *decision, a *asking) {
	if l == nil {
		return
	}
	result := "refuses: " + string(a.why)
	switch {
	case a.why == "":
		result = "lets it pass"
	case a.why == limited && a.wait != nil:
		result = "refuses: too few tokens for the next " + time.Duration(a.wait.Int64()).String()
	case a.why == limited:
		result = "refuses: as many as may be on their way at once are"
	}
	l.note(d, Step{Limit: &Limit{Rule: a.rule, Admitted: a.why == "", Result: result}, Name: a.rule.Name})
}

// announce adds to what a limit said what answers say of it.
func (l *log) announce(a *asking, n announcement) {
	if l == nil {
		return
	}
	for i := len(l.steps) - 1; i >= 0; i-- {
		if s := l.steps[i].Limit; s != nil && s.Rule == a.rule {
			s.Result += "; announces " + n.state
			return
		}
	}
}

// rule notes a rule that there is nothing to evaluate for.
func (l *log) rule(d *decision, r *resolve.HeaderRule) {
	if r.When == nil && r.Value == nil {
		l.note(d, Step{Rule: r.Span, Name: r.Name})
	}
}

func (l *log) sharing(d *decision, rule *check.CORS, asks bool, why string) {
	l.note(d, Step{CORS: &CORS{rule, asks, why}})
}

// mark is where the steps stand; back forgets those since.
func (l *log) mark() int {
	if l == nil {
		return 0
	}
	return len(l.steps)
}

func (l *log) back(to int) {
	if l != nil {
		l.steps = l.steps[:to]
	}
}
