package diag

import (
	"embed"
	"strings"
)

//go:embed pages/*.md
var pages embed.FS

// Explain returns the page of a code such as M0301: what it means, why it is
// so, a policy that triggers it and how to put it right. ok is false when there
// is no such code.
func Explain(id string) (page string, ok bool) {
	id = strings.ToUpper(strings.TrimSpace(id))
	for _, c := range All() {
		if c.ID == id {
			text, err := pages.ReadFile("pages/" + id + ".md")
			return string(text), err == nil
		}
	}
	return "", false
}
