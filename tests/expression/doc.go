// Package expression holds compiled expressions against cel-go on random
// well-typed ones with random values: every function of the language, every
// type. What differs is shrunk and kept under testdata, which always runs.
//
// It knows the language as text and as types. It must not know how either side
// evaluates.
package expression
