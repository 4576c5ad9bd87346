package eval

import "time"

// Zone is a time zone that the compiler has found to be one. Where it cannot be
// had after all it is nil, and every use of it ends its request.
func Zone(name string) *time.Location {
	zone, err := ParseZone(name)
	if err != None {
		return nil
	}
	return zone
}
