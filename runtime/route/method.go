package route

import (
	"slices"
	"strings"
)

// anyMethod is the mask of an entry without methods.
const anyMethod = ^uint64(0)

// collectMethods gives every method of the patterns a bit.
func (t *Table) collectMethods(patterns []Pattern) {
	for i := range patterns {
		for _, m := range patterns[i].Entry.Methods {
			t.methods = append(t.methods, m)
			if m == "GET" {
				t.methods = append(t.methods, "HEAD")
			}
		}
	}
	slices.Sort(t.methods)
	t.methods = slices.Compact(t.methods)
	if len(t.methods) > 63 {
		panic("route: more than 63 methods")
	}
}

// methodBit is the bit of a method; 0 for one that no entry names.
func (t *Table) methodBit(method string) uint64 {
	for i := range t.methods {
		if t.methods[i] == method {
			return 1 << i
		}
	}
	return 0
}

func (t *Table) mask(methods []string) uint64 {
	if len(methods) == 0 {
		return anyMethod
	}
	mask := uint64(0)
	for _, m := range methods {
		mask |= t.methodBit(m)
		if m == "GET" {
			mask |= t.methodBit("HEAD")
		}
	}
	return mask
}

// mostAllows bounds the allow headers that a group is prepared for. A group
// has that many only with a dozen methods, each behind a condition of its own.
const mostAllows = 1 << 12

// prepareAllows writes the allow header of every set of candidates that a
// group can have, so that none is built while a request waits.
func (t *Table) prepareAllows(g *group) {
	sets := []uint64{0}
	seen := map[uint64]bool{0: true}
	for _, e := range g.entries {
		if e.mask == anyMethod {
			continue
		}
		for _, s := range sets {
			if n := s | e.mask; !seen[n] {
				seen[n] = true
				sets = append(sets, n)
			}
		}
		if len(sets) > mostAllows {
			break
		}
	}
	for _, s := range sets {
		if s != 0 {
			t.allows[s] = t.spell(s)
		}
	}
}

func (t *Table) spell(mask uint64) string {
	var names []string
	for i, m := range t.methods {
		if mask&(1<<i) != 0 {
			names = append(names, m)
		}
	}
	return strings.Join(names, ", ")
}

func (t *Table) allow(mask uint64) string {
	if s, ok := t.allows[mask]; ok {
		return s
	}
	return t.spell(mask) // beyond mostAllows; the only allocation of this package
}
