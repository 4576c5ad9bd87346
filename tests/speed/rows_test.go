package main

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"moec.dev/moec/tests/speed/contest"
)

// embedded are the rows of the file.
func embedded(t *testing.T) []row {
	t.Helper()
	folder, err := fs.Sub(expressions, folder)
	if err != nil {
		t.Fatal(err)
	}
	rows, _, err := compile(folder)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

var where = regexp.MustCompile(`^(https://\S+|[\w.-]+/[\w.-]+ [\w./-]+)$`)

func TestRows(t *testing.T) {
	rows := embedded(t)
	free := 0
	for _, r := range rows {
		if !where.MatchString(r.like) {
			t.Errorf("let %s: %q is neither a page nor a repository and a file", r.name, r.like)
		}
		if matches := strings.Contains(r.text, ".matches("); matches != r.bound() {
			t.Errorf("let %s of group %s: it uses a regular expression: %v", r.name, r.group, matches)
		}
		if !r.bound() {
			free++
		}
	}
	if free < 44 {
		t.Errorf("only %d rows are not bound by a regular expression", free)
	}
	if contest.Inputs < 64 {
		t.Errorf("only %d inputs a row", contest.Inputs)
	}
}

// Both sides of every row give the same for every input. The program itself
// holds the inputs to have both outcomes.
func TestSidesAgree(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a program")
	}
	rows, binary, err := build(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	results, err := run(binary)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		res, ok := results[r.name]
		if !ok {
			t.Errorf("let %s was not compared", r.name)
		} else if res.True >= 0 && (res.True < 0.1 || res.True > 0.9) {
			t.Errorf("let %s is true for %.0f of 100 inputs", r.name, 100*res.True)
		}
	}
}
