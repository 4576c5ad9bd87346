// Package coverage tells what of a bundle its tests have tried: which routes and
// rules, and which ways through each expression. The interpreter is the witness.
//
// It must not know how policies are compiled; what a test expects is not its
// business either.
package coverage

import (
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/interp"
	"moec.dev/moec/compiler/outline"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/dsl/source"
)

// Profile counts what happens to the requests of one bundle.
type Profile struct {
	Name  string
	Rules []*Rule
	files []*source.File

	items  map[source.Span]*outline.Item // by the places of their expressions
	byItem map[source.Span]*Rule         // by the places of items
	routes map[string]*Rule              // by full name
}

// Rule is a statement with the points at which it can be tried.
type Rule struct {
	Item   *outline.Item
	Points []*Point
}

// Point is one thing that can happen to a rule or to a part of its expressions.
type Point struct {
	Span source.Span
	// What is taken, accepted or refused of a route; true or false of a
	// condition; admitted or refused of a limit; reached of what has none.
	What  string
	Count int
}

// New makes an empty profile of a checked bundle.
func New(b *check.Bundle) *Profile {
	p := &Profile{Name: b.Name, byItem: map[source.Span]*Rule{}, routes: map[string]*Rule{}}
	blocks := outline.Of(b.Source)
	p.items = outline.ByExpr(blocks)
	checked := map[source.Span][]source.Span{} // the branches of an expression
	for e, x := range b.Exprs {
		if checked[e.Span()] != nil {
			continue
		}
		for _, branch := range x.Branches() {
			checked[e.Span()] = append(checked[e.Span()], branch.Span)
		}
	}
	public := map[string]bool{}
	for _, r := range b.Routes {
		public[r.FullName] = r.Public
	}
	for _, f := range b.Source.Files {
		p.files = append(p.files, f.Source)
	}
	for _, k := range blocks {
		for _, i := range k.Items {
			r := &Rule{Item: i}
			switch {
			case i.Kind == "route":
				r.add(i.Span, "taken")
				if !public[i.Name] {
					at := k.Auth
					if !at.Valid() {
						at = i.Span
					}
					r.add(at, "accepted", "refused")
				}
				p.routes[i.Name] = r
			case i.Kind == "limit" && k.Kind != "limit":
				if i.When != nil {
					r.add(i.When.Span(), "true", "false")
				}
				r.add(i.Span, "admitted", "refused")
			case i.When != nil:
				r.add(i.When.Span(), "true", "false")
			case len(i.Exprs) > 0 || i.Kind == "remove":
				r.add(i.Span, "reached")
			default:
				continue // there is no way past it once its route is taken
			}
			for _, e := range i.Exprs {
				for _, branch := range checked[e.Span()] {
					r.add(branch, "true", "false")
				}
			}
			p.Rules = append(p.Rules, r)
			p.byItem[i.Span] = r
		}
	}
	return p
}

func (r *Rule) add(at source.Span, what ...string) {
	for _, w := range what {
		if r.point(at, w) == nil {
			r.Points = append(r.Points, &Point{Span: at, What: w})
		}
	}
}

func (r *Rule) point(at source.Span, what string) *Point {
	for _, p := range r.Points {
		if p.Span == at && p.What == what {
			return p
		}
	}
	return nil
}

// hit counts n times, where there is such a point.
func (r *Rule) hit(at source.Span, what string, n int) {
	if p := r.point(at, what); p != nil {
		p.Count += n
	}
}

// record counts what happened to one request.
func (p *Profile) record(steps []interp.Step) {
	for _, s := range steps {
		route := p.routes[s.Route]
		switch {
		case s.Candidate != nil && s.Candidate.Outcome == "taken" && route != nil:
			route.Points[0].Count++
		case s.Login != nil && route != nil && len(route.Points) > 2:
			if s.Login.Accepted {
				route.Points[1].Count++
			} else {
				route.Points[2].Count++
			}
		case s.Eval != nil:
			p.evaluated(s.Eval)
		case s.Limit != nil:
			if r := p.byItem[s.Limit.Rule.Span]; r != nil {
				what := "refused"
				if s.Limit.Admitted {
					what = "admitted"
				}
				r.hit(s.Limit.Rule.Span, what, 1)
			}
		case s.CORS != nil:
			if r := p.byItem[s.CORS.Rule.Span]; r != nil {
				r.hit(s.CORS.Rule.Span, "reached", 1)
			}
		case s.Rule.Valid():
			if r := p.byItem[s.Rule]; r != nil {
				r.hit(s.Rule, "reached", 1)
			}
		}
	}
}

func (p *Profile) evaluated(e *interp.Evaluation) {
	for _, i := range e.Inner {
		p.evaluated(i)
	}
	item := p.items[e.Source.Span()]
	if item == nil {
		return
	}
	r := p.byItem[item.Span]
	if r == nil {
		return
	}
	if item.When == nil {
		r.hit(item.Span, "reached", 1)
	} else if at := item.When.Span(); at == e.Source.Span() && e.Err == nil {
		switch e.Value.Value() {
		case true:
			r.hit(at, "true", 1)
		case false:
			r.hit(at, "false", 1)
		}
	}
	for _, branch := range e.Checked.Branches() {
		n := e.Trace.Truths(branch)
		r.hit(branch.Span, "true", n.True)
		r.hit(branch.Span, "false", n.False)
	}
}

// Executor is the interpreter, counting.
type Executor struct {
	*interp.Watch
	profiles map[string]*Profile
}

var _ scenario.Executor = (*Executor)(nil)

// Counting makes an interpreter of bundles that counts into profiles of the same
// bundles, by name.
func Counting(profiles []*Profile, bundles ...*check.Bundle) *Executor {
	x := &Executor{interp.Watching(bundles...), map[string]*Profile{}}
	for _, p := range profiles {
		x.profiles[p.Name] = p
	}
	return x
}

// Send decides one request, and counts.
func (x *Executor) Send(bundle string, r scenario.Request) (scenario.Outcome, error) {
	o, err := x.Watch.Send(bundle, r)
	if p := x.profiles[bundle]; p != nil && err == nil {
		p.record(x.Steps())
	}
	return o, err
}

// Tally is how many points there are, and how many of them were met.
func (p *Profile) Tally() (met, all int) {
	for _, r := range p.Rules {
		for _, point := range r.Points {
			if all++; point.Count > 0 {
				met++
			}
		}
	}
	return met, all
}

// Percent is the share of the points that were met; of nothing all was.
func (p *Profile) Percent() float64 {
	met, all := p.Tally()
	if all == 0 {
		return 100
	}
	return 100 * float64(met) / float64(all)
}
