package command

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"moec.dev/moec/compiler"
	"moec.dev/moec/compiler/build"
)

// compileCommand is moec compile.
func (s *console) compileCommand() *cobra.Command {
	var out, dump string
	var timings bool
	cmd := &cobra.Command{
		Use:   "compile DIR... -o NAME.so",
		Short: "Compile bundles into one library for Envoy",
		Long: `Compile takes bundles, each a directory of .moe files or one .moe file, and
writes one library for Envoy that holds them all: NAME.so, and beside it
NAME.json, which says what it holds and where it runs. Envoy's filter_name
chooses the bundle.

It needs Go 1.25 or newer and a C compiler, and neither the network nor the
source of moec. The same policies and tools give the same bytes. Nothing is
written unless everything has worked.`,
		Example: "  moec compile policies/shop -o shop.so",
		Args:    bundleArgs,
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "the library to write; its name ends in .so")
	cmd.Flags().StringVar(&dump, "dump", "", "print the product of a stage and build nothing: "+strings.Join(compiler.Dumps(), ", "))
	cmd.Flags().BoolVar(&timings, "timings", false, "say how long each stage took")
	s.jsonFlag(cmd)
	_ = cmd.RegisterFlagCompletionFunc("dump", cobra.FixedCompletions(compiler.Dumps(), cobra.ShellCompDirectiveNoFileComp))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if timings {
			defer s.writeTimings()
		}
		if cmd.Flags().Changed("dump") {
			return s.dump(args, dump, out)
		}
		if err := checkOutput(out, cmd.Flags().Changed("output")); err != nil {
			return err
		}
		units, err := s.bundles(args, "")
		if err != nil {
			return err
		}
		m, err := s.library(units, out)
		if err != nil {
			return err
		}
		return s.built(m, out)
	}
	return cmd
}

// dump prints the product of one stage.
func (s *console) dump(args []string, name, out string) error {
	stage, ok := compiler.FindDump(name)
	switch {
	case !ok:
		return usagef("nothing called %q can be dumped: --dump takes %s", name, strings.Join(compiler.Dumps(), ", "))
	case out != "":
		return usagef("--dump prints and builds nothing: leave out -o")
	case s.json:
		return usagef("--dump prints text: leave out --json")
	}
	units, err := s.bundles(args, stage.Name)
	if err != nil {
		return err
	}
	for _, u := range units {
		if len(units) > 1 {
			fmt.Fprintf(s.env.Stdout, "== %s ==\n", u.Tree.Name)
		}
		if err := stage.Dump(s.env.Stdout, u); err != nil {
			return err
		}
	}
	return nil
}

// checkOutput finds out before the work whether its result can be written.
func checkOutput(out string, given bool) error {
	if !given {
		return usagef("where to? add -o NAME.so")
	}
	dir, file := filepath.Split(out)
	if base, ok := strings.CutSuffix(file, ".so"); !ok || base == "" {
		return usagef("-o %q: the name of a library ends in .so", out)
	}
	dir = filepath.Clean(dir)
	switch info, err := os.Stat(dir); {
	case os.IsNotExist(err):
		return failedf("-o %s: the directory %s does not exist", out, dir).helpf("mkdir -p %s", dir)
	case err != nil:
		return failedf("-o %s: %v", out, err)
	case !info.IsDir():
		return failedf("-o %s: %s is not a directory", out, dir)
	}
	probe, err := os.CreateTemp(dir, ".moec-*")
	if err != nil {
		return failedf("-o %s: %s cannot be written to: %v", out, dir, bare(err)).helpf("choose a directory that you may write to")
	}
	probe.Close()
	os.Remove(probe.Name())
	if info, err := os.Stat(out); err == nil && !info.Mode().IsRegular() {
		return failedf("-o %s: there is something else of that name, which is no file", out)
	}
	return checkManifest(compiler.ManifestPath(out))
}

// checkManifest keeps moec from replacing a file that only happens to have the
// manifest's name.
func checkManifest(path string) error {
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil || !bytes.Contains(text, []byte(`"moec"`)) {
		return failedf("the manifest would replace %s, which is no manifest of moec", path).helpf("choose another name for the library, or move that file")
	}
	return nil
}

// library builds the units into one.
func (s *console) library(units []*compiler.Unit, out string) (*build.Manifest, error) {
	if err := distinct(units); err != nil {
		return nil, err
	}
	done := s.working("building %s", out)
	start := time.Now()
	m, err := compiler.Library(s.ctx, units, out)
	done()
	s.took("", "build", time.Since(start))
	if err != nil {
		return nil, buildProblem(err)
	}
	return m, nil
}

// built says what has been built.
func (s *console) built(m *build.Manifest, out string) error {
	s.answer.Library, s.answer.Manifest = out, m
	if s.json {
		return nil
	}
	w := tabwriter.NewWriter(s.env.Stdout, 0, 8, 2, ' ', 0)
	for _, b := range m.Bundles {
		fmt.Fprintf(w, "%s\t%s; %s; Envoy %s or newer\n", b.Name, plural(len(b.Routes), "route"), forwards(b.Clusters), b.Envoy)
	}
	for _, name := range []string{out, compiler.ManifestPath(out)} {
		info, err := os.Stat(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%s\n", name, size(info.Size()))
	}
	return w.Flush()
}

func forwards(clusters []string) string {
	if len(clusters) == 0 {
		return "forwards nothing"
	}
	sorted := slices.Sorted(slices.Values(clusters))
	return "forwards to " + strings.Join(sorted, ", ")
}

func size(n int64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d B", n)
	case n < 1<<20:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}
