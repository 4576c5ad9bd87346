package ir

// scopes writes the scopes, and what holds where no route does.
func (d *dumper) scopes(b *Bundle) {
	for i, s := range b.Scopes {
		d.line("scope %d %s", i, s.FullName)
		for _, way := range s.Ways {
			for _, p := range way {
				d.line("  match %v host %q %q captures %v", p.Methods, p.Host, p.Template, p.Captures)
			}
		}
		if s.When != nil {
			d.line("  when %s", s.When)
		}
		d.rules("deny-early", s.EarlyDenies)
		d.limits("limit-early", s.EarlyLimits)
		d.rules("deny", s.LateDenies)
		d.groups(s.Groups)
		d.limits("limit", s.LateLimits)
	}
	if b.Stray != nil {
		d.line("stray")
		d.line("  scopes %v", b.Stray.Scopes)
		d.kept(b.Stray.Kept)
		d.sharing(b.Stray.Sharing)
		d.headers("response", b.Stray.Response)
	}
}

func (d *dumper) groups(groups []*Group) {
	for _, g := range groups {
		d.rules("allow", g.Allows)
		d.rules("shadow-allow", g.Shadows)
		d.line("  else refuse 403 by %s", g.Refusal)
	}
}
