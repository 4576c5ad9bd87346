package account

import "moec.dev/moec/compiler/interp"

// sharing tells of the answer to a browser that asks before it sends.
func (t *teller) sharing(route string, c *interp.CORS) {
	s := t.add("cors", placeOf(t.Bundle+".cors", c.Rule.Span), "the page may send it")
	s.Route = route
	t.seen[c.Rule.Span] = true
	if c.Why != "" {
		s.Result = "refused: " + c.Why
	}
}
