// Package stdlib holds the modules that ship with the compiler, std/NAME, as
// text: policies written in the language itself. It knows nothing of how they
// are read.
package stdlib

import "embed"

// Files has NAME.moe for each module std/NAME.
//
//go:embed *.moe
var Files embed.FS
