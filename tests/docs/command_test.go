package docs

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"moec.dev/moec/cmd/moec/command"
	"moec.dev/moec/compiler/envoyconf"
)

// help is what moec prints about a verb; an error if there is no such verb.
func help(verb string) (string, error) {
	var out, errs bytes.Buffer
	code := command.Main(context.Background(), command.Env{Args: []string{verb, "--help"}, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs})
	if code != 0 || !strings.Contains(out.String(), "moec "+verb) {
		return "", fmt.Errorf("moec has no command %s", verb)
	}
	return out.String(), nil
}

var flagWord = regexp.MustCompile(`^--?[a-z][a-z-]*`)

// checkCommand says what is wrong with a command line of the documentation:
// moec's verbs and flags and make's targets must exist.
func checkCommand(line, makefile string) error {
	words := strings.Fields(line)
	if len(words) < 2 {
		return nil
	}
	switch strings.TrimPrefix(words[0], "bin/") {
	case "make":
		if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(words[1]) + `:`).MatchString(makefile) {
			return fmt.Errorf("make has no target %s", words[1])
		}
	case "moec":
		if strings.ToUpper(words[1]) == words[1] || strings.HasPrefix(words[1], "-") {
			return nil
		}
		text, err := help(words[1])
		if err != nil {
			return err
		}
		for _, w := range words[2:] {
			if f := flagWord.FindString(w); f != "" && !regexp.MustCompile(`(?m)^ .*`+f+`\b`).MatchString(text) {
				return fmt.Errorf("moec %s has no flag %s", words[1], f)
			}
		}
	}
	return nil
}

var span = regexp.MustCompile("`((?:bin/)?moec [a-z][^`]*|make [a-z]+)`")

// commands are the command lines in a document: those of sh fences and those
// between backquotes.
func commands(file, text string) ([]string, error) {
	fs, err := fences(file, text)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, f := range fs {
		if len(f.words) > 0 && f.words[0] == "sh" {
			out = append(out, strings.Split(strings.TrimSpace(f.text), "\n")...)
		}
	}
	for _, m := range span.FindAllStringSubmatch(prose(text), -1) {
		out = append(out, m[1])
	}
	return out, nil
}

func TestCommands(t *testing.T) {
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for name, text := range documents(t) {
		lines, err := commands(name, text)
		if err != nil {
			t.Error(err)
		}
		for _, line := range lines {
			n++
			if err := checkCommand(line, string(makefile)); err != nil {
				t.Errorf("%s: %s: %v", name, line, err)
			}
		}
	}
	if n < 10 {
		t.Errorf("only %d commands were found", n)
	}
}

func TestCheckCommand(t *testing.T) {
	for _, line := range []string{"make love", "bin/moec dance policies/shop", "moec compile policies/shop --slowly"} {
		if checkCommand(line, "test:\n") == nil {
			t.Errorf("%s is accepted", line)
		}
	}
	for _, line := range []string{"make test", "bin/moec compile policies/shop -o shop.so", "envoy -c envoy.yaml"} {
		if err := checkCommand(line, "test:\n"); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}

var setting = regexp.MustCompile(`\bMOEC_[A-Z_]+\b`)

// Environment variables that the documentation names are read somewhere, and
// those that are read outside of tests are named.
func TestSettings(t *testing.T) {
	documented, read := map[string]bool{}, map[string]bool{}
	for _, text := range documents(t) {
		for _, v := range setting.FindAllString(text, -1) {
			documented[v] = true
		}
	}
	for _, folder := range []string{"cmd", "compiler", "runtime"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			for _, m := range regexp.MustCompile(`(?i:getenv|lookupenv)\("(MOEC_[A-Z_]+)"\)`).FindAllSubmatch(text, -1) {
				read[string(m[1])] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for v := range documented {
		if !read[v] {
			t.Errorf("%s is documented and never read", v)
		}
	}
	for v := range read {
		if !documented[v] {
			t.Errorf("%s is read and not documented", v)
		}
	}
	if len(read) == 0 {
		t.Error("no setting was found: is the pattern of this test out of date?")
	}
}

// Snippets of Envoy configuration stand in what moec config writes.
func TestSnippets(t *testing.T) {
	written, err := envoyconf.Write(envoyconf.Config{Bundle: "shop", Library: "/opt/moec/shop.so",
		Listen: envoyconf.HostPort{Host: "127.0.0.1", Port: 10000}})
	if err != nil {
		t.Fatal(err)
	}
	found := allFences(t, "yaml")
	if len(found) < 3 {
		t.Errorf("only %d snippets were found", len(found))
	}
	for _, f := range found {
		if len(f.words) != 2 || f.words[1] != "bootstrap" {
			t.Errorf("%s: a yaml fence says bootstrap, so that it can be held against one", f)
			continue
		}
		if line := foreign(f.text, string(written)); line != "" {
			t.Errorf("%s: moec config does not write %q there:\n%s", f, line, written)
		}
	}
}

// foreign returns the first line of a snippet that does not follow the lines
// before it in a configuration; comments and indentation do not count.
func foreign(snippet, whole string) string {
	i := 0
	lines := strings.Split(whole, "\n")
	for _, line := range strings.Split(strings.TrimSpace(snippet), "\n") {
		for ; i < len(lines) && strings.TrimSpace(lines[i]) != strings.TrimSpace(line); i++ {
		}
		if i == len(lines) {
			return line
		}
		i++
	}
	return ""
}

func TestForeign(t *testing.T) {
	if foreign("a:\n  c: 1\n", "  a:\n    # why\n    b: 0\n    c: 1\n") != "" || foreign("c: 1\na:\n", "a:\nc: 1\n") == "" {
		t.Error("order or comments are misjudged")
	}
}

// Pieces of the example bundles that the documentation shows are what is in
// them.
func TestPieces(t *testing.T) {
	n := 0
	for _, f := range allFences(t, "moe") {
		if len(f.words) != 3 || f.words[1] != "from" {
			continue
		}
		n++
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(f.words[2])))
		if err != nil {
			t.Error(err)
		} else if !strings.Contains(string(text), f.text) {
			t.Errorf("%s is not in %s any more", f, f.words[2])
		}
	}
	if n < 4 {
		t.Errorf("only %d pieces were found", n)
	}
}
