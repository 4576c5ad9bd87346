package command

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"moec.dev/moec/compiler"
	"moec.dev/moec/dsl/diag"
)

// code is what the codes of messages look like.
var code = regexp.MustCompile(`^[mM][0-9]{3,5}$`)

// explainCommand is moec explain.
func (s *console) explainCommand() *cobra.Command {
	var ask asking
	cmd := &cobra.Command{
		Use:   "explain CODE | DIR 'METHOD URL'",
		Short: "Explain the code of a message, or how a request is decided",
		Long: `Explain CODE prints the page of a code: what it means, why it is so, a policy
that triggers it, and how to put it right. Without a code it lists them all.

Explain DIR 'METHOD URL' takes one request through a bundle, step by step and
rule by rule, and says which of them decided and what the parts of each
expression came to. The interpreter decides, so that no tools are needed.`,
		Example: "  moec explain M0207\n  moec explain policies/shop 'GET /orders/7' --as robots --subject 8 --header 'user-agent: curl/8'",
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) == 2 && !code.MatchString(args[0]):
				return nil
			case len(args) > 1:
				return usagef("one code at a time, or a policy and one request: moec explain policies/shop 'GET /orders/7'")
			}
			return ask.unused(cmd)
		},
		ValidArgsFunction: func(_ *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			var codes []string
			for _, c := range diag.All() {
				codes = append(codes, c.ID+"\t"+c.Title)
			}
			return codes, cobra.ShellCompDirectiveDefault
		},
	}
	ask.flags(cmd)
	s.jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 2 {
			return s.account(cmd, args[0], args[1], &ask)
		}
		if len(args) == 0 {
			for _, c := range diag.All() {
				fmt.Fprintf(s.env.Stdout, "%s  %-7s  %s\n", c.ID, c.Severity, c.Title)
			}
			return nil
		}
		page, ok := diag.Explain(args[0])
		if _, err := compiler.Open(args[0]); !ok && err == nil {
			return usagef("which request to %s?", args[0]).helpf("moec explain %s 'GET /'", args[0])
		}
		if !ok {
			p := usagef("there is no code %q", args[0]).helpf("moec explain lists them all")
			text := strings.ToUpper(strings.TrimSpace(args[0]))
			if near := nearest(text); distance(text, near.ID) <= 2 {
				p.helpf("the nearest is %s: %s; moec explain lists them all", near.ID, near.Title)
			}
			return p
		}
		fmt.Fprint(s.env.Stdout, page)
		return nil
	}
	return cmd
}

// nearest is the code that looks most like a text; of several, the one with the
// longest common beginning.
func nearest(text string) diag.Code {
	return slices.MinFunc(diag.All(), func(a, b diag.Code) int {
		return cmp.Or(distance(text, a.ID)-distance(text, b.ID), common(text, b.ID)-common(text, a.ID))
	})
}

func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// distance is the number of letters to insert, remove or replace to make one
// text of the other.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		corner := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := corner
			if a[i-1] != b[j-1] {
				cost++
			}
			corner = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
