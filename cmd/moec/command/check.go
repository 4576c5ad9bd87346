package command

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"moec.dev/moec/compiler/check"
	"moec.dev/moec/dsl/diag"
)

// checkCommand is moec check.
func (s *console) checkCommand() *cobra.Command {
	var most string
	var envoy string
	cmd := &cobra.Command{
		Use:   "check DIR...",
		Short: "Say what is wrong with bundles, and build nothing",
		Long: `Check reads bundles, tests included, and says everything that is wrong with
them: errors, for which it exits with 1, and warnings. It needs no other tools.

With --budget it also refuses rules that may cost more than so many units on
the largest request; moec compile --dump=cost shows what each one costs.

With --envoy-config it also says what a configuration of Envoy, written by
somebody else, lacks for the bundle: its filter, clusters, routes, options.

moec explain CODE says more about a message. A warning is silenced on its line
by a comment with a reason: // moe:allow M0502 the values come from us`,
		Example: "  moec check policies/shop\n  moec check --sarif policies/* > moec.sarif",
		Args:    bundleArgs,
	}
	s.jsonFlag(cmd)
	cmd.Flags().StringVar(&most, "budget", "", "refuse rules that may cost more `UNITS` than this")
	cmd.Flags().StringVar(&envoy, "envoy-config", "", "compare with a configuration of Envoy, YAML or JSON, in this `FILE`")
	cmd.Flags().BoolVar(&s.sarif, "sarif", false, "print a SARIF 2.1.0 log, as code hosts read it")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if s.json && s.sarif {
			s.json, s.sarif = false, false
			return usagef("--json and --sarif are two forms of one output: choose one")
		}
		budget, err := strconv.ParseUint(most, 10, 64)
		if err != nil && cmd.Flags().Changed("budget") {
			return usagef("--budget takes a number of units, such as 100000, not %q", most)
		}
		units, err := s.bundles(args, "")
		if err != nil {
			return err
		}
		// What only shows when the tests get their identities.
		var found []*diag.Diagnostic
		for _, u := range units {
			_, more := u.ForTests()
			found = append(found, unknown(more, s.found)...)
			if cmd.Flags().Changed("budget") {
				found = append(found, u.OverBudget(budget)...)
			}
		}
		if envoy != "" {
			lacks, err := audit(envoy, units)
			if err != nil {
				return err
			}
			found = append(found, lacks...)
		}
		if err := s.report(found); err != nil || s.json || s.sarif {
			return err
		}
		for _, u := range units {
			fmt.Fprintf(s.env.Stdout, "ok   %s\t%s, %s%s\n", u.Tree.Name, plural(len(u.IR.Routes), "route"), plural(len(u.Checked.Tests), "test"), limits(u.Checked))
		}
		return nil
	}
	return cmd
}

// limits says what memory the limits of a bundle take, however many keys come.
func limits(b *check.Bundle) string {
	bytes := 0
	for _, l := range b.Limits {
		bytes += l.Memory()
	}
	if bytes == 0 {
		return ""
	}
	return fmt.Sprintf(", %s in %.1f MiB", plural(len(b.Limits), "limit"), float64(bytes)/(1<<20))
}

// unknown returns the diagnostics that are not among those of before.
func unknown(ds, before []*diag.Diagnostic) []*diag.Diagnostic {
	seen := map[string]bool{}
	for _, d := range before {
		seen[d.Error()] = true
	}
	var out []*diag.Diagnostic
	for _, d := range ds {
		if !seen[d.Error()] {
			out = append(out, d)
		}
	}
	return out
}
