package format

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
	"moec.dev/moec/dsl/syntax"
)

var moeFence = regexp.MustCompile("(?ms)^```moe( \\w+)?[^\n]*\n(.*?)^```$")

// corpus is every policy of the project without syntax errors, by where it is:
// files, sections of txtar files, and fences of the documentation.
func corpus(t testing.TB) map[string]string {
	t.Helper()
	out := map[string]string{}
	add := func(name, text string) {
		var found diag.List
		if syntax.Parse(source.New(name, text), &found); !found.HasErrors() {
			out[name] = text
		}
	}
	const root = "../.."
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "bin" || strings.HasPrefix(d.Name(), ".") && name != root):
			return filepath.SkipDir
		case d.IsDir():
			return nil
		}
		switch filepath.Ext(name) {
		case ".moe", ".txt", ".txtar", ".md":
		default:
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		switch filepath.Ext(name) {
		case ".moe":
			add(name, string(text))
		case ".txt", ".txtar":
			for _, f := range txtar.Parse(text).Files {
				if strings.HasSuffix(f.Name, ".moe") {
					add(name+":"+f.Name, string(f.Data))
				}
			}
		case ".md":
			for i, m := range moeFence.FindAllStringSubmatch(string(text), -1) {
				fence, body := fmt.Sprintf("%s:%d", name, i), m[2]
				if m[1] == " rules" {
					body = "route r {\n" + body + "}\n"
				}
				add(fence, body)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// hold fails unless a text comes out of Source with the promises kept: it is
// left alone a second time, no line but a string's ends in a blank, no two empty
// lines follow each other, and what a comment silenced it silences still. That
// tokens, comments and meaning stay is what Source itself sees to.
func hold(t interface {
	Helper()
	Fatalf(string, ...any)
}, name, text string) {
	t.Helper()
	var found diag.List
	once, ok := Source(source.New(name, text), &found)
	if !ok {
		t.Fatalf("%s: %v\n%s", name, found.Sorted(), text)
	}
	twice, ok := Source(source.New(name, once), &found)
	if !ok || twice != once {
		t.Fatalf("%s: %v\n%s\n--- becomes\n%s\n--- and then\n%s", name, found.Sorted(), text, once, Diff(name, once, twice))
	}
	if a, b := silenced(text), silenced(once); a != b {
		t.Fatalf("%s: comments silence\n%s\nand then\n%s\n%s", name, a, b, once)
	}
	toks := scan(once)
	end := 0
	for _, tok := range toks {
		if blank := once[end:tok.start]; strings.Contains(blank, "\n\n\n") || strings.Contains(blank, " \n") || strings.ContainsAny(blank, "\t\r") {
			t.Fatalf("%s: %q stands before %s\n%s", name, blank, tok.text, once)
		}
		end = tok.end
	}
	if len(toks) > 0 && (once[end:] != "\n" || toks[0].start != 0) {
		t.Fatalf("%s: %q ends the file", name, once[end:])
	}
}

// silenced lists for each comment to the compiler the tokens on its line.
func silenced(text string) string {
	var b strings.Builder
	var line []string
	for _, t := range scan(strings.TrimPrefix(text, byteOrderMark)) {
		if t.lines > 0 {
			line = nil
		}
		if t.kind == comment && strings.Contains(t.text, allowMark) {
			fmt.Fprintf(&b, "%s: %s\n", t.text, strings.Join(line, " "))
		}
		if !t.is(",") && !t.is(";") {
			line = append(line, t.text)
		}
		if t.multiline() {
			line = nil
		}
	}
	return b.String()
}

func TestCorpus(t *testing.T) {
	all := corpus(t)
	if len(all) < 150 {
		t.Errorf("only %d policies were found", len(all))
	}
	for name, text := range all {
		hold(t, name, text)
		hold(t, name+" with CRLF", strings.ReplaceAll(text, "\n", "\r\n"))
	}
}

// However a policy is laid out, it comes out in style. The policies are those
// of the corpus with their layout thrown away: blanks, line ends, comments and
// separators are drawn anew wherever the language lets them stand.
func TestAnyLayout(t *testing.T) {
	var names []string
	all := corpus(t)
	for name, text := range all {
		if len(text) < 6000 {
			names = append(names, name)
		}
	}
	tried, read := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		name := rapid.SampledFrom(sorted(names)).Draw(r, "policy")
		text := shaken(r, all[name])
		tried++
		var found diag.List
		if syntax.Parse(source.New(name, text), &found); found.HasErrors() {
			return // a comment or a line end that cut a statement
		}
		read++
		hold(r, name, text)
	})
	if read*2 < tried {
		t.Errorf("only %d of %d policies could be read: they are shaken too hard", read, tried)
	}
}

// shaken lays a policy out anew.
func shaken(r *rapid.T, text string) string {
	var b strings.Builder
	depth := 0 // of round and square brackets, in which lines may end anywhere
	joined := rapid.Bool().Draw(r, "joined")
	toks := scan(text)
	for i, t := range toks {
		touching := i > 0 && t.start == toks[i-1].end
		after := i > 0 && toks[i-1].kind == comment
		any := rapid.IntRange(0, 19).Draw(r, "gap")
		switch {
		case after:
			b.WriteString(rapid.SampledFrom([]string{"\n", "\n\n\n", " \t\r\n  ", "\n// again\n"}).Draw(r, "end"))
		case depth > 0 && any < 3:
			b.WriteString(rapid.SampledFrom([]string{"\n", " // inside\n", "\n\n// own\n\n", "\r\n\t"}).Draw(r, "inside"))
		case t.lines > 0 && joined && any < 9 && i > 0 && !t.is("}") && !toks[i-1].is("{") && !toks[i-1].is(","):
			b.WriteString("; ")
		case t.lines > 0:
			b.WriteString(rapid.SampledFrom([]string{"\n", "\n\n\n\n", " // moe:allow M0501 drawn\n", "\n      // own\n", "\n\n// apart\n\n", "\t\n \n"}).Draw(r, "lines"))
		case touching:
		case any < 15:
			b.WriteString(" ")
		default:
			b.WriteString("   ")
		}
		switch {
		case t.is("(") || t.is("["):
			depth++
		case t.is(")") || t.is("]"):
			depth--
		}
		switch {
		case t.kind == literal && depth > 0 && any == 19 && strings.HasPrefix(t.text, `"`) && !strings.Contains(t.text, "\n"):
			b.WriteString(`"` + strings.Repeat("long", 12) + t.text[1:])
		default:
			b.WriteString(t.text)
		}
	}
	if rapid.Bool().Draw(r, "ended") {
		b.WriteString("\n\n")
	}
	return b.String()
}

func FuzzSource(f *testing.F) {
	for _, text := range corpus(f) {
		if len(text) < 2000 {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		var found diag.List
		if _, ok := Source(source.New("p.moe", text), &found); !ok {
			for _, d := range found.Sorted() {
				if d.Code == diag.InternalError {
					t.Fatalf("%v\n%s", d, text)
				}
			}
			return
		}
		hold(t, "p.moe", text)
	})
}

func sorted(names []string) []string {
	slices.Sort(names)
	return names
}
