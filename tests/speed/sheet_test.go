package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"moec.dev/moec/tests/speed/contest"
)

// sample is a sheet of three rows.
func sample(t *testing.T) *sheet {
	t.Helper()
	rows := []row{
		{name: "plain", group: "requests", like: "a/b c.yaml", text: `request.method == "GET"`},
		{name: "text", group: "requests", like: "https://example.com/", text: `"a" + request.method`},
		{name: "pattern", group: "regex", like: "a/b c.yaml", text: `request.host.matches("^a$")`},
	}
	results := map[string]contest.Result{
		"plain":   {Name: "plain", CEL: contest.Figures{Nanoseconds: 80}, Compiled: contest.Figures{Nanoseconds: 5, Allocations: 1}},
		"text":    {Name: "text", CEL: contest.Figures{Nanoseconds: 251, Allocations: 3, Bytes: 48}, Compiled: contest.Figures{Nanoseconds: 10, Allocations: 1, Bytes: 16}},
		"pattern": {Name: "pattern", CEL: contest.Figures{Nanoseconds: 1000}, Compiled: contest.Figures{Nanoseconds: 2000}},
	}
	s, err := newSheet(rows, results, place{Processor: "P <1>", Go: "go", CEL: "v0", System: "linux/x", Processors: 2, Rounds: 3, Round: time.Millisecond, Day: "2026-01-01"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestBars(t *testing.T) {
	s := sample(t)
	if mean, n := s.mean(false); n != 2 || math.Abs(mean-math.Sqrt(16*25.1)) > 1e-9 {
		t.Errorf("the mean of %d is %f", n, mean)
	}
	got := strings.Join(s.bars(), "\n")
	for _, want := range []string{"met: geometric mean of the 2 expressions", "NOT MET: no expression slower: `pattern`", "NOT MET: none allocates that builds no new text or list: `plain`"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not said:\n%s", want, got)
		}
	}
	if _, err := newSheet([]row{{name: "other"}}, map[string]contest.Result{"plain": {}}, place{}); err == nil {
		t.Error("a result without a row is accepted")
	}
}

// wellFormed reads a picture as XML.
func wellFormed(text string) error {
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func TestPicture(t *testing.T) {
	svg := sample(t).svg()
	if err := wellFormed(svg); err != nil {
		t.Error(err)
	}
	if strings.Count(svg, `<rect class="compiled"`) != 4 { // and one in the key
		t.Errorf("not every row has its bar:\n%s", svg)
	}
}

// line is a row of the page's tables of figures.
var line = regexp.MustCompile("(?m)^\\| `([a-z0-9_]+)` \\| ([0-9.]+) \\| [0-9.]+ \\| [0-9.]+ \\| ([0-9.]+) \\| [0-9.]+ \\| [0-9.]+ \\| ([0-9.]+) \\|$")

var headline = regexp.MustCompile(`the (\d+) expressions that no regular expression binds are \*\*([0-9.]+) times faster\*\*`)

// contradictions finds what a page says that its own figures, or the rows, do
// not: rows and their order, how many times faster each is, and the mean.
func contradictions(page, svg string, rows []row) (out []string) {
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	found := map[string]bool{}
	sum, free := 0.0, 0
	for i, m := range line.FindAllStringSubmatch(page, -1) {
		interpreted, _ := strconv.ParseFloat(m[2], 64)
		compiled, _ := strconv.ParseFloat(m[3], 64)
		said, _ := strconv.ParseFloat(m[4], 64)
		if found[m[1]] || i >= len(rows) || rows[i].name != m[1] {
			add("%s is not row %d of the file", m[1], i)
			continue
		}
		found[m[1]] = true
		// The figures are rounded to a tenth of a nanosecond at least.
		if ratio := interpreted / compiled; math.Abs(ratio-said) > 0.06+ratio*(0.06/compiled+0.005) {
			add("%s: %.1f over %.1f is not %.1f", m[1], interpreted, compiled, said)
		}
		if !rows[i].bound() {
			sum += math.Log(said)
			free++
		}
		if !strings.Contains(svg, ">"+m[1]+"</text>") {
			add("%s is not in the picture", m[1])
		}
		if !strings.Contains(page, "| `"+m[1]+"` | "+cite(rows[i].like)+" |") {
			add("%s: the page does not say where its like is found", m[1])
		}
	}
	if len(found) != len(rows) {
		add("the page has %d rows, the file %d", len(found), len(rows))
	}
	if m := headline.FindStringSubmatch(page); m == nil {
		add("the page does not say how many times faster they are")
	} else {
		said, _ := strconv.ParseFloat(m[2], 64)
		if mean := math.Exp(sum / float64(free)); m[1] != strconv.Itoa(free) || math.Abs(mean-said) > 0.1+mean/200 {
			add("the mean of %d rows is %.1f, and the page says %s of %s", free, mean, m[2], m[1])
		}
	}
	return out
}

// The page is what the command has written for the rows as they are.
func TestPage(t *testing.T) {
	text := map[string]string{}
	for _, name := range []string{page, picture} {
		b, err := os.ReadFile(filepath.Join("..", "..", "docs", name))
		if err != nil {
			t.Fatalf("%v: make bench-expressions writes it", err)
		}
		text[name] = string(b)
	}
	for _, c := range contradictions(text[page], text[picture], embedded(t)) {
		t.Error(c)
	}
	if err := wellFormed(text[picture]); err != nil {
		t.Error(err)
	}
}

func TestContradictions(t *testing.T) {
	s := sample(t)
	rows := []row{s.entries[0].row, s.entries[1].row, s.entries[2].row}
	page, svg := s.markdown(), s.svg()
	if got := contradictions(page, svg, rows); len(got) != 0 {
		t.Errorf("found in a page that is right: %v", got)
	}
	for name, wrong := range map[string]string{
		"a figure":   strings.Replace(page, "| 16.0 |", "| 18.0 |", 1),
		"the mean":   strings.Replace(page, "**20.0 times", "**25.0 times", 1),
		"a row":      strings.Replace(page, "| `text` | 251", "| `test` | 251", 1),
		"the source": strings.Replace(page, "`c.yaml` |", "`d.yaml` |", 1),
	} {
		if wrong == page || len(contradictions(wrong, svg, rows)) == 0 {
			t.Errorf("%s may be wrong", name)
		}
	}
	if len(contradictions(page, svg, rows[:2])) == 0 {
		t.Error("a row may be missing in the file")
	}
}
