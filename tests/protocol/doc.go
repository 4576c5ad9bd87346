// Package protocol holds the tests of what HTTP does besides a request and its
// answer, on real Envoys: gRPC, upgrades, streams by the hundred, trailers,
// large bodies, resets at every moment, panics, and a long mixed run that must
// leave nothing behind.
//
// The mixed run is short by default; a million requests, some three minutes, are
//
//	go test ./tests/protocol -run TestNothingIsLeft -v -timeout 20m -args -requests=1000000
//
// It knows Envoy's configuration, statistics and wire; of policies it knows
// those in testdata. Nothing imports it.
package protocol
