// Command speed measures what the compiler makes of the expressions of
// expressions/expressions.moe against cel-go, and writes the table and the
// picture of docs/expressions-speed.md.
//
// It takes the compiler's own way from the policy to Go, and knows of the
// generated code how lets are called. What is measured, and how, is in contest/.
package main

import (
	"embed"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

//go:embed expressions
var expressions embed.FS

func main() {
	if err := speed(); err != nil {
		fmt.Fprintln(os.Stderr, "speed:", err)
		os.Exit(1)
	}
}

func speed() error {
	docs := flag.String("docs", "", "the folder of the documentation to write into; otherwise the table is printed")
	rounds := flag.Int("rounds", 15, "rounds a row; the figures are their medians")
	round := flag.Duration("round", 10*time.Millisecond, "how long each side runs in a round")
	keep := flag.String("keep", "", "a folder to keep the generated code in, and the program")
	only := flag.String("row", "", "the only row; nothing is written into the documentation")
	flag.Parse()
	if *rounds < 1 || *round <= 0 || flag.NArg() > 0 || *only != "" && *docs != "" {
		return fmt.Errorf("usage: speed [-docs FOLDER] [-rounds N] [-round DURATION] [-keep FOLDER] [-row NAME]")
	}
	dir := *keep
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "moec-speed-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	rows, binary, err := build(dir)
	if err != nil {
		return err
	}
	args := []string{fmt.Sprintf("-rounds=%d", *rounds), fmt.Sprintf("-round=%s", *round), "-row=" + *only}
	results, err := run(binary, args...)
	if err != nil {
		return err
	}
	s, err := newSheet(rows, results, machine(*rounds, *round))
	if err != nil {
		return err
	}
	if *docs == "" {
		return s.table(os.Stdout)
	}
	return s.document(*docs)
}

// build compiles the expressions and makes the program of both sides.
func build(dir string) ([]row, string, error) {
	folder, err := fs.Sub(expressions, folder)
	if err != nil {
		return nil, "", err
	}
	rows, unit, err := compile(folder)
	if err != nil {
		return nil, "", err
	}
	bound, err := binding(unit.Go, rows)
	if err != nil {
		return nil, "", err
	}
	main, err := program(rows)
	if err != nil {
		return nil, "", err
	}
	files := map[string][]byte{"bundles/expressions/contest.go": bound, "bundles/contest/main.go": main}
	for name, text := range unit.Go {
		files["bundles/expressions/"+name] = text
	}
	binary := filepath.Join(dir, "contest")
	return rows, binary, link(dir, files, binary)
}
