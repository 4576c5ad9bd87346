package command

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"

	"github.com/spf13/cobra"

	"moec.dev/moec/compiler"
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/process"
	"moec.dev/moec/compiler/scenario"
)

// testCommand is moec test.
func (s *console) testCommand() *cobra.Command {
	var run string
	var verbose bool
	var cover cover
	cmd := &cobra.Command{
		Use:   "test DIR...",
		Short: "Run the test blocks of bundles",
		Long: `Test runs every test block twice over, through an interpreter of the policy and
through the code that is compiled from it, on a virtual clock. A test fails when
an expectation does not hold, and also when the two disagree.

With --cover it says what the tests have not tried: routes that no request took,
conditions that were never true or never false, and the same of each operand of
&& and || and of what stands before a question mark.

It needs Go 1.25 or newer; neither Envoy nor a C compiler.`,
		Example: "  moec test policies/shop\n  moec test policies/shop --run 'stranger' -v\n  moec test policies/shop --cover-html cover.html --cover-min 90",
		Args:    bundleArgs,
	}
	s.jsonFlag(cmd)
	cmd.Flags().StringVar(&run, "run", "", "run only the tests whose title matches a regular expression")
	cmd.Flags().BoolVarP(&verbose, "verbose", "v", false, "name the tests that pass, too")
	cover.flags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := cover.settle(cmd); err != nil {
			return err
		}
		wanted, err := regexp.Compile(run)
		if err != nil {
			return usagef("--run: %v", err)
		}
		units, err := s.bundles(args, "")
		if err != nil {
			return err
		}
		if err := distinct(units); err != nil {
			return err
		}
		return s.test(units, wanted, verbose, &cover)
	}
	return cmd
}

// test runs the tests of the units whose titles match.
func (s *console) test(units []*compiler.Unit, wanted *regexp.Regexp, verbose bool, cover *cover) error {
	cover.begin(units)
	var tested []*compiler.Unit
	var without []string
	all, matching := 0, 0
	for _, u := range units {
		n := 0
		for _, t := range u.Checked.Tests {
			all++
			if wanted.MatchString(t.Title.Value) {
				n++
			}
		}
		matching += n
		if len(u.Checked.Tests) == 0 {
			without = append(without, u.Tree.Name)
		}
		if n == 0 {
			continue
		}
		prepared, found := u.ForTests()
		if err := s.report(unknown(found, s.found)); err != nil {
			return err
		}
		tested = append(tested, prepared)
	}
	// A gate whose pattern no longer matches anything must not stay green.
	if all > 0 && matching == 0 {
		return failedf("none of the %s matches --run %q", plural(all, "test"), wanted)
	}
	results := []scenario.Result{}
	if matching > 0 {
		var err error
		if results, err = s.results(tested, wanted, cover); err != nil {
			return err
		}
	}
	if s.json {
		var text bytes.Buffer
		if err := scenario.WriteJSON(&text, results); err != nil {
			return err
		}
		s.answer.Tests = text.Bytes()
	} else if err := scenario.WriteText(s.env.Stdout, results, verbose); err != nil {
		return err
	}
	if !s.json {
		for _, name := range without {
			fmt.Fprintf(s.env.Stdout, "ok   %s\tno tests\n", name)
			s.note("bundle %s has no tests: its decisions have not been tried", name)
		}
	}
	if err := s.coverage(cover); err != nil {
		return err
	}
	for _, r := range results {
		if r.Failed() {
			return errReported(exitFailed)
		}
	}
	return cover.enough()
}

// results runs tests through the interpreter and through compiled code.
func (s *console) results(units []*compiler.Unit, wanted *regexp.Regexp, cover *cover) ([]scenario.Result, error) {
	done := s.working("building the tests")
	program, err := compiler.Program(s.ctx, units)
	done()
	if err != nil {
		return nil, buildProblem(err)
	}
	compiled, err := process.Start(program)
	if err != nil {
		return nil, failedf("the compiled policy does not start: %v", err)
	}
	var checked []*check.Bundle
	for _, u := range units {
		checked = append(checked, u.Checked)
	}
	execs := []scenario.Executor{cover.interpreter(checked), compiled}
	done = s.working("running the tests")
	defer done()
	var results []scenario.Result
	for _, u := range units {
		for _, t := range u.Checked.Tests {
			if s.ctx.Err() != nil {
				_ = compiled.Close()
				return nil, &problem{message: "interrupted", exit: exitInterrupted}
			}
			if wanted.MatchString(t.Title.Value) {
				results = append(results, scenario.Run(u.Checked, u.Keys, t, execs, scenario.Options{}))
			}
		}
	}
	// A program that broke down has made tests fail already, with its words.
	broken := func(r scenario.Result) bool { return r.Failed() }
	if err := compiled.Close(); err != nil && !slices.ContainsFunc(results, broken) {
		return nil, failedf("the compiled policy broke down: %v", err)
	}
	return results, nil
}
