package ir

// Named are the lets whose value depends on the route at hand, through other
// lets too.
func (b *Bundle) Named() map[string]bool {
	named := map[string]bool{}
	for _, l := range b.Lets { // in dependency order
		if l.Value.named(named) {
			named[l.Name] = true
		}
	}
	return named
}

func (e *Expr) named(lets map[string]bool) bool {
	found := false
	e.Walk(func(n *Expr) { found = found || n.Op == "route-name" || n.Op == "let" && lets[n.Name] })
	return found
}

// Forgets reports whether the condition of a route reads the route's name
// through a let. Then nothing that was evaluated for one route may be taken for
// the next.
func (b *Bundle) Forgets() bool {
	named := b.Named()
	for _, r := range b.Routes {
		if r.When != nil && r.When.named(named) {
			return true
		}
	}
	return false
}
