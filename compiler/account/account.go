// Package account tells how one request was decided: every step and rule that
// it went through, in order, which of them decided, and what the parts of their
// conditions came to. The interpreter is the witness.
//
// It must not know how policies are compiled, and decides nothing itself.
package account

import (
	"fmt"
	"slices"
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/interp"
	"moec.dev/moec/compiler/outline"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/source"
)

// Account is what happened to one request. Its JSON names are a promise.
type Account struct {
	Bundle  string           `json:"bundle"`
	Request scenario.Request `json:"request"`
	// Steps are what happened, in order.
	Steps []*Step `json:"steps"`
	// Unreached are the rules of the route that the request did not get to.
	Unreached []*Place         `json:"unreached"`
	Outcome   scenario.Outcome `json:"outcome"`

	sent scenario.Request // with the credential
}

// Place is a statement of the policy.
type Place struct {
	Name   string `json:"name"`
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Text   string `json:"text,omitempty"` // its first line
}

// Step is one thing that happened.
type Step struct {
	// Kind is canonical, removed, route, auth, answer, forward, or what the
	// statement begins with: when, deny, allow, set.
	Kind string `json:"step"`
	// Place is the statement; its Name is that of the rule or fixed step.
	*Place
	// Route is the route whose statement it is.
	Route string `json:"route,omitempty"`
	// Result says in words what came of it.
	Result string `json:"result"`
	// Decides says that this is what the outcome is named after.
	Decides bool     `json:"decides"`
	Values  []*Value `json:"values,omitempty"`
}

// Value is what an expression or a part of one came to.
type Value struct {
	Text  string `json:"text"`
	Value string `json:"value"` // as CEL writes it; "not evaluated" and counts of a loop in words
	// Let is the name of the let whose value it is, or "".
	Let   string   `json:"let,omitempty"`
	Parts []*Value `json:"parts,omitempty"`
}

// Of sends a request to an interpreter and tells what happened to it.
func Of(asked *scenario.Asked) (*Account, error) {
	return Tell(interp.Watching(asked.Bundle), asked)
}

// Tell sends a request to an interpreter of its bundle that may have seen others
// before.
func Tell(watch *interp.Watch, asked *scenario.Asked) (*Account, error) {
	outcome, err := watch.Send(asked.Bundle.Name, asked.Request)
	if err != nil {
		return nil, err
	}
	t := &teller{
		Account: &Account{Bundle: asked.Bundle.Name, Request: asked.Written, sent: asked.Request, Steps: []*Step{}, Unreached: []*Place{}, Outcome: outcome},
		blocks:  outline.Of(asked.Bundle.Source),
		seen:    map[source.Span]bool{},
		used:    map[*ast.Expr]*outline.Item{},
		uses:    map[*outline.Item]source.Span{},
		covers:  map[string]bool{},
	}
	t.items = outline.ByExpr(t.blocks)
	t.rules(asked.Bundle.Bundle)
	for _, s := range watch.Steps() {
		t.step(s)
	}
	t.end()
	return t.Account, nil
}

type teller struct {
	*Account
	blocks []*outline.Block
	items  map[source.Span]*outline.Item
	seen   map[source.Span]bool          // items that were reached
	used   map[*ast.Expr]*outline.Item   // rules of policies, at each use
	uses   map[*outline.Item]source.Span // where those are used
	covers map[string]bool               // "route scope": the scope lies over the route
	item   *outline.Item                 // of the last step
	route  string                        // that was taken
}

func (t *teller) add(kind string, place *Place, format string, args ...any) *Step {
	s := &Step{Kind: kind, Place: place, Result: fmt.Sprintf(format, args...)}
	t.Steps = append(t.Steps, s)
	t.item = nil
	return s
}

func placeOf(name string, at source.Span) *Place {
	p := &Place{Name: name}
	if at.Valid() {
		pos := at.Position()
		p.File, p.Line, p.Column = at.File.Name, pos.Line, pos.Column
		p.Text, _, _ = strings.Cut(at.Text(), "\n")
		p.Text = strings.TrimRight(p.Text, " \t\r")
	}
	return p
}

func (t *teller) step(s interp.Step) {
	switch {
	case s.Canonical != nil:
		t.canonical(s.Canonical)
	case s.Candidate != nil:
		t.candidate(s.Route, s.Candidate)
	case s.Login != nil:
		t.login(s.Route, s.Login)
	case s.CORS != nil:
		t.sharing(s.Route, s.CORS)
	case s.Eval != nil:
		t.evaluated(s.Route, s.Eval)
	case s.Limit != nil:
		t.limit(s.Route, s.Limit)
	case s.Rule.Valid():
		for i, use := range t.uses {
			if i.Name == s.Name {
				t.seen[i.Span], t.seen[use] = true, true
				t.add(i.Kind, placeOf(i.Name, i.Span), "is carried out").Route = s.Route
				return
			}
		}
		for _, i := range t.all() {
			if i.Span == s.Rule {
				t.seen[i.Span] = true
				t.add(i.Kind, placeOf(i.Name, i.Span), "is carried out").Route = s.Route
			}
		}
	}
}

// rules notes what the text of the blocks does not say: which rules come from
// policies, and which scopes lie over which routes.
func (t *teller) rules(b *resolve.Bundle) {
	block := func(r *resolve.Route) {
		r.EachRule(func(rule *resolve.Rule, exprs ...*ast.Expr) {
			if rule.Use == nil {
				return
			}
			item := outline.Used(rule.Use.Policy.Decl, rule.Span, r.Name, rule.Name, append(exprs, rule.When)...)
			if item == nil {
				return
			}
			t.uses[item] = rule.Place()
			for _, e := range item.Exprs {
				t.used[e.Expr] = item
			}
		})
		for _, l := range r.Limits { // what a limit of the bundle says belongs to its use
			if item := t.itemAt(l.Span); item != nil && l.Limit.Named && l.Use == nil {
				for _, e := range l.Exprs() {
					t.used[e] = item
				}
			}
		}
	}
	for _, r := range b.Routes {
		block(r)
		for _, s := range r.Scopes {
			t.covers[r.FullName+" "+s.Name] = true
		}
	}
	for _, s := range b.Scopes {
		block(&s.Route)
	}
}

func (t *teller) itemAt(at source.Span) *outline.Item {
	for _, i := range t.all() {
		if i.Span == at {
			return i
		}
	}
	return nil
}

func (t *teller) all() []*outline.Item {
	var out []*outline.Item
	for _, b := range t.blocks {
		out = append(out, b.Items...)
	}
	return out
}

func (t *teller) canonical(c *interp.Canonical) {
	place := &Place{Name: t.Bundle + ".canonical"}
	if c.Reason != "" {
		t.add("canonical", place, "no: %s", c.Reason)
		return
	}
	if c.Path != "" {
		t.add("canonical", place, "yes; the path becomes %s, the host is %q", c.Path, c.Host)
	} else {
		t.add("canonical", place, "yes; the host is %q", c.Host)
	}
	if len(c.Removed) > 0 {
		t.add("removed", &Place{Name: t.Bundle}, "%s, which nobody outside may send", strings.Join(c.Removed, ", "))
	}
}

func (t *teller) candidate(route string, c *interp.Candidate) {
	place := placeOf(route, c.Match.Decl.Span())
	var s *Step
	switch c.Outcome {
	case "taken":
		t.route = route
		s = t.add("route", place, "takes the request")
	case "when":
		s = t.add("route", place, "fits, but its when does not hold")
	default:
		s = t.add("route", place, "fits, but does not take %s", t.Request.Method)
	}
	s.Route = route
	var names []string
	for n := range c.Captures {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		s.Values = append(s.Values, &Value{Text: n, Value: fmt.Sprintf("%q", c.Captures[n])})
	}
}

func (t *teller) login(route string, l *interp.Login) {
	s := t.add("auth", t.authPlace(route), "")
	s.Route = route
	switch {
	case !l.Accepted:
		s.Result = "no credential that the route takes: refused"
	case l.Method == "":
		s.Result = "anonymous"
	default:
		s.Result = fmt.Sprintf("%s: subject %q, groups %q", l.Method, l.Subject, l.Groups)
	}
}

// authPlace is the auth line of a route.
func (t *teller) authPlace(route string) *Place {
	place := &Place{Name: route + ".auth"}
	for _, b := range t.blocks {
		if b.Kind != "route" || t.Bundle+"."+b.Name != route {
			continue
		}
		if at := b.Auth; at.Valid() {
			return placeOf(place.Name, at)
		}
	}
	return place
}

// end adds what the request came to, and what it did not get to.
func (t *teller) end() {
	o := t.Outcome
	for i := len(t.Steps) - 1; i >= 0; i-- {
		if t.Steps[i].Place != nil && t.Steps[i].Name == o.By && t.Steps[i].Kind != "route" {
			t.Steps[i].Decides = true
			break
		}
	}
	for _, b := range t.blocks {
		if (b.Kind != "route" || t.Bundle+"."+b.Name != t.route) && (b.Kind != "scope" || !t.covers[t.route+" "+b.Name]) {
			continue
		}
		for _, i := range b.Items {
			if !t.seen[i.Span] && (len(i.Exprs) > 0 || i.Kind == "remove" || i.Kind == "limit") {
				t.Unreached = append(t.Unreached, placeOf(i.Name, i.Span))
			}
		}
	}
	decided := slices.ContainsFunc(t.Steps, func(s *Step) bool { return s.Decides })
	place := t.ending(o.By)
	switch {
	case o.Forward:
		t.add("forward", place, "to %q", o.Cluster).Decides = !decided
	case decided: // the step that decided has said it all
	default:
		t.add("answer", place, "%d: %s", o.Status, t.why(o)).Decides = true
	}
}

// why says in words what the fixed steps answer for.
func (t *teller) why(o scenario.Outcome) string {
	switch o.By {
	case t.Bundle + ".unmatched":
		return "no route fits the host and the path"
	case t.Bundle + ".method":
		return "no route takes the method there"
	case t.Bundle + ".body":
		return "the body is larger than it may be"
	}
	switch {
	case strings.HasSuffix(o.By, ".allow"):
		return "none of the allows holds"
	case strings.HasSuffix(o.By, ".respond"), strings.HasSuffix(o.By, ".redirect"):
		return "the route answers"
	}
	return "refused"
}

// ending is the statement that gave the outcome.
func (t *teller) ending(by string) *Place {
	for _, i := range t.all() {
		if i.Name == by && i.Kind != "route" {
			return placeOf(by, i.Span)
		}
		if t.Outcome.Forward && i.Kind == "forward" && t.Bundle+"."+i.Block == by && i.Name == by+".forward."+t.Outcome.Cluster {
			return placeOf(by, i.Span)
		}
	}
	return &Place{Name: by}
}

// evaluated adds an expression to the step of its rule.
func (t *teller) evaluated(route string, e *interp.Evaluation) {
	at := e.Source.Span()
	item := t.used[e.Source]
	if item == nil {
		item = t.items[at]
	}
	if item == nil {
		s := t.add("evaluated", placeOf("", at), "")
		s.Route, s.Values = route, []*Value{t.value(e)}
		return
	}
	var s *Step
	if item == t.item {
		s = t.Steps[len(t.Steps)-1]
	} else {
		s = t.add(item.Kind, placeOf(item.Name, item.Span), "")
		s.Route = route
	}
	t.item = item
	t.seen[item.Span] = true
	if use, ok := t.uses[item]; ok {
		t.seen[use] = true
	}
	s.Result = result(item, e, s.Result)
	if e.Err != nil || e.Checked.Root.Op != celfront.Const {
		s.Values = append(s.Values, t.value(e))
	}
}
