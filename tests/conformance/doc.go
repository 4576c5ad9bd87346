// Package conformance holds compiled expressions against cel-go on the cases
// of CEL's official conformance suite, and writes down what came of it
// (docs/conformance.md).
//
// Which cases are run is computed from the cases: it must not know one of them
// by name, nor how an expression is compiled.
package conformance
