package command

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"moec.dev/moec/compiler"
	"moec.dev/moec/compiler/envoyconf"
)

// runCommand is moec run.
func (s *console) runCommand() *cobra.Command {
	var place placement
	var envoy, level string
	cmd := &cobra.Command{
		Use:   "run DIR... --cluster NAME=HOST:PORT...",
		Short: "Compile bundles and run an Envoy with them",
		Long: `Run compiles bundles, writes a configuration and starts Envoy with both. Envoy's
log goes to standard error and its access log, one JSON line a request, to
standard output. Interrupting moec ends Envoy, and moec ends as Envoy does.

Envoy is the one that --envoy names, or ENVOY, or the one on PATH.`,
		Example: "  moec run policies/shop --cluster orders=127.0.0.1:9000 --cluster catalog-v1=127.0.0.1:9001 --cluster catalog-v2=127.0.0.1:9002 --cluster backoffice=127.0.0.1:9003",
		Args:    bundleArgs,
	}
	place.flags(cmd, "127.0.0.1:10000")
	cmd.Flags().StringVar(&envoy, "envoy", "", "the Envoy to start, a `PATH`")
	cmd.Flags().StringVar(&level, "log-level", "warning", "what Envoy logs: trace, debug, info, warning, error, critical or off")
	_ = cmd.RegisterFlagCompletionFunc("log-level", cobra.FixedCompletions(logLevels, cobra.ShellCompDirectiveNoFileComp))
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		if err := checkLevel(level); err != nil {
			return err
		}
		config, err := place.config()
		if err != nil {
			return err
		}
		if config.Listen.Port == 0 {
			return usagef("--listen %s: run needs a port that you can find, as in --listen 127.0.0.1:10000", place.listen)
		}
		units, err := s.bundles(args, "")
		if err != nil {
			return err
		}
		u, err := place.choose(units)
		if err != nil {
			return err
		}
		// Everything that can be wrong without a library is said before it is
		// built; the path is the only thing that the configuration lacks.
		dir, err := os.MkdirTemp("", "moec-run-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		config.Library = filepath.Join(dir, "policy.so")
		text, err := bootstrap(config, u)
		if err != nil {
			return err
		}
		binary, err := s.findEnvoy(envoy, units)
		if err != nil {
			return err
		}
		if err := free(config.Listen); err != nil {
			return err
		}
		if _, err := s.library(units, config.Library); err != nil {
			return err
		}
		name := filepath.Join(dir, "bootstrap.yaml")
		if err := os.WriteFile(name, text, 0o600); err != nil {
			return err
		}
		return s.follow(binary, name, level, u, config.Listen)
	}
	return cmd
}

// follow runs Envoy to its end.
func (s *console) follow(binary *envoyBinary, bootstrap, level string, u *compiler.Unit, at envoyconf.HostPort) error {
	cmd := binary.command(bootstrap, level)
	cmd.Stdout, cmd.Stderr = s.plainStdout(), s.env.Stderr
	s.note("starting Envoy %s with bundle %s", binary.version, u.IR.Name)
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	go func() {
		for ctx.Err() == nil {
			c, err := net.DialTimeout("tcp", at.String(), time.Second)
			if err == nil {
				c.Close()
				s.note("listening on %s", at)
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
	}()
	code, err := supervise(s.ctx, cmd)
	if err != nil {
		return failedf("Envoy does not start: %v", err)
	}
	if code != 0 {
		s.complain(failedf("Envoy ended with %d", code))
		return errReported(code)
	}
	return nil
}

// plainStdout is standard output for another program, which is to have the file
// itself where it is one.
func (s *console) plainStdout() interface{ Write([]byte) (int, error) } {
	if c, ok := s.env.Stdout.(*checkedWriter); ok {
		return c.w
	}
	return s.env.Stdout
}

// free refuses an address that is taken: two Envoys could share it, and each
// would get some of the requests.
func free(at envoyconf.HostPort) error {
	l, err := net.Listen("tcp", at.String())
	if err != nil {
		return failedf("--listen %s: %v", at, bareNet(err)).helpf("choose another address with --listen")
	}
	return l.Close()
}

var logLevels = []string{"trace", "debug", "info", "warning", "error", "critical", "off"}

func checkLevel(level string) error {
	for _, l := range logLevels {
		if l == level {
			return nil
		}
	}
	return usagef("--log-level %q: want one of %s", level, fmt.Sprint(logLevels))
}

// bareNet is a network error without the address, which the message names.
func bareNet(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}
