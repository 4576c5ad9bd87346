package interp

import "moec.dev/moec/compiler/resolve"

// held is a block whose rules hold for the request, with the captures that its
// expressions read.
type held struct {
	*resolve.Route
	captures map[string]string
}

// enter finds the blocks whose rules hold: the route, if one was chosen, and
// the scopes that are on it, on everything, or on this request by template.
func (d *decision) enter() *answer {
	if d.route != nil {
		d.blocks = append(d.blocks, held{d.route, d.captures})
	}
	var failed *answer
	for _, s := range d.bundle.Scopes {
		switch {
		case s.Template && failed != nil:
			// Whether it holds is not asked any more.
		case s.Template:
			captures, fits := d.fits(s)
			if !fits {
				continue
			}
			if s.When != nil {
				d.captures = captures
				holds, err := d.holds(s.When)
				if err != nil {
					failed = refusal(500, s.FullName+".when")
					continue
				}
				if !holds {
					continue
				}
			}
			d.blocks = append(d.blocks, held{&s.Route, captures})
		case d.route == nil && s.All || d.route != nil && covers(s, d.route):
			d.blocks = append(d.blocks, held{&s.Route, nil})
		}
	}
	d.entered = true
	return failed
}

// home goes back to the captures of the route, which came first.
func (d *decision) home() { d.captures = d.blocks[0].captures }

func covers(s *resolve.Scope, r *resolve.Route) bool {
	for _, o := range s.On {
		if o.Name == r.Name { // tests have routes of their own, with more keys
			return true
		}
	}
	return false
}

// fits tries the match lines of a scope in their order; the first that takes
// the request binds the captures.
func (d *decision) fits(s *resolve.Scope) (map[string]string, bool) {
	for _, m := range s.Matches {
		one := s.Route
		one.Matches = []*resolve.Match{m}
		for _, group := range groups(entriesFor([]*resolve.Route{&one}, d.host, pathOf(d.sent.Path))) {
			for _, e := range group {
				if takes(e.match, d.method) {
					return e.captures, true
				}
			}
		}
	}
	return nil, false
}

// stray lets the scopes answer a request that no route has taken, before the
// answer that it gets for that. What the route whose condition was tried last
// has bound means nothing any more.
func (d *decision) stray(a *answer) *answer {
	d.tried, d.captures, d.lets = nil, nil, nil
	for _, step := range []func() *answer{d.enter, func() *answer { return d.deny(false) }, func() *answer { return d.limit(false) }, d.allow} {
		if refused := step(); refused != nil {
			return refused
		}
	}
	return a
}

// unrouted are the blocks of an answer that is given before any is looked for.
func (d *decision) unrouted() {
	d.early, d.unread = true, true
	for _, s := range d.bundle.Scopes {
		if s.All {
			d.blocks = append(d.blocks, held{&s.Route, nil})
		}
	}
}
