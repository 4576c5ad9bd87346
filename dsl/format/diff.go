package format

import (
	"fmt"
	"strings"
)

// context is the number of equal lines around a change.
const context = 3

// Diff returns the unified diff between two texts, "" if they are equal. The
// name stands in both of its file lines.
func Diff(name, before, after string) string {
	if before == after {
		return ""
	}
	a, b := split(before), split(after)
	var out strings.Builder
	fmt.Fprintf(&out, "--- %s\n+++ %s\n", name, name)
	for _, h := range hunks(edits(a, b)) {
		first := h[0]
		var old, now int
		for _, e := range h {
			if e.op != '+' {
				old++
			}
			if e.op != '-' {
				now++
			}
		}
		fmt.Fprintf(&out, "@@ -%s +%s @@\n", extent(first.old, old), extent(first.new, now))
		for _, e := range h {
			out.WriteByte(e.op)
			out.WriteString(e.text)
			if !strings.HasSuffix(e.text, "\n") {
				out.WriteString("\n\\ No newline at end of file\n")
			}
		}
	}
	return out.String()
}

// extent is how a hunk names some lines: the first counted from 1, unless there
// are none.
func extent(first, n int) string {
	if n > 0 {
		first++
	}
	if n == 1 {
		return fmt.Sprint(first)
	}
	return fmt.Sprintf("%d,%d", first, n)
}

func split(text string) []string {
	lines := strings.SplitAfter(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// edit is a line that stays (' '), goes ('-') or comes ('+'), with the numbers
// of lines before it on both sides.
type edit struct {
	op       byte
	text     string
	old, new int
}

// edits leads from one list of lines to the other. Lines that are equal at both
// ends are set aside, and what is between is compared by its longest common
// subsequence; where that would cost too much it is replaced as a whole.
func edits(a, b []string) []edit {
	const most = 4 << 20 // pairs of lines to compare
	head := 0
	for head < min(len(a), len(b)) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < min(len(a), len(b))-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	x, y := a[head:len(a)-tail], b[head:len(b)-tail]
	var out []edit
	i, j := 0, 0
	step := func(op byte, text string) {
		out = append(out, edit{op, text, i, j})
		if op != '+' {
			i++
		}
		if op != '-' {
			j++
		}
	}
	for _, l := range a[:head] {
		step(' ', l)
	}
	if len(x)*len(y) <= most {
		table := common(x, y)
		for m, n := 0, 0; m < len(x) || n < len(y); {
			switch {
			case m < len(x) && n < len(y) && x[m] == y[n]:
				step(' ', x[m])
				m++
				n++
			case n == len(y) || m < len(x) && table[m+1][n] >= table[m][n+1]:
				step('-', x[m])
				m++
			default:
				step('+', y[n])
				n++
			}
		}
	} else {
		for _, l := range x {
			step('-', l)
		}
		for _, l := range y {
			step('+', l)
		}
	}
	for _, l := range a[len(a)-tail:] {
		step(' ', l)
	}
	return out
}

// common has in [i][j] the length of the longest common subsequence of x[i:]
// and y[j:].
func common(x, y []string) [][]int32 {
	table := make([][]int32, len(x)+1)
	for i := range table {
		table[i] = make([]int32, len(y)+1)
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i] == y[j] {
				table[i][j] = table[i+1][j+1] + 1
			} else {
				table[i][j] = max(table[i+1][j], table[i][j+1])
			}
		}
	}
	return table
}

// hunks cuts edits into runs of changes with their context.
func hunks(es []edit) [][]edit {
	var out [][]edit
	from, to := -1, 0 // the run so far
	for i, e := range es {
		if e.op == ' ' {
			continue
		}
		if from >= 0 && i-context > to {
			out = append(out, es[from:to])
			from = -1
		}
		if from < 0 {
			from = max(0, i-context)
		}
		to = min(len(es), i+1+context)
	}
	if from >= 0 {
		out = append(out, es[from:to])
	}
	return out
}
