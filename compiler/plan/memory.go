package plan

import (
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/ir"
)

// What the library takes beside its own code, in bytes.
//
// INVARIANT: these are the runtime's; a test compares them.
const (
	arenaBytes    = 128 << 10
	capturedBytes = 5 << 10
)

// Memory is what a bundle holds while it runs. Nothing of it grows with the
// number of requests that have been decided.
type Memory struct {
	// Arena is what a decision has of its thread's stack, while it lasts, for
	// strings that it builds; Captured what a stream may keep until its answer.
	Arena    int `json:"arenaBytesADecision"`
	Captured int `json:"capturedBytesAStream"`
	// Keys is how many keys are compiled in, KeyBytes what they and the
	// identities behind them take.
	Keys     int `json:"keys"`
	KeyBytes int `json:"keyBytes"`
	// Limits are the buckets of each limit, all of them reserved at the start.
	Limits []Buckets `json:"limits,omitempty"`
}

// Buckets is what one limit holds.
type Buckets struct {
	Name  string `json:"name"`
	Keys  int    `json:"keys"` // that have a bucket of their own
	Bytes int    `json:"bytes"`
	// Announced says that answers tell clients how the limit stands.
	Announced bool `json:"announced,omitempty"`
}

func memory(b *check.Bundle, code *ir.Bundle) Memory {
	m := Memory{Arena: arenaBytes}
	if code.Outlives() {
		m.Captured = capturedBytes
	}
	for _, a := range b.Auths {
		for _, k := range a.Keys {
			m.Keys++
			m.KeyBytes += len(k.Digest) + len(k.Subject)
			for _, g := range k.Groups {
				m.KeyBytes += len(g)
			}
			for _, c := range k.Claims {
				m.KeyBytes += claimBytes(c)
			}
		}
	}
	for _, l := range b.Limits {
		m.Limits = append(m.Limits, Buckets{l.FullName, l.Keys, l.Memory(), l.Announce})
	}
	return m
}

func claimBytes(c any) int {
	switch c := c.(type) {
	case nil:
		return 0
	case string:
		return len(c)
	case []string:
		n := 0
		for _, s := range c {
			n += len(s)
		}
		return n
	}
	return 8
}
