package docs

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
)

var update = flag.Bool("update", false, "write the tables that are made from data into the documentation")

// section is the text between two marks of a document, each on a line of its own.
type section struct {
	file, begin, end string
	want             string
}

// held compares a section with what it must be, and with -update makes it so.
func (s section) held() error {
	name := filepath.Join(root, s.file)
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(text), s.begin)
	line, body, found := strings.Cut(rest, "\n")
	got, after, closed := strings.Cut(body, s.end)
	switch {
	case !ok || !found || !closed:
		return fmt.Errorf("%s has no %q ... %q", s.file, s.begin, s.end)
	case got == s.want:
		return nil
	case *update:
		return os.WriteFile(name, []byte(before+s.begin+line+"\n"+s.want+s.end+after), 0o644)
	}
	return fmt.Errorf("%s: the table is not made from the data any more; write it with -update. Want:\n%s", s.file, s.want)
}

// attributeTable is the schema of attributes for readers.
func attributeTable() string {
	who := map[types.Trust]string{types.Envoy: "Envoy", types.Client: "the client", types.Policy: "the policy"}
	var b strings.Builder
	b.WriteString("| name | type | who chose it | |\n|---|---|---|---|\n")
	for _, a := range types.Attributes {
		var remarks []string
		if a.Phase == types.Response {
			remarks = append(remarks, "response rules only")
		}
		if a.Since != "" {
			remarks = append(remarks, "raises the oldest Envoy to "+a.Since)
		}
		if a.Later != "" {
			remarks = append(remarks, "not supported yet")
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", a.Name, a.Type, who[a.Trust], strings.Join(remarks, "; "))
	}
	return b.String()
}

func TestAttributes(t *testing.T) {
	s := section{"docs/language.md", "<!-- attributes:", "<!-- end of attributes -->", attributeTable()}
	if err := s.held(); err != nil {
		t.Error(err)
	}
}

// codeTable is the index of all codes.
func codeTable() string {
	var b strings.Builder
	b.WriteString("| code | | says |\n|---|---|---|\n")
	for _, c := range diag.All() {
		fmt.Fprintf(&b, "| %s | %s | [%s](../dsl/diag/pages/%s.md) |\n", c.ID, c.Severity, c.Title, c.ID)
	}
	return b.String()
}

func TestCodes(t *testing.T) {
	s := section{"docs/errors.md", "<!-- codes:", "<!-- end of codes -->", codeTable()}
	if err := s.held(); err != nil {
		t.Error(err)
	}
}

func TestSectionNotices(t *testing.T) {
	const rel = "docs/errors.md" // any document with marks of its own
	want := codeTable()
	defer func(u bool) { *update = u }(*update)
	*update = false
	if err := (section{rel, "<!-- codes:", "<!-- end of codes -->", want}).held(); err != nil {
		t.Error(err)
	}
	for _, s := range []section{
		{rel, "<!-- codes:", "<!-- end of codes -->", want + "more\n"},
		{rel, "<!-- colours:", "<!-- end of codes -->", want},
		{rel, "<!-- codes:", "<!-- never -->", want},
		{"docs/nowhere.md", "<!-- codes:", "<!-- end of codes -->", want},
	} {
		if s.held() == nil {
			t.Errorf("%.60v is taken for equal", s)
		}
	}
}
