// Package differential holds the interpreter against generated code on random
// well-typed policies and random requests. What the two decide must be equal,
// header by header; nobody says beforehand what it is.
//
// It knows the language as text. It must not know how either executor decides.
package differential
