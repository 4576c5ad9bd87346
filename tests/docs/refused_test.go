package docs

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"

	"moec.dev/moec/dsl/diag"
)

// refuse compiles each line of a refused fence and returns what was said about
// them; the error names the lines that are not refused as their comments
// promise.
func refuse(f fence) (found []*diag.Diagnostic, err error) {
	if len(f.words) != 3 {
		return nil, fmt.Errorf("%s: refused what?", f)
	}
	var wrong []error
	for i, line := range strings.Split(strings.TrimSuffix(f.text, "\n"), "\n") {
		code, want, ok := cutLast(line, "// ")
		want, _, _ = strings.Cut(want, " ")
		if !ok {
			wrong = append(wrong, fmt.Errorf("%s: line %d has no comment with its code", f, i+1))
			continue
		}
		text, err := wrap(f.words[2], strings.TrimRight(code, " "))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		_, ds := compile("shop", text)
		refusals := onlyErrors(ds)
		if got := codes(refusals); got != want {
			wrong = append(wrong, fmt.Errorf("%s: %s\n  gives %q, want %q:\n%s", f, line, got, want, said(ds)))
		}
		found = append(found, refusals...)
	}
	return found, errors.Join(wrong...)
}

func onlyErrors(ds []*diag.Diagnostic) []*diag.Diagnostic {
	var out []*diag.Diagnostic
	for _, d := range ds {
		if d.Code.Severity == diag.Error {
			out = append(out, d)
		}
	}
	return out
}

// cutLast cuts around the last separator.
func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// unreachable are messages that no policy can provoke, with the reason.
var unreachable = map[string]string{
	"this step": "the parser knows no other step",
	"this form of expression is not supported yet":  "cel-go has no other form",
	" as a value is not supported yet":              "constants of other types do not come out of the checker",
	"message literals are not part of the language": "the checker knows no message types, and says so first",
	"sortBy over a ": "cel-go's checker takes nothing but lists for sortBy",
	"the macro ":     "the checker's environment has no other macro",
}

// Everything that the compiler can refuse as not supported yet is in the
// documentation, and everything that is there is refused.
func TestRefused(t *testing.T) {
	var found []*diag.Diagnostic
	for _, f := range allFences(t, "moe") {
		if last := f.words[len(f.words)-1]; last == diag.NotYet.ID || last == diag.NotYetExpr.ID {
			_, ds := compile("shop", f.text)
			found = append(found, ds...)
		}
		if len(f.words) < 2 || f.words[1] != "refused" {
			continue
		}
		ds, err := refuse(f)
		if err != nil {
			t.Error(err)
		}
		found = append(found, ds...)
	}
	for _, r := range refusals(t) {
		known := unreachable[r.text] != ""
		for _, d := range found {
			known = known || d.Code.ID[:3] == "M04" && strings.Contains(d.Message, r.text)
		}
		if !known {
			t.Errorf("%s can say %q, and no example of what is not supported shows it", r.at, r.text)
		}
	}
}

func TestRefuseNotices(t *testing.T) {
	for _, f := range []fence{
		{words: strings.Fields("moe refused rules"), text: "deny x when path.id == \"1\" // M0401\n"},
		{words: strings.Fields("moe refused rules"), text: "timeout 5s // M0402\n"},
		{words: strings.Fields("moe refused rules"), text: "timeout 5s\n"},
		{words: strings.Fields("moe refused"), text: "timeout 5s // M0401\n"},
		{words: strings.Fields("moe refused moods"), text: "timeout 5s // M0401\n"},
	} {
		if _, err := refuse(f); err == nil {
			t.Errorf("%v %q is accepted", f.words, f.text)
		}
	}
}

// refusal is one place of the compiler that says not supported yet.
type refusal struct{ at, text string }

// refusals finds the places where the compiler refuses something as not
// supported yet, each with the longest fixed part of what it says.
func refusals(t *testing.T) []refusal {
	t.Helper()
	var out []refusal
	set := token.NewFileSet()
	err := filepath.WalkDir(filepath.Join(root, "compiler"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if text := refusalText(call); text != "" {
				out = append(out, refusal{set.Position(call.Pos()).String(), text})
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 30 {
		t.Fatalf("only %d places that refuse were found: were they renamed?", len(out))
	}
	sort.Slice(out, func(i, j int) bool { return out[i].at < out[j].at })
	return out
}

// refusalText returns what a call refuses, "" if it is no such call.
func refusalText(call *ast.CallExpr) string {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	from := -1
	if name == "notYet" {
		from = 1
	}
	for i, a := range call.Args {
		if s, ok := a.(*ast.SelectorExpr); ok && (s.Sel.Name == "NotYet" || s.Sel.Name == "NotYetExpr") && i+2 < len(call.Args)+1 {
			from = i + 1
		}
	}
	if from < 0 {
		return ""
	}
	longest := ""
	for _, a := range call.Args[from:] {
		ast.Inspect(a, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				s, err := strconv.Unquote(l.Value)
				if err != nil {
					return true
				}
				for _, part := range strings.FieldsFunc(strings.NewReplacer("%s", "\x00", "%d", "\x00", "%q", "\x00").Replace(s), func(r rune) bool { return r == 0 }) {
					if part != " is not supported yet" && len(part) > len(longest) {
						longest = part
					}
				}
			}
			return true
		})
		if longest != "" {
			break
		}
	}
	return longest
}
