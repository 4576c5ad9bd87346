package ir

import "moec.dev/moec/dsl/source"

// Decisions are the rules of a block that decide about a request.
type Decisions struct {
	EarlyDenies []*Rule      // before authentication
	EarlyLimits []*LimitRule // behind EarlyDenies
	LateDenies  []*Rule
	Groups      []*Group     // one allow of each must hold
	LateLimits  []*LimitRule // behind Groups
}

// Group is the allows of one block.
type Group struct {
	Refusal string // full name of the refusal when no allow holds
	Allows  []*Rule
	Shadows []*Rule // tried where none of Allows holds
}

// Scope is rules that several routes share.
type Scope struct {
	Name     string
	FullName string
	Span     source.Span
	Decisions
	// Ways are the match lines of a scope by template, tried in order, each on
	// all its hosts; nil for a scope that holds wherever it is named.
	Ways     [][]Pattern
	Captures []string // names of the capture slots
	When     *Expr    // nil: always
}

// Template reports whether a scope holds on some requests of its routes only.
func (s *Scope) Template() bool { return len(s.Ways) > 0 }

// Stray is what the scopes over everything do to a request that no route takes:
// none of it needs identity.
type Stray struct {
	Scopes   []int         // indices into Bundle.Scopes, in order
	Response []*HeaderRule // in order of execution
	Kept     []*Kept
	Sharing  []Sharing
}

// rules lists the rules in the order of their numbers.
func (d *Decisions) rules() []*Rule {
	all := append(append([]*Rule{}, d.EarlyDenies...), d.LateDenies...)
	for _, g := range d.Groups {
		all = append(append(all, g.Allows...), g.Shadows...)
	}
	for _, k := range d.Limits() {
		all = append(all, &k.Rule)
	}
	return all
}

// shared lists the rules that belong to no single route, in the order of their
// numbers.
func (b *Bundle) shared() []*Rule {
	var all []*Rule
	for _, s := range b.Scopes {
		all = append(all, s.rules()...)
	}
	if b.Stray != nil {
		for _, h := range b.Stray.Response {
			all = append(all, &h.Rule)
		}
	}
	return all
}

// Late reports whether a scope has rules after authentication.
func (d *Decisions) Late() bool { return len(d.LateDenies) > 0 || len(d.LateLimits) > 0 }
