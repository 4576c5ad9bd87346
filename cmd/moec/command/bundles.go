package command

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"moec.dev/moec/compiler"
	"moec.dev/moec/dsl/diag"
)

// bundleArgs is what commands over bundles ask of their arguments.
func bundleArgs(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usagef("which policy? name a directory that holds .moe files, or one .moe file")
	}
	return nil
}

// bundles takes the bundles that the arguments name through the compiler, up to
// a stage ("" for all). It writes what is found, and ends the command when there
// are errors.
func (s *console) bundles(args []string, last string) ([]*compiler.Unit, error) {
	var inputs []compiler.Input
	for _, a := range args {
		in, err := compiler.Open(a)
		if err != nil {
			return nil, (&problem{kind: diag.UnreadableFile, message: err.Error()})
		}
		inputs = append(inputs, in)
	}
	var units []*compiler.Unit
	var found []*diag.Diagnostic
	for _, in := range inputs {
		done := s.working("reading %s", place(in))
		u, ds := compiler.Run(in, last)
		done()
		units = append(units, u)
		found = append(found, ds...)
		for _, t := range u.Times {
			s.took(u.Tree.Name, t.Stage, t.Took)
		}
	}
	return units, s.report(found)
}

// report writes diagnostics for people, or keeps them for machines. The error
// says that there were errors among them.
func (s *console) report(found []*diag.Diagnostic) error {
	s.found = append(s.found, found...)
	errors, warnings := tally(found)
	if !s.json && !s.sarif && len(found) > 0 {
		if err := diag.WriteText(s.env.Stderr, found, s.color); err != nil {
			return err
		}
		if errors+warnings > 1 {
			fmt.Fprintf(s.env.Stderr, "\n%s\n", counted(errors, warnings))
		}
	}
	if errors > 0 {
		return errReported(exitFailed)
	}
	return nil
}

func tally(found []*diag.Diagnostic) (errors, warnings int) {
	for _, d := range found {
		if d.Code.Severity == diag.Error {
			errors++
		} else {
			warnings++
		}
	}
	return errors, warnings
}

func counted(errors, warnings int) string {
	var parts []string
	if errors > 0 {
		parts = append(parts, plural(errors, "error"))
	}
	if warnings > 0 {
		parts = append(parts, plural(warnings, "warning"))
	}
	return strings.Join(parts, ", ")
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// distinct refuses two bundles of one name: Envoy chooses by it.
func distinct(units []*compiler.Unit) error {
	first := map[string]*compiler.Unit{}
	for _, u := range units {
		name := u.Tree.Name
		if before := first[name]; before != nil {
			return (&problem{kind: diag.DuplicateName,
				message: fmt.Sprintf("two bundles are called %s: %s and %s", name, place(before.Input), place(u.Input))}).
				helpf("Envoy's configuration chooses a bundle by its name; give one of them another with a line: bundle NAME { }")
		}
		first[name] = u
	}
	return nil
}

func place(in compiler.Input) string { return filepath.Join(filepath.FromSlash(in.Display), in.File) }

// choose returns the bundle of a name, or the only one.
func choose(units []*compiler.Unit, name string) (*compiler.Unit, error) {
	var names []string
	for _, u := range units {
		if u.Tree.Name == name {
			return u, nil
		}
		names = append(names, u.Tree.Name)
	}
	slices.Sort(names)
	switch {
	case name != "":
		return nil, usagef("no bundle is called %q: there is %s", name, strings.Join(names, ", "))
	case len(units) > 1:
		return nil, usagef("there are %d bundles, and the listener has one: add --bundle %s", len(units), strings.Join(names, " or --bundle "))
	}
	return units[0], nil
}

func (s *console) took(bundle, stage string, d time.Duration) {
	s.times = append(s.times, timing{bundle, stage, float64(d.Microseconds()) / 1000})
}

// writeTimings says what each stage took.
func (s *console) writeTimings() {
	if s.json {
		s.answer.Timings = s.times
		return
	}
	for _, t := range s.times {
		fmt.Fprintf(s.env.Stderr, "%10.1f ms  %-10s %s\n", t.MS, t.Stage, t.Bundle)
	}
}
