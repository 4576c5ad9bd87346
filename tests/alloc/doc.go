// Package alloc asserts that deciding allocates nothing: it lays out the module
// of every example bundle, puts a Go test beside the generated code that feeds
// it the requests of the bundle's own test blocks, and runs that test.
//
// It knows core's frame. It must not know how a bundle is compiled.
package alloc
