package account

import (
	"moec.dev/moec/compiler/interp"
)

// limit adds what a limit said to the step in which its key was found.
func (t *teller) limit(route string, l *interp.Limit) {
	t.item = nil
	for i := len(t.Steps) - 1; i >= 0; i-- {
		if s := t.Steps[i]; s.Kind == "limit" && s.Place != nil && s.Name == l.Rule.Name {
			s.Result = l.Result
			return
		}
	}
	t.seen[l.Rule.Span] = true
	t.add("limit", placeOf(l.Rule.Name, l.Rule.Span), "%s", l.Result).Route = route
}
