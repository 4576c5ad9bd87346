package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
)

// The files of the documentation that the command writes.
const (
	page    = "expressions-speed.md"
	picture = "expressions-speed.svg"
)

// table prints the figures for a terminal.
func (s *sheet) table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "group\texpression\tcel-go ns\tallocs\tbytes\tcompiled ns\tallocs\tbytes\ttimes\t")
	for _, group := range s.groups() {
		for _, e := range group {
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t\n", e.group, e.name, strings.Join(figures(e), "\t"), times(e.times()))
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, line := range s.bars() {
		fmt.Fprintln(w, line)
	}
	return nil
}

// figures are the cells of an entry.
func figures(e entry) []string {
	return []string{nanoseconds(e.CEL.Nanoseconds), count(e.CEL.Allocations), count(e.CEL.Bytes),
		nanoseconds(e.Compiled.Nanoseconds), count(e.Compiled.Allocations), count(e.Compiled.Bytes)}
}

func nanoseconds(v float64) string {
	if v < 100 {
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}

// count writes what is a whole number in most expressions, and a mean in those
// whose inputs differ in it.
func count(v float64) string {
	switch {
	case v < nothing:
		return "0"
	case v < 10:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0")
	}
	return fmt.Sprintf("%.0f", v)
}

func times(v float64) string { return fmt.Sprintf("%.1f", v) }

// bars says of each bar whether it is met.
func (s *sheet) bars() []string {
	verdict := func(met bool) string {
		if met {
			return "met"
		}
		return "NOT MET"
	}
	mean, n := s.mean(false)
	names := func(all []entry) string {
		var out []string
		for _, e := range all {
			out = append(out, "`"+e.name+"`")
		}
		if len(out) == 0 {
			return "none is"
		}
		return strings.Join(out, ", ")
	}
	return []string{
		fmt.Sprintf("%s: geometric mean of the %d expressions that no regular expression binds, at least %d times faster: %.1f", verdict(mean >= leastMean), n, leastMean, mean),
		fmt.Sprintf("%s: no expression slower: %s", verdict(len(s.slower()) == 0), names(s.slower())),
		fmt.Sprintf("%s: none allocates that builds no new text or list: %s", verdict(len(s.allocating()) == 0), strings.Replace(names(s.allocating()), "none is", "none does", 1)),
	}
}

// document writes the page and the picture.
func (s *sheet) document(folder string) error {
	if err := os.WriteFile(filepath.Join(folder, picture), []byte(s.svg()), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, page), []byte(s.markdown()), 0o644)
}

func (s *sheet) markdown() string {
	var b strings.Builder
	mean, n := s.mean(false)
	fmt.Fprintf(&b, `# How fast expressions are

`+"`make bench-expressions`"+` writes this page; nothing in it is written by hand. It takes the %d expressions of
`+"`tests/speed/expressions/expressions.moe`"+`, rewritten from policies that are in use elsewhere, and measures each on both sides in one process: as the
compiler has made it, and by cel-go %s. The file was fixed before anything was measured, and no row leaves it for its figures.

Compiled, the %d expressions that no regular expression binds are **%.1f times faster** (geometric mean).

![Time of one evaluation, by cel-go and compiled, on a logarithmic scale](%s)

`, len(s.entries), s.CEL, n, mean, picture)
	for _, line := range s.bars() {
		fmt.Fprintf(&b, "- %s\n", line)
	}
	fmt.Fprintf(&b, `
Measured on %s: %s, %d processors, %s, %s. Figures are of one evaluation, medians of %d rounds; in a round, each side
runs for some %s, one after the other.

- Every expression has 64 inputs that rotate. Of those that are true or false, both outcomes are among them, and every result of both sides is
  compared before anything is measured, and added up while it is.
- cel-go gets a program with `+"`OptOptimize`"+`, a struct whose variables are found by a switch, values that are its own already, and the faster of
  its two kinds of lists and maps. What `+"`header`, `query` and `cookie`"+` read is a variable to it, and the blocks of `+"`in_cidr`"+` were parsed before.
- The compiled side are the functions that rules call, on a request that has been read. What a request keeps (the values of lets) is forgotten
  before each evaluation.
- Allocations are of Go's heap. Texts that an expression builds lie in the request's own memory.

`, s.Day, s.Processor, s.Processors, s.System, s.Go, s.Rounds, s.Round)
	for _, group := range s.groups() {
		fmt.Fprintf(&b, "## %s\n\n| expression | cel-go ns | allocations | bytes | compiled ns | allocations | bytes | times faster |\n|---|--:|--:|--:|--:|--:|--:|--:|\n",
			strings.ToUpper(group[0].group[:1])+group[0].group[1:])
		for _, e := range group {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", e.name, strings.Join(figures(e), " | "), times(e.times()))
		}
		b.WriteByte('\n')
	}
	b.WriteString("## Where they are from\n\n| expression | its like |\n|---|---|\n")
	for _, e := range s.entries {
		fmt.Fprintf(&b, "| `%s` | %s |\n", e.name, cite(e.like))
	}
	return b.String()
}

// cite makes a link of a page, or of a repository and its file.
func cite(like string) string {
	if strings.HasPrefix(like, "https://") {
		return "<" + like + ">"
	}
	repository, file, _ := strings.Cut(like, " ")
	return fmt.Sprintf("[%s](https://github.com/%s) `%s`", repository, repository, file)
}
