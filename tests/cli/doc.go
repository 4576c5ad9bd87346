// Package cli holds the tests of the command line: one script a matter in
// testdata, run by testscript with the command inside the test's own binary.
// Their names begin with the verb.
//
// It must not know how a command does its work: what is typed, printed, written
// and returned is all that counts here.
package cli
