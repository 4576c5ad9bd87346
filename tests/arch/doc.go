// Package arch holds the shape of the project: which package may import which,
// what the runtime must not use, how large files may grow. Each rule is data
// with its reason, checked by a function that has a test of its own, so that a
// rule which cannot fail does not go unseen.
//
// It reads source text only, and knows nothing of what any of it does.
package arch
