package arch

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// undocumented finds packages none of whose files says what the package is for.
func undocumented(files []file) []string {
	names, said := map[string]string{}, map[string]bool{}
	for _, f := range files {
		if f.tree == nil {
			continue
		}
		folder := f.folder()
		name := strings.TrimSuffix(f.tree.Name.Name, "_test")
		names[folder] = name
		if f.tree.Doc == nil {
			continue
		}
		text := f.tree.Doc.Text()
		said[folder] = said[folder] || strings.HasPrefix(text, "Package "+name+" ") || name == "main" && strings.HasPrefix(text, "Command ")
	}
	var out []string
	for folder, name := range names {
		if !said[folder] {
			out = append(out, fmt.Sprintf("package %s in %s has no comment that begins with Package %s and says what it is for", name, folder, name))
		}
	}
	slices.Sort(out)
	return out
}

func TestPackageComments(t *testing.T) { report(t, undocumented(tree(t))) }

func TestPackageCommentsNotices(t *testing.T) {
	caught(t, undocumented([]file{
		parsed(t, "a/a.go", "// Package a is for tests.\npackage a"),
		parsed(t, "b/b.go", "package b"),
		parsed(t, "c/c.go", "// Package other is not c.\npackage c"),
		parsed(t, "d/main.go", "// Command d is for tests.\npackage main"),
		parsed(t, "e/e_test.go", "// Package e is for tests.\npackage e"),
		parsed(t, "e/f.go", "package e"),
	}), 2)
}

// maxSize is what a file of code may have, in bytes: what is larger holds more
// than one thing.
const maxSize = 25 << 10

// large are the files that may be larger, with the reason.
var large = map[string]string{}

func tooLarge(files []file, large map[string]string) []string {
	var out []string
	seen := map[string]bool{}
	for _, f := range files {
		i := strings.LastIndexByte(f.path, '.')
		if i < 0 || !slices.Contains([]string{".go", ".c", ".h"}, f.path[i:]) || len(f.text) <= maxSize {
			continue
		}
		seen[f.path] = true
		if large[f.path] == "" {
			out = append(out, fmt.Sprintf("%s has %d bytes: split it, or say here why it is large", f.path, len(f.text)))
		}
	}
	for path := range large {
		if !seen[path] {
			out = append(out, path+" is said to be large and is not")
		}
	}
	return out
}

func TestSizes(t *testing.T) { report(t, tooLarge(tree(t), large)) }

func TestSizesNotices(t *testing.T) {
	long := strings.Repeat("\n", maxSize+1)
	caught(t, tooLarge([]file{{path: "a.c", text: long}, {path: "b.h", text: long}, {path: "c.md", text: long}, {path: "d.go"}},
		map[string]string{"b.h": "it is a table", "d.go": "it is not"}), 2)
}

var vague = []string{"util", "utils", "common", "helper", "helpers", "manager", "managers", "misc", "shared", "base", "lib"}

// badNames finds packages whose names say nothing, and whose folders are
// called otherwise.
func badNames(files []file) []string {
	var out []string
	for _, f := range files {
		if f.tree == nil {
			continue
		}
		name := strings.TrimSuffix(f.tree.Name.Name, "_test")
		folder := f.folder()[strings.LastIndexByte(f.folder(), '/')+1:]
		switch {
		case slices.Contains(vague, name) || slices.Contains(vague, folder):
			out = append(out, fmt.Sprintf("%s: a package called %s holds anything", f.path, name))
		case name != "main" && name != folder:
			out = append(out, fmt.Sprintf("%s: package %s lies in a folder called %s", f.path, name, folder))
		}
	}
	return out
}

func TestNames(t *testing.T) { report(t, badNames(tree(t))) }

func TestNamesNotices(t *testing.T) {
	caught(t, badNames([]file{
		parsed(t, "dsl/util/a.go", "package util"),
		parsed(t, "dsl/ast/a.go", "package tree"),
		parsed(t, "dsl/ast/a_test.go", "package ast_test"),
		parsed(t, "cmd/moec/main.go", "package main"),
	}), 2)
}

// modules are the direct requirements of the project.
var modules = []string{"cel.dev/cel-go", "cel.dev/expr", "github.com/alecthomas/participle/v2", "github.com/dave/jennifer", "github.com/google/go-cmp",
	"github.com/rogpeppe/go-internal", "github.com/spf13/cobra", "go.yaml.in/yaml/v3", "golang.org/x/net", "google.golang.org/grpc", "google.golang.org/protobuf", "pgregory.net/rapid"}

var requirement = regexp.MustCompile(`(?m)^\s*(?:require\s+)?([a-z0-9.-]+\.[a-z]+/\S+) v\S+(.*)$`)

// badModule finds what a go.mod of this project must not say.
func badModule(text string) []string {
	var out []string
	if regexp.MustCompile(`(?m)^\s*replace\b`).MatchString(text) {
		out = append(out, "go.mod replaces a module: what is built here could not be built elsewhere")
	}
	if regexp.MustCompile(`(?m)^toolchain\b`).MatchString(text) {
		out = append(out, "go.mod names a toolchain: it would be fetched, and go 1.25 says what is needed")
	}
	if !regexp.MustCompile(`(?m)^go 1\.25(\.0)?$`).MatchString(text) {
		out = append(out, "go.mod asks for another Go than 1.25, which the documentation promises")
	}
	for _, m := range requirement.FindAllStringSubmatch(text, -1) {
		if !strings.Contains(m[2], "// indirect") && !slices.Contains(modules, m[1]) {
			out = append(out, "go.mod requires "+m[1]+", which is not among the modules that this project builds on")
		}
	}
	return out
}

func TestModule(t *testing.T) {
	for _, f := range tree(t) {
		if f.path == "go.mod" {
			report(t, badModule(f.text))
		} else if strings.HasSuffix(f.path, "/go.mod") {
			t.Errorf("%s: the project is one module", f.path)
		}
	}
}

func TestModuleNotices(t *testing.T) {
	caught(t, badModule("module m\n\ngo 1.25.0\n\nrequire (\n\tcel.dev/cel-go v0.33.2\n\tcel.dev/expr v0.25.1 // indirect\n)\n"), 0)
	caught(t, badModule("module m\n\ngo 1.26\n\ntoolchain go1.26.8\n\nrequire example.com/fast v1.0.0\n\nreplace example.com/a => ../a\n"), 4)
}

// places are texts that bind the project to one machine or one network, put
// together here so that this file does not hold them.
var places = func() []string {
	var out []string
	for _, p := range []string{"/wo~rk/", "/ro~ot/", "/ho~me/", "/Us~ers/", "proxy.gol~ang.org", "sum.gol~ang.org", "go~proxy.io", "go~proxy.cn",
		"py~pi.org", "files.python~hosted.org", "deb.deb~ian.org"} {
		out = append(out, strings.Replace(p, "~", "", 1))
	}
	return out
}()

// absolute finds a place in a text, but not as the end of another path.
func absolute(text, place string) int {
	for from := 0; ; {
		i := strings.Index(text[from:], place)
		if i < 0 {
			return -1
		}
		i += from
		if place[0] != '/' || i == 0 || !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.})", rune(text[i-1])) {
			return i
		}
		from = i + 1
	}
}

// bound finds files that name a place of one machine, or a registry's host.
func bound(files []file) []string {
	var out []string
	for _, f := range files {
		if !utf8.ValidString(f.text) || strings.Contains(f.text, "\x00") {
			continue // no text
		}
		for _, p := range places {
			if i := absolute(f.text, p); i >= 0 {
				out = append(out, fmt.Sprintf("%s:%d names %s: it is of one machine or network", f.path, 1+strings.Count(f.text[:i], "\n"), p))
			}
		}
	}
	return out
}

func TestPlaces(t *testing.T) { report(t, bound(tree(t))) }

func TestPlacesNotices(t *testing.T) {
	caught(t, bound([]file{{path: "a", text: "cd " + places[0] + "x"}, {path: "b", text: "https://" + places[4]}, {path: "c", text: "a text\n$W" + places[0] + "x"}}), 2)
}
