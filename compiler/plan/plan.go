// Package plan says what a bundle will do before any request comes: in which
// order its rules are tried, what each may cost, what each route reads, how
// often Envoy calls the library, and what that takes of memory.
//
// It decides nothing and must not write code; what it says of a policy is read
// from the checked tree and from the decision IR.
package plan

import (
	"slices"
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/cost"
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/outline"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/dsl/source"
)

// Plan is one bundle's. Its JSON names are a promise.
type Plan struct {
	Bundle string `json:"bundle"`
	Digest string `json:"digest"`
	Envoy  string `json:"envoy"` // the oldest that can serve it
	// Unmatched is what a request gets that no route takes.
	Unmatched int      `json:"unmatched"`
	Removed   []string `json:"removed"` // headers that are taken off every request
	Routes    []*Route `json:"routes"`
	// Blocks are the scopes and policies, in the same shape.
	Blocks []*Route `json:"blocks,omitempty"`
	Lets   []*Rule  `json:"lets"`
	Memory Memory   `json:"memory"`
}

// Route is a route, scope or policy.
type Route struct {
	Kind    string   `json:"kind"`
	Name    string   `json:"name"`
	File    string   `json:"file"`
	Line    int      `json:"line"`
	Matches []string `json:"matches"`
	Hosts   []string `json:"hosts"`
	Access  string   `json:"access,omitempty"`
	// MaxBody is how many bytes of body a forwarded request may have, or nil.
	MaxBody   *int64    `json:"maxBodyBytes,omitempty"`
	CORS      []string  `json:"cors,omitempty"`
	Crossings Crossings `json:"crossings"`
	Reads     Reads     `json:"reads"`
	Steps     []*Step   `json:"steps"`
	// Max is the most that a request of the route may cost, or nil where
	// nothing bounds it.
	Max *uint64 `json:"maxCost"`
}

// Crossings is how often Envoy calls the library for a request that is
// forwarded.
type Crossings struct {
	Request  int `json:"request"`
	Response int `json:"response"`
}

// Step is one of the steps that every request takes, with the rules in it, in
// the order in which they are tried.
type Step struct {
	Number int     `json:"number"`
	Title  string  `json:"title"`
	Rules  []*Rule `json:"rules"`
}

// Rule is a statement and what it may cost, with all that it reads; Max is nil
// where nothing bounds it.
type Rule struct {
	Name   string   `json:"name"`
	Kind   string   `json:"kind"`
	Line   int      `json:"line"`
	Text   string   `json:"text"`
	Shadow bool     `json:"shadow,omitempty"`
	Min    uint64   `json:"minCost"`
	Max    *uint64  `json:"maxCost"`
	Lets   []string `json:"lets,omitempty"`
}

// Of makes the plan of a bundle that has passed the stages cost and opt.
func Of(b *check.Bundle, prices *cost.Bundle, code *ir.Bundle) *Plan {
	p := &planner{
		b: b, lets: map[string]*check.Let{}, prices: map[priced]*cost.Rule{}, code: map[string]*ir.Route{}, limits: map[string]*outline.Item{},
		Plan: &Plan{Bundle: b.Name, Digest: code.Digest, Envoy: code.MinEnvoy, Unmatched: b.Unmatched, Removed: append([]string{}, b.Owned...),
			Routes: []*Route{}, Lets: []*Rule{}, Memory: memory(b, code)},
	}
	for _, r := range prices.Rules {
		p.prices[priced{r.Name, r.Span}] = r
		if old := p.prices[priced{"", r.Span}]; old == nil || old.Max < r.Max {
			p.prices[priced{"", r.Span}] = r
		}
	}
	p.used = used(b)
	for _, l := range b.Lets {
		p.lets[l.Name] = l
	}
	for _, r := range code.Routes {
		p.code[r.FullName] = r
	}
	for _, l := range prices.Lets {
		if known := p.lets[l.Name]; known != nil {
			p.Lets = append(p.Lets, &Rule{Name: l.Name, Kind: "let", Line: known.Decl.Span().Position().Line,
				Text: firstLine(known.Decl.Span()), Min: l.Min, Max: bound(l.Max), Lets: l.Lets})
		}
	}
	p.checked = map[source.Span][]*celfront.Checked{}
	for e, x := range b.Exprs {
		p.checked[e.Span()] = append(p.checked[e.Span()], x)
	}
	p.blocks = outline.Of(b.Source)
	for _, k := range p.blocks {
		if k.Kind == "limit" {
			p.limits[k.Name] = k.Items[0]
		}
	}
	for _, k := range p.blocks {
		switch k.Kind {
		case "route":
			p.Routes = append(p.Routes, p.route(k))
		case "scope", "policy":
			p.Blocks = append(p.Blocks, p.block(k))
		}
	}
	return p.Plan
}

type planner struct {
	*Plan
	b      *check.Bundle
	lets   map[string]*check.Let
	prices map[priced]*cost.Rule
	blocks []*outline.Block
	used   map[source.Span][]*outline.Item // the rules of each use, by its place
	code   map[string]*ir.Route
	limits map[string]*outline.Item // that are declared
	// checked are the typed trees of expressions, by place: a policy's may have
	// one for each use.
	checked map[source.Span][]*celfront.Checked
}

func (p *planner) route(k *outline.Block) *Route {
	out := p.block(k)
	for _, r := range p.b.Routes {
		if r.Name != k.Name {
			continue
		}
		for _, m := range r.Matches {
			out.Matches = append(out.Matches, strings.TrimSpace(strings.Join(m.Methods, ", ")+" "+m.Path.Text))
		}
		for _, h := range r.Hosts {
			out.Hosts = append(out.Hosts, h.Text)
		}
		out.Access = access(r)
		for _, a := range r.Auths {
			out.Reads.credential(a)
		}
		p.cors(out, r)
		if code := p.code[r.FullName]; code != nil && code.AsksResponse() {
			out.Crossings.Response = 1
		}
		if most := p.b.BoundOf(r); most >= 0 {
			out.MaxBody = &most
		}
	}
	out.Reads.settle()
	return out
}

// access says who may come in.
func access(r *resolve.Route) string {
	if r.Public {
		return "public"
	}
	var names []string
	for _, a := range r.Auths {
		names = append(names, a.Name)
	}
	if r.Optional {
		return "auth optional " + strings.Join(names, " or ")
	}
	return "auth " + strings.Join(names, " or ")
}

func (p *planner) block(k *outline.Block) *Route {
	at := k.Span.Position()
	out := &Route{Kind: k.Kind, Name: p.Bundle + "." + k.Name, File: k.Span.File.Name, Line: at.Line, Matches: []string{}, Hosts: []string{},
		Crossings: Crossings{Request: 1}, Steps: []*Step{}}
	var seen []string
	sum := uint64(0)
	for _, i := range inOrder(append(p.expanded(k.Items), p.over(k)...)) {
		n := p.stepOf(i)
		if n == 0 {
			continue
		}
		rule := p.rule(i)
		out.step(n).Rules = append(out.step(n).Rules, rule)
		for _, e := range p.exprs(i) {
			p.readsOf(&out.Reads, p.trees(e.Expr), nil)
		}
		// A let is computed once a request, whoever reads it.
		if price := p.price(i); price != nil {
			sum = add(sum, price.Own.Max)
			for _, name := range price.Lets {
				if !slices.Contains(seen, name) {
					seen = append(seen, name)
					sum = add(sum, p.letMax(name))
				}
			}
		}
	}
	slices.SortStableFunc(out.Steps, func(a, b *Step) int { return a.Number - b.Number })
	out.Max = bound(sum)
	out.Reads.settle()
	return out
}

func (p *planner) letMax(name string) uint64 {
	for _, l := range p.Lets {
		if l.Name == name {
			if l.Max == nil {
				return celfront.Unbounded
			}
			return *l.Max
		}
	}
	return 0
}

func (p *planner) rule(i *outline.Item) *Rule {
	r := &Rule{Name: i.Name, Kind: i.Kind, Line: p.line(i), Text: firstLine(i.Span), Shadow: i.Shadow, Max: new(uint64)}
	if price := p.price(i); price != nil {
		r.Min, r.Max, r.Lets = price.Min, bound(price.Max), price.Lets
	}
	return r
}

// line is where an item stands in the bundle: for a rule of a policy, its use.
func (p *planner) line(i *outline.Item) int {
	for use, items := range p.used {
		if slices.Contains(items, i) {
			return use.Position().Line
		}
	}
	return i.Span.Position().Line
}

// price finds the cost of an item by the place of one of its expressions.
func (p *planner) price(i *outline.Item) *cost.Rule {
	for _, name := range []string{i.Name, ""} {
		for _, e := range p.exprs(i) {
			if price := p.prices[priced{name, e.Span()}]; price != nil {
				return price
			}
		}
	}
	return nil
}

// priced finds a price by the name of a rule and the place of its expression; of
// no name is the highest at the place, since a policy's rule has many names.
type priced struct {
	name string
	at   source.Span
}

func (r *Route) step(n int) *Step {
	for _, s := range r.Steps {
		if s.Number == n {
			return s
		}
	}
	s := &Step{Number: n, Title: titles[n], Rules: []*Rule{}}
	r.Steps = append(r.Steps, s)
	return s
}

// bound is a cost, or nil where there is no bound.
func bound(n uint64) *uint64 {
	if n == celfront.Unbounded {
		return nil
	}
	return &n
}

func add(a, b uint64) uint64 {
	if a > celfront.Unbounded-b {
		return celfront.Unbounded
	}
	return a + b
}

func firstLine(at source.Span) string {
	line, _, _ := strings.Cut(at.Text(), "\n")
	return strings.TrimRight(line, " \t\r")
}
