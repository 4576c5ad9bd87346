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
		for _, d := range r.Denies {
			names = append(names, d.Name)
		}
		for _, a := range r.Allows {
			names = append(names, a.Name)
		}
		if len(r.Allows) > 0 {
			names = append(names, r.Refusal())
		}
		for _, h := range r.Headers {
			names = append(names, h.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
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
