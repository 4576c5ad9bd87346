package command

import (
	"os"
	"strings"

	"github.com/spf13/cobra"

	"moec.dev/moec/compiler"
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/coverage"
	"moec.dev/moec/compiler/interp"
	"moec.dev/moec/compiler/scenario"
)

// cover is what moec test is asked about coverage, and what it found.
type cover struct {
	on       bool
	page     string
	least    float64
	profiles []*coverage.Profile
}

func (c *cover) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&c.on, "cover", false, "say which rules and which ways through their expressions no test has tried")
	f.StringVar(&c.page, "cover-html", "", "write that as a page with the coloured sources to a `FILE`")
	f.Float64Var(&c.least, "cover-min", 0, "fail when a bundle's share is below `PERCENT`")
}

// settle checks the flags before the work.
func (c *cover) settle(cmd *cobra.Command) error {
	given := cmd.Flags().Changed
	if !(c.least >= 0 && c.least <= 100) {
		return usagef("--cover-min %g: a share is from 0 to 100", c.least)
	}
	if given("cover-html") && !strings.HasSuffix(c.page, ".html") {
		return usagef("--cover-html %q: the name of a page ends in .html", c.page)
	}
	c.on = c.on || given("cover-html") || given("cover-min")
	return nil
}

// begin makes an empty profile of every bundle: those without tests are part of
// the picture.
func (c *cover) begin(units []*compiler.Unit) {
	if !c.on {
		return
	}
	for _, u := range units {
		c.profiles = append(c.profiles, coverage.New(u.Checked))
	}
}

// interpreter is the first executor of a run.
func (c *cover) interpreter(bundles []*check.Bundle) scenario.Executor {
	if !c.on {
		return interp.New(bundles...)
	}
	return coverage.Counting(c.profiles, bundles...)
}

// coverage shows what was found.
func (s *console) coverage(c *cover) error {
	if !c.on {
		return nil
	}
	if s.json {
		text, err := coverage.JSON(c.profiles)
		if err != nil {
			return err
		}
		s.answer.Coverage = text
	} else if err := coverage.WriteText(s.env.Stdout, c.profiles); err != nil {
		return err
	}
	if c.page != "" {
		f, err := os.Create(c.page)
		if err != nil {
			return failedf("--cover-html %s: %v", c.page, bare(err))
		}
		if err := coverage.WriteHTML(f, c.profiles); err != nil {
			f.Close()
			return failedf("--cover-html %s: %v", c.page, bare(err))
		}
		if err := f.Close(); err != nil {
			return failedf("--cover-html %s: %v", c.page, bare(err))
		}
	}
	return nil
}

// enough fails where too little was tried.
func (c *cover) enough() error {
	for _, p := range c.profiles {
		if c.on && p.Percent() < c.least {
			return failedf("the tests of bundle %s reach %s of it, and --cover-min asks for %g%%", p.Name, coverage.Written(p.Percent()), c.least).
				helpf("moec test --cover names what is missing")
		}
	}
	return nil
}
