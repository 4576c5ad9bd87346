package account

import "moec.dev/moec/compiler/interp"

// sharing tells of the answer to a browser that asks before it sends, and of
// whose pages may read an answer.
func (t *teller) sharing(route string, c *interp.CORS) {
	result := "the page may send it"
	switch {
	case c.Asks && c.Why != "":
		result = "refused: " + c.Why
	case !c.Asks && c.Why != "":
		result = "no page may read the answer: " + c.Why
	case !c.Asks:
		result = "pages of the origin may read the answer"
	}
	t.add("cors", placeOf(t.Bundle+".cors", c.Rule.Span), "%s", result).Route = route
	t.seen[c.Rule.Span] = true
}
