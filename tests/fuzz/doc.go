// Package fuzz throws arbitrary text at the compiler's stages as a whole: none
// may panic, hang or take memory without bound, and what is refused gets a
// reason. It knows the compiler as a function from files to messages, and the
// renderers as functions from messages to text.
package fuzz
