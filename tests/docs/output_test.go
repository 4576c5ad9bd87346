package docs

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"moec.dev/moec/cmd/moec/command"
)

// shellWords splits a command line at blanks outside of single quotes.
func shellWords(line string) []string {
	var words []string
	word, open, quoted := "", false, false
	for _, c := range line {
		switch {
		case c == '\'':
			quoted, open = !quoted, true
		case c == ' ' && !quoted:
			if open {
				words = append(words, word)
			}
			word, open = "", false
		default:
			word, open = word+string(c), true
		}
	}
	if open {
		words = append(words, word)
	}
	return words
}

// differs returns the first line of what is shown that is not in what was
// printed, in that place; a line of three dots stands for any lines.
func differs(shown, printed string) string {
	lines := strings.Split(strings.TrimSuffix(printed, "\n"), "\n")
	at, skip := 0, false
	for _, want := range strings.Split(strings.TrimSuffix(shown, "\n"), "\n") {
		if strings.TrimSpace(want) == "..." {
			skip = true
			continue
		}
		for skip && at < len(lines) && lines[at] != want {
			at++
		}
		if at == len(lines) || lines[at] != want {
			return want
		}
		at, skip = at+1, false
	}
	if !skip && at < len(lines) {
		return "(the end)"
	}
	return ""
}

// What the documentation shows as the output of a command is its output.
func TestOutputs(t *testing.T) {
	found := allFences(t, "text")
	t.Chdir(root)
	n := 0
	for _, f := range found {
		if len(f.words) < 3 || f.words[1] != "of" {
			continue
		}
		n++
		line := strings.Join(f.words[2:], " ")
		words := shellWords(line)
		var out, errs bytes.Buffer
		command.Main(context.Background(), command.Env{Args: words[1:], Stdin: os.Stdin, Stdout: &out, Stderr: &errs})
		if words[0] != "moec" || errs.Len() > 0 {
			t.Errorf("%s: %s: %s", f, line, errs.String())
		} else if d := differs(f.text, out.String()); d != "" {
			t.Errorf("%s: %s does not print %q there:\n%s", f, line, d, out.String())
		}
	}
	if n < 3 {
		t.Errorf("only %d outputs were found", n)
	}
}

func TestDiffers(t *testing.T) {
	for shown, want := range map[string]string{"a\nb\n": "", "a\n...\n": "", "...\nb\n": "", "b\n": "b", "a\n": "(the end)", "...\na\n...\nc\n": "c", "a\nb\n...\n": ""} {
		if got := differs(shown, "a\nb\n"); got != want {
			t.Errorf("%q: %q, want %q", shown, got, want)
		}
	}
	if got := fmt.Sprintf("%q", shellWords("moec a 'b c' --d='e f' ''")); got != `["moec" "a" "b c" "--d=e f" ""]` {
		t.Error(got)
	}
}
