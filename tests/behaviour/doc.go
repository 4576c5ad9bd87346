// Package behaviour holds the corpus: one txtar file a case, with a policy, its
// data and test blocks whose expectations are written by hand. Every case runs
// through every executor: the reference interpreter beside the compiled
// program, the C test host over the library, and real Envoys.
// With -short only the first two play, with -behaviour.only=PATTERN only the cases
// of those names.
//
// It knows what a policy must do. It must not know how any executor does it,
// and it never writes an expectation.
package behaviour
