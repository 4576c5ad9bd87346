package core

// Shadow counts a rule in shadow: one that is evaluated, would have changed the
// outcome of the request, and does not.
func (r *Request) Shadow(rule int) {
	r.shadowed = true
	if b := r.f.bundle(); b != nil && rule < len(b.shadows) {
		b.shadows[rule].Add(1)
	}
}

// Shadowed is how often a rule in shadow would have changed an outcome since
// the library was loaded. It may be called at any time.
func (b *Bundle) Shadowed(rule int) uint64 {
	if rule >= len(b.shadows) {
		return 0
	}
	return b.shadows[rule].Load()
}
