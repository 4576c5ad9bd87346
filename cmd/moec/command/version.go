package command

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"moec.dev/moec/compiler"
	"moec.dev/moec/compiler/build"
	"moec.dev/moec/compiler/types"
)

// versions is what moec version --json prints. A tool that is not found has an
// empty version and a reason.
type versions struct {
	Moec  string      `json:"moec"`
	Go    toolVersion `json:"go"`
	CC    toolVersion `json:"cc"`
	Envoy envoyRange  `json:"envoy"`
}

type toolVersion struct {
	Version string `json:"version"`
	Path    string `json:"path"`
	Missing string `json:"missing,omitempty"`
}

type envoyRange struct {
	Oldest string `json:"oldest"`
	Newest string `json:"newestTested"`
}

// versionCommand is moec version.
func (s *console) versionCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Say which moec this is and what it works with",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("version takes no arguments")
			}
			return nil
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON document for machines")
	cmd.RunE = func(*cobra.Command, []string) error {
		v := s.versions()
		if asJSON {
			return writeJSON(s.env.Stdout, v)
		}
		w := tabwriter.NewWriter(s.env.Stdout, 0, 8, 2, ' ', 0)
		fmt.Fprintf(w, "moec\t%s\n", v.Moec)
		fmt.Fprintf(w, "go\t%s\n", v.Go)
		fmt.Fprintf(w, "cc\t%s\n", v.CC)
		fmt.Fprintf(w, "envoy\t%s or newer, tested up to %s\n", v.Envoy.Oldest, v.Envoy.Newest)
		return w.Flush()
	}
	return cmd
}

func (t toolVersion) String() string {
	if t.Missing != "" {
		return t.Missing
	}
	return t.Version + " (" + t.Path + ")"
}

func (s *console) versions() versions {
	v := versions{Moec: compiler.Version, Envoy: envoyRange{types.BaseEnvoy, build.NewestEnvoy}}
	t, err := build.FindToolchain(s.ctx, false)
	if err != nil {
		v.Go.Missing = err.Error()
		v.CC.Missing = "not looked for without go"
		return v
	}
	v.Go = toolVersion{Version: t.GoVersion, Path: t.Go}
	if t, err = build.FindToolchain(s.ctx, true); err != nil {
		v.CC.Missing = err.Error()
		return v
	}
	v.CC = toolVersion{Version: t.CCVersion, Path: t.CC}
	return v
}
