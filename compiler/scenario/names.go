package scenario

import (
	"slices"
	"strings"

	"moec.dev/moec/compiler/resolve"
)

// decidingNames returns the full names of everything that can answer a request
// of the bundle, sorted: the fixed steps and the rules.
func decidingNames(b *resolve.Bundle) []string {
	names := []string{b.Name + ".canonical", b.Name + ".unmatched", b.Name + ".method"}
	if b.Bounds() {
		names = append(names, b.Name+".body")
	}
	if b.Shares() {
		names = append(names, b.Name+".cors")
	}
	for _, r := range b.Routes {
		if !r.Public {
			names = append(names, r.FullName+".auth")
		}
		if r.When != nil {
			names = append(names, r.FullName+".when")
		}
		if r.Respond != nil {
			names = append(names, r.FullName+".respond")
		}
		names = append(names, fates(r)...)
		names = append(names, ruleNames(r)...)
	}
	for _, s := range b.Scopes {
		if s.When != nil {
			names = append(names, s.FullName+".when")
		}
		names = append(names, ruleNames(&s.Route)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// ruleNames are the names of the rules of a block.
func ruleNames(r *resolve.Route) []string {
	var names []string
	for _, d := range r.Denies {
		if !d.Shadow {
			names = append(names, d.Name)
		}
	}
	for _, g := range resolve.Groups(r.Allows) {
		names = append(names, g.Refusal)
		for _, a := range g.Allows {
			names = append(names, a.Name)
		}
	}
	for _, l := range r.Limits {
		if !l.Shadow {
			names = append(names, l.Name)
		}
	}
	for _, h := range r.Headers {
		names = append(names, h.Name)
	}
	return names
}

// namesEnding returns the names that a written name can mean: the full name
// itself, or all that end in it, part by part.
func namesEnding(names []string, written string) []string {
	if slices.Contains(names, written) {
		return []string{written}
	}
	var fit []string
	for _, n := range names {
		if strings.HasSuffix(n, "."+written) {
			fit = append(fit, n)
		}
	}
	return fit
}
