package interp

import "moec.dev/moec/compiler/resolve"

// blocks are what holds rules for the request: its route and the scopes over
// it, or where no route was chosen the scopes over everything.
func (d *decision) blocks() []*resolve.Route {
	var all []*resolve.Route
	if d.route != nil {
		all = append(all, d.route)
		for _, s := range d.route.Scopes {
			all = append(all, &s.Route)
		}
		return all
	}
	for _, s := range d.bundle.Scopes {
		if s.All {
			all = append(all, &s.Route)
		}
	}
	return all
}

// stray lets the scopes over everything answer a request that no route has
// taken, before the answer that it gets for that. What the route whose
// condition was tried last has bound means nothing any more.
func (d *decision) stray(a *answer) *answer {
	d.tried, d.captures, d.lets = nil, nil, nil
	if refused := d.deny(false); refused != nil {
		return refused
	}
	if refused := d.allow(); refused != nil {
		return refused
	}
	return a
}
