// Package envoy holds the tests that need a real Envoy: every supported
// version loads the same library and must answer as the other executors do.
//
// Reusable parts are in package harness; nothing imports this package.
package envoy
