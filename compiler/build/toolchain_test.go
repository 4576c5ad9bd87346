package build

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestFindToolchain(t *testing.T) {
	const good = "echo go version go1.25.3 linux/amd64"
	for _, c := range []struct {
		name    string
		scripts map[string]string // on PATH
		cc      string            // CC
		tool    string            // that is missing, "" for none
		problem string
	}{
		{"nothing there", nil, "", "go", "not on PATH"},
		{"Go too old", map[string]string{"go": "echo go version go1.24.9 linux/amd64", "gcc": "echo gcc"}, "", "go", "go1.24.9 is too old; 1.25 or newer"},
		{"Go very old", map[string]string{"go": "echo go version go1.4 linux/amd64", "gcc": "echo gcc"}, "", "go", "too old"},
		{"Go broken", map[string]string{"go": "exit 3"}, "", "go", "does not run: exit status 3"},
		{"no Go at all", map[string]string{"go": "echo hello"}, "", "go", `says "hello"`},
		{"Go newest", map[string]string{"go": "echo go version devel go1.27-abcdef linux/amd64", "gcc": "echo gcc 12"}, "", "", "go1.27-abcdef"},
		{"Go 2", map[string]string{"go": "echo go version go2.0 linux/amd64", "gcc": "echo gcc 12"}, "", "", "go2.0"},
		{"no C compiler", map[string]string{"go": good}, "", "cc", "no C compiler (gcc, cc or clang)"},
		{"gcc", map[string]string{"go": good, "gcc": "echo gcc 12; echo more", "clang": "echo clang"}, "", "", "gcc 12"},
		{"clang alone", map[string]string{"go": good, "clang": "echo clang 15"}, "", "", "clang 15"},
		{"CC", map[string]string{"go": good, "gcc": "echo gcc", "mycc": "echo mine 1"}, "mycc", "", "mine 1"},
		{"CC that is not there", map[string]string{"go": good, "gcc": "echo gcc"}, "nonesuch", "nonesuch", "that CC names is not on PATH"},
		{"C compiler that is none", map[string]string{"go": good, "mycc": "exit 0"}, "mycc", "mycc", "is no C compiler"},
		{"C compiler that knows --version only", map[string]string{"go": good, "gcc": `[ "$1" = --version ] && echo mine 1`}, "", "gcc", "is no C compiler"},
		{"C compiler that repeats", map[string]string{"go": good, "mycc": `echo "$1"`}, "mycc", "mycc", "is no C compiler"},
		{"C compiler broken", map[string]string{"go": good, "gcc": "exit 1"}, "", "gcc", "does not run"},
	} {
		t.Run(c.name, func(t *testing.T) {
			onPath(t, c.scripts)
			t.Setenv("CC", c.cc)
			tc, err := FindToolchain(context.Background(), true)
			var missing *MissingTool
			switch {
			case c.tool == "" && err != nil:
				t.Fatal(err)
			case c.tool == "":
				if tc.GoVersion != c.problem && tc.CCVersion != c.problem {
					t.Errorf("%+v", tc)
				}
			case !errors.As(err, &missing):
				t.Fatalf("%v", err)
			case missing.Tool != c.tool || !strings.Contains(missing.Problem, c.problem) || missing.Help == "":
				t.Errorf("%+v", missing)
			}
		})
	}
}

// A program for tests needs no C compiler.
func TestFindToolchainWithoutC(t *testing.T) {
	onPath(t, map[string]string{"go": "echo go version go1.25.0 linux/amd64"})
	tc, err := FindToolchain(context.Background(), false)
	if err != nil || tc.CC != "" || tc.CCVersion != "" {
		t.Errorf("%+v, %v", tc, err)
	}
	for _, v := range environment(tc) {
		if strings.HasPrefix(v, "CC=") || v == "CGO_ENABLED=1" {
			t.Errorf("%s", v)
		}
	}
}
