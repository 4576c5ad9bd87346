// Package runtime carries the source of everything that a compiled library
// links, so that moec can build one anywhere without a checkout of itself and
// without the network. It holds no code of its own.
package runtime

import "embed"

// Source is the tree of runtime packages, tests included; the builder leaves
// those out.
//
//go:embed core eval files authn limit route obs host
var Source embed.FS
