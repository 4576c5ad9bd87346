package docs

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	link      = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading   = regexp.MustCompile(`(?m)^#+ (.*)$`)
	inlineDoc = regexp.MustCompile("`[^`\n]*`")
)

// anchors are the names that headings of a document can be linked by.
func anchors(text string) map[string]bool {
	out := map[string]bool{}
	for _, h := range heading.FindAllStringSubmatch(prose(text), -1) {
		a := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-', r == '_', r >= 'a' && r <= 'z', r >= '0' && r <= '9':
				return r
			}
			return -1
		}, strings.ToLower(h[1]))
		out[a] = true
	}
	return out
}

// prose is a text without its fenced blocks.
func prose(text string) string {
	var b strings.Builder
	inside := false
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "```") {
			inside = !inside
			continue
		}
		if !inside {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

// broken returns the relative links of a document that lead nowhere. exists
// reports whether a path of the project does; docs has the other documents.
func broken(name, text string, docs map[string]string, exists func(string) bool) []error {
	var out []error
	for _, m := range link.FindAllStringSubmatch(inlineDoc.ReplaceAllString(prose(text), ""), -1) {
		target := m[1]
		if strings.Contains(target, "://") {
			continue
		}
		file, anchor, _ := strings.Cut(target, "#")
		to := name
		if file != "" {
			to = path.Join(path.Dir(name), file)
		}
		if !exists(to) {
			out = append(out, fmt.Errorf("%s links to %s, which does not exist", name, target))
		} else if anchor != "" && !anchors(docs[to])[anchor] {
			out = append(out, fmt.Errorf("%s links to %s: there is no such heading", name, target))
		}
	}
	return out
}

func TestLinks(t *testing.T) {
	docs := documents(t)
	for name, text := range docs {
		for _, err := range broken(name, text, docs, func(p string) bool {
			_, err := os.Stat(filepath.Join(root, filepath.FromSlash(p)))
			return err == nil
		}) {
			t.Error(err)
		}
	}
}

func TestBrokenLinks(t *testing.T) {
	docs := map[string]string{"docs/a.md": "# Here it is\n[x](b.md) [y](#here-it-is) [z](#nowhere) [u](../gone.md) [v](https://example.com)\n```\n[w](never)\n```\n`[q](neither)`\n"}
	got := broken("docs/a.md", docs["docs/a.md"], docs, func(p string) bool { return p == "docs/a.md" })
	if len(got) != 3 {
		t.Errorf("%v", got)
	}
}
