package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// root is the project's folder as seen from this package.
const root = "../.."

// fence is one fenced block of a Markdown file.
type fence struct {
	file  string
	line  int // of the opening fence, from 1
	words []string
	text  string
}

func (f fence) String() string { return fmt.Sprintf("%s:%d", f.file, f.line) }

// fences returns the fenced blocks of a text. A fence that is never closed is an
// error: everything after it would be code and never read.
func fences(file, text string) ([]fence, error) {
	var out []fence
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		info, ok := strings.CutPrefix(lines[i], "```")
		if !ok {
			continue
		}
		f := fence{file: file, line: i + 1, words: strings.Fields(info)}
		start := i + 1
		for i++; i < len(lines) && lines[i] != "```"; i++ {
		}
		if i == len(lines) {
			return nil, fmt.Errorf("%s: the fence is never closed", f)
		}
		f.text = strings.Join(lines[start:i], "\n") + "\n"
		out = append(out, f)
	}
	return out, nil
}

// documents are the Markdown files of the project, by their path in it.
func documents(t *testing.T) map[string]string {
	t.Helper()
	docs := map[string]string{}
	for _, pattern := range []string{"*.md", "docs/*.md", "policies/*.md", "policies/*/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range found {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			rel, err := filepath.Rel(root, name)
			if err != nil {
				t.Fatal(err)
			}
			docs[filepath.ToSlash(rel)] = string(text)
		}
	}
	for _, must := range []string{"README.md", "ARCHITECTURE.md", "CHANGELOG.md", "docs/language.md", "docs/operations.md", "docs/errors.md"} {
		if docs[must] == "" {
			t.Errorf("%s is missing", must)
		}
	}
	return docs
}

// allFences are the fences of all documents whose first word is the given one.
func allFences(t *testing.T, first string) []fence {
	t.Helper()
	var out []fence
	for name, text := range documents(t) {
		fs, err := fences(name, text)
		if err != nil {
			t.Error(err)
		}
		for _, f := range fs {
			if len(f.words) > 0 && f.words[0] == first {
				out = append(out, f)
			}
		}
	}
	return out
}

func TestFences(t *testing.T) {
	fs, err := fences("x.md", "a\n```moe check\nroute\n```\n```\nplain\n```\n")
	if err != nil || len(fs) != 2 || fs[0].text != "route\n" || fs[0].line != 2 || fs[0].words[1] != "check" || len(fs[1].words) != 0 {
		t.Errorf("%v %v", fs, err)
	}
	if _, err := fences("x.md", "```moe\nnever closed\n"); err == nil {
		t.Error("a fence that is never closed is accepted")
	}
}
