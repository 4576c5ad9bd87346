package command

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"moec.dev/moec/compiler/plan"
)

// planCommand is moec plan.
func (s *console) planCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "plan DIR...",
		Short: "Say in which order rules are tried, what they cost and what they read",
		Long: `Plan says what bundles will do before any request comes: for each route the
rules in the order in which they are tried, what each may cost on the largest
request, what the route reads of a request, how often Envoy calls the library,
and what the bundle takes of memory. It builds nothing and needs no other tools.

A cost is in units: one for an operation, and one for ten bytes of text that it
goes over. moec check --budget makes a gate of it.`,
		Example: "  moec plan policies/shop\n  moec plan policies/shop --json",
		Args:    bundleArgs,
	}
	s.jsonFlag(cmd)
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		units, err := s.bundles(args, "verify")
		if err != nil {
			return err
		}
		plans := []*plan.Plan{}
		for i, u := range units {
			p := plan.Of(u.Checked, u.Cost, u.IR)
			plans = append(plans, p)
			if s.json {
				continue
			}
			if i > 0 {
				fmt.Fprintln(s.env.Stdout)
			}
			if err := p.WriteText(s.env.Stdout, s.style); err != nil {
				return err
			}
		}
		if s.json {
			s.answer.Plans, err = json.Marshal(plans)
		}
		return err
	}
	return cmd
}
