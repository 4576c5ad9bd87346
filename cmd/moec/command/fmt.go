package command

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/format"
	"moec.dev/moec/dsl/source"
)

// maxPolicy is more than a policy file may have, in bytes; the formatter says
// how much that is.
const maxPolicy = 1<<20 + 8

// formatting is one run of moec fmt.
type formatting struct {
	*console
	check, diff bool
	failed      bool // a file cannot be formatted, or with check would change
}

// fmtCommand is moec fmt.
func (s *console) fmtCommand() *cobra.Command {
	f := &formatting{console: s}
	cmd := &cobra.Command{
		Use:   "fmt [PATH...|-]",
		Short: "Write policy files in the one style",
		Long: `Fmt rewrites .moe files in moec's style, which has no options, and prints the
names of those that it changed. A PATH is a file or a directory, whose .moe
files are taken at every depth, but for those in hidden directories and in
directories called testdata, and hidden files. Without a PATH it is the current
directory; for - the policy comes from standard input and goes to standard
output.

A file with syntax errors is left as it is. Every other one means the same
afterwards and keeps every comment.

With --check nothing is written: it names the files that would change and exits
with 1 if there are any. With --diff nothing is written but the changes, to
standard output.`,
		Example: "  moec fmt policies\n  moec fmt --check --diff policies",
	}
	cmd.Flags().BoolVar(&f.check, "check", false, "write nothing; name the files that would change, and fail if there are any")
	cmd.Flags().BoolVar(&f.diff, "diff", false, "write nothing; print what would change")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		for _, a := range args {
			if a == "-" && len(args) > 1 {
				return usagef("- is standard input, and stands alone")
			}
		}
		if len(args) == 1 && args[0] == "-" {
			return f.stream()
		}
		if len(args) == 0 {
			args = []string{"."}
		}
		files, err := policyFiles(args)
		if err != nil {
			return err
		}
		for _, name := range files {
			if s.ctx.Err() != nil {
				return &problem{message: "interrupted", exit: exitInterrupted}
			}
			if err := f.file(name); err != nil {
				return err
			}
		}
		return f.end()
	}
	return cmd
}

func (f *formatting) end() error {
	if f.failed {
		return errReported(exitFailed)
	}
	return nil
}

// stream formats standard input.
func (f *formatting) stream() error {
	text, err := io.ReadAll(io.LimitReader(f.env.Stdin, maxPolicy))
	if err != nil {
		return failedf("standard input cannot be read: %v", bare(err))
	}
	out, ok := f.format("-", string(text))
	switch {
	case !ok:
	case f.check || f.diff:
		f.compare("-", string(text), out)
	default:
		fmt.Fprint(f.env.Stdout, out)
	}
	return f.end()
}

// file formats one file.
func (f *formatting) file(name string) error {
	shown := filepath.ToSlash(name)
	text, mode, err := readPolicy(name)
	if err != nil {
		return &problem{kind: diag.UnreadableFile, message: fmt.Sprintf("%s cannot be read: %v", shown, bare(err))}
	}
	out, ok := f.format(shown, text)
	switch {
	case !ok || out == text:
	case f.check || f.diff:
		f.compare(shown, text, out)
	default:
		if err := replaceFile(name, out, mode); err != nil {
			return failedf("%s cannot be written: %v", shown, bare(err))
		}
		fmt.Fprintln(f.env.Stdout, shown)
	}
	return nil
}

// format returns a text in style; it reports what keeps it from that.
func (f *formatting) format(name, text string) (string, bool) {
	var found diag.List
	out, ok := format.Source(source.New(name, text), &found)
	if !ok {
		f.failed = true
		_ = f.report(found.Sorted()) // that there are errors is known
	}
	return out, ok
}

// compare says that and how a text would change.
func (f *formatting) compare(name, before, after string) {
	if before == after {
		return
	}
	f.failed = f.failed || f.check
	if f.diff {
		fmt.Fprint(f.env.Stdout, format.Diff(name, before, after))
		return
	}
	fmt.Fprintln(f.env.Stdout, name)
}

func readPolicy(name string) (string, fs.FileMode, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", 0, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return "", 0, err
	}
	text, err := io.ReadAll(io.LimitReader(file, maxPolicy))
	return string(text), info.Mode().Perm(), err
}

// policyFiles finds the files that the arguments name, each once.
func policyFiles(args []string) ([]string, error) {
	var out []string
	seen := map[string]bool{}
	add := func(name string) {
		if name = filepath.Clean(name); !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	for _, a := range args {
		info, err := os.Stat(a)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, &problem{kind: diag.UnreadableFile, message: fmt.Sprintf("%q does not exist: name a .moe file, or a directory that holds some", a)}
		case err != nil:
			return nil, &problem{kind: diag.UnreadableFile, message: fmt.Sprintf("%q cannot be read: %v", a, bare(err))}
		case info.IsDir():
			found, err := policiesBelow(a)
			if err != nil {
				return nil, err
			}
			for _, name := range found {
				add(name)
			}
		case info.Mode().IsRegular() && strings.HasSuffix(a, ".moe"):
			add(a)
		default:
			return nil, &problem{kind: diag.UnreadableFile, message: fmt.Sprintf("%q is no policy: name a .moe file, or a directory that holds some", a)}
		}
	}
	return out, nil
}

// policiesBelow finds the policy files of a directory at every depth.
func policiesBelow(dir string) ([]string, error) {
	var out []string
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"
		switch {
		case err != nil:
			return &problem{kind: diag.UnreadableFile, message: fmt.Sprintf("%s cannot be read: %v", filepath.ToSlash(name), bare(err))}
		case d.IsDir() && hidden && name != dir:
			return filepath.SkipDir
		case d.IsDir() || hidden || !strings.HasSuffix(name, ".moe"):
			return nil
		}
		// What a link leads to decides.
		if info, err := os.Stat(name); err != nil || info.Mode().IsRegular() {
			out = append(out, name)
		}
		return nil
	})
	if err == nil && len(out) == 0 {
		return nil, &problem{kind: diag.NoPolicy, message: fmt.Sprintf("%s holds no .moe file", filepath.ToSlash(dir)),
			help: "name a .moe file, or a directory that holds some"}
	}
	return out, err
}

// replaceFile gives a file, or the one that a link leads to, another content in
// one step: whoever reads it meanwhile gets the old one or the new one.
func replaceFile(name, text string, mode fs.FileMode) (err error) {
	if name, err = filepath.EvalSymlinks(name); err != nil {
		return err
	}
	// A file that its owner has closed to writing stays as it is, although the
	// directory would let it be replaced.
	probe, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	probe.Close()
	temp, err := os.CreateTemp(filepath.Dir(name), ".moec-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(temp.Name())
		}
	}()
	_, err = temp.WriteString(text)
	if err == nil {
		err = temp.Chmod(mode)
	}
	if err == nil {
		err = temp.Sync()
	}
	if e := temp.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return os.Rename(temp.Name(), name)
}
