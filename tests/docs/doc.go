// Package docs holds the documentation to what is built: every policy in a
// fence is compiled, and run where it has tests; what is said to be refused is
// tried; tables are compared with the data that they show; links and commands
// must exist.
//
// What a fence promises stands in its first line, after the word moe:
//
//	check           a bundle that compiles without a message
//	test            the same, and its test blocks pass
//	error M0401     exactly that error; warning M0501 likewise
//	rules           before one of these: the text is rules of one route
//	conditions      each line is an expression that a deny can take
//	failing         the same, but for being refused without on error
//	refused KIND    each line gives exactly the error in its comment
//	from FILE       the text stands in that file
//
// A fence of text of COMMAND is what that command prints, from the root; a line
// of three dots stands for any lines.
//
// It must not know how the compiler does any of it.
package docs
