// Package command is the command line of moec: one file a verb, each of them
// thin. It knows how people and machines ask and are answered; everything else
// is the compiler's business.
//
// Standard output has what was asked for, standard error what went wrong.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"moec.dev/moec/compiler"
	"moec.dev/moec/dsl/diag"
)

// Env is what a command may use of the world. Environment variables are the
// process's.
type Env struct {
	Args           []string // without the program's name
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// The exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // the policy or a test is wrong, or the work could not be done
	exitUsage  = 2
)

const about = `moec compiles .moe policies into one library that Envoy loads as a dynamic
module: who may come in, what they may do, and where their requests go.

Exit codes: 0 all is well; 1 the policy or a test is wrong, or the work could
not be done; 2 the command line makes no sense. moec run ends as Envoy does.

Environment: MOEC_CACHE is where builds are kept (the user's cache directory
otherwise), CC the C compiler, ENVOY the Envoy that moec run starts; NO_COLOR
turns colours off.`

// Main runs one command and returns the code to exit with. It neither exits nor
// panics. Cancelling ctx ends what is going on.
func Main(ctx context.Context, env Env) (code int) {
	out := &checkedWriter{w: env.Stdout}
	s := &console{ctx: ctx, env: env, color: colorful(env.Stderr), colorOut: colorful(env.Stdout)}
	s.env.Stdout, env.Stdout = out, out
	defer func() {
		if r := recover(); r != nil {
			s.complain(crash(r, debug.Stack()))
			code = exitFailed
		}
	}()
	root := s.root()
	root.SetArgs(env.Args)
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	cmd, err := root.ExecuteContextC(ctx)
	// Whatever came of lost output, the loss is the cause.
	if out.err != nil {
		err = nil
	}
	code = s.finish(cmd, err)
	if out.err != nil {
		s.complain(failedf("standard output: %v", bare(out.err)))
		code = exitFailed
	}
	return code
}

// root makes the tree of commands.
func (s *console) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "moec",
		Short:         "moec compiles policies for Envoy",
		Long:          about,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       compiler.Version,
		// Everything that is no command comes here.
		Args: cobra.ArbitraryArgs,
	}
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return unknownCommand(root, args[0])
		}
		cmd.SetOut(s.env.Stderr)
		if err := cmd.Help(); err != nil {
			return err
		}
		return errReported(exitUsage)
	}
	root.SetVersionTemplate("moec {{.Version}}\n")
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpCommand(helpCommand(root))
	root.AddCommand(s.compileCommand(), s.checkCommand(), s.testCommand(), s.configCommand(), s.runCommand(),
		s.hashCommand(), s.fmtCommand(), s.initCommand(), s.planCommand(), s.explainCommand(), s.versionCommand(), s.completionCommand())
	for _, c := range root.Commands() {
		c.RunE = failing(c.RunE)
	}
	return root
}

// failing keeps an error of a command's work apart from those of the command
// line, which are cobra's and have no type.
func failing(run func(*cobra.Command, []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		err := run(cmd, args)
		var p *problem
		var reported errReported
		if err == nil || errors.As(err, &p) || errors.As(err, &reported) {
			return err
		}
		return failedf("%v", bare(err))
	}
}

func helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Say how a command is used",
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(root, strings.Join(args, " "))
			}
			return cmd.Help()
		},
	}
}

func unknownCommand(root *cobra.Command, name string) error {
	p := usagef("moec has no command %q", name)
	if near := root.SuggestionsFor(name); len(near) > 0 {
		p.help = "did you mean " + strings.Join(near, " or ") + "? see moec --help"
	}
	return p
}

// finish reports how a command ended.
func (s *console) finish(cmd *cobra.Command, err error) int {
	code := exitOK
	var p *problem
	var reported errReported
	switch {
	case err == nil:
	case errors.As(err, &reported):
		code = int(reported)
	case errors.As(err, &p):
		code = p.code()
	default: // cobra's own: flags and arguments
		p = usagef("%v", err)
		code = exitUsage
	}
	if p != nil && p.usage && p.help == "" && cmd != nil {
		p.help = "see " + cmd.CommandPath() + " --help"
	}
	if s.json || s.sarif {
		if p != nil {
			s.found = append(s.found, p.diagnostic())
		}
		if err := s.document(); err != nil {
			s.complain(&problem{message: err.Error()})
			return exitFailed
		}
	} else if p != nil {
		s.complain(p)
	}
	return code
}

// crash is what remains to be said after a panic. The stack goes to a file: it
// means nothing to whoever typed the command.
func crash(what any, stack []byte) *problem {
	p := &problem{kind: diag.InternalError, message: fmt.Sprint(what),
		help: "this is a mistake in moec: please report it with the command and the policy"}
	if f, err := os.CreateTemp("", "moec-crash-*.txt"); err == nil {
		fmt.Fprintf(f, "%v\n\n%s", what, stack)
		if f.Close() == nil {
			p.help = "this is a mistake in moec: please report it with the policy and the file " + f.Name()
		}
	}
	return p
}

// checkedWriter remembers the first error, so that output that was lost is not
// taken for success.
type checkedWriter struct {
	w   io.Writer
	err error
}

func (c *checkedWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	if c.err == nil {
		c.err = err
	}
	return n, err
}
