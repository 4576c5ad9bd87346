package interp

import (
	"strconv"

	"moec.dev/moec/compiler/resolve"
)

// declared refuses a request that says itself that its body is larger than it may
// be, on a route or, with nil, on none.
func (d *decision) declared(r *resolve.Route) *answer {
	for _, text := range valuesOf(d.sent.Headers, "content-length") {
		n, err := strconv.ParseUint(text, 10, 63)
		if err == nil || isNumber(text) {
			if a := d.tooLarge(r, n, err != nil); a != nil {
				return a
			}
		}
	}
	return nil
}

// isNumber reports whether a text has nothing but digits.
func isNumber(text string) bool {
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return text != ""
}

// arrived refuses a request of which more has come than may, whatever it said.
// Its headers have gone on by then.
func (d *decision) arrived(r *resolve.Route) *answer {
	return d.tooLarge(r, uint64(len(d.sent.Body)), false)
}

func (d *decision) tooLarge(r *resolve.Route, n uint64, beyond bool) *answer {
	bound := d.bundle.BoundOf(r)
	if bound < 0 || !beyond && n <= uint64(bound) {
		return nil
	}
	return refusal(413, d.bundle.Name+".body")
}
