package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// row is a line of the printed table.
type row struct {
	what, answer, by string
	faults           []string
}

// printTable prints the rows in columns; faults stand below their row.
func printTable(out io.Writer, rows []row) {
	head := row{what: "REQUEST", answer: "ANSWER", by: "DECIDED BY"}
	whats, answers := width(head.what), width(head.answer)
	for _, r := range rows {
		whats, answers = max(whats, width(r.what)), max(answers, width(r.answer))
	}
	for _, r := range append([]row{head}, rows...) {
		fmt.Fprintf(out, "%s  %s  %s\n", padded(r.what, whats), padded(r.answer, answers), r.by)
		for _, fault := range r.faults {
			fmt.Fprintf(out, "    NOT AS PROMISED: %s\n", fault)
		}
	}
}

func width(text string) int { return utf8.RuneCountInString(text) }

func padded(text string, to int) string { return text + strings.Repeat(" ", to-width(text)) }
