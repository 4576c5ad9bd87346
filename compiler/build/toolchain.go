package build

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
)

// MissingTool says that a program is not there or too old, and how to get it.
type MissingTool struct {
	Tool, Problem, Help string
}

// Error is the problem alone; Help is for whoever prints it.
func (e *MissingTool) Error() string { return e.Tool + ": " + e.Problem }

// Toolchain is the Go command and the C compiler that build libraries.
type Toolchain struct {
	Go, GoVersion string // path, "go1.26.8"
	CC, CCVersion string // path, first line of --version; empty if none was asked for
}

const goHelp = "install Go 1.25 or newer: https://go.dev/doc/install, or on Debian 13: apt-get install golang-go"
const ccHelp = "on Debian and Ubuntu: apt-get install gcc libc6-dev; on Fedora: dnf install gcc"

var goVersion = regexp.MustCompile(`go(\d+)\.(\d+)(\.\d+)?\S*`)

// FindToolchain looks for the tools on PATH (the C compiler in CC first).
func FindToolchain(ctx context.Context, needC bool) (*Toolchain, error) {
	t := &Toolchain{}
	path, err := exec.LookPath("go")
	if err != nil {
		return nil, &MissingTool{"go", "the Go toolchain is not on PATH; moec needs it to build a library", goHelp}
	}
	cmd := exec.CommandContext(ctx, path, "version")
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN=local", "GOEXPERIMENT=", "GOFLAGS=", "GODEBUG=", "GOENV=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, &MissingTool{"go", fmt.Sprintf("%s version does not run: %v %s", path, err, strings.TrimSpace(string(out))), goHelp}
	}
	g := goVersion.FindStringSubmatch(string(out))
	if g == nil {
		return nil, &MissingTool{"go", fmt.Sprintf("%s version says %q", path, strings.TrimSpace(string(out))), goHelp}
	}
	major, _ := strconv.Atoi(g[1])
	minor, _ := strconv.Atoi(g[2])
	if major == 1 && minor < 25 {
		return nil, &MissingTool{"go", g[0] + " is too old; 1.25 or newer is needed", goHelp}
	}
	t.Go, t.GoVersion = path, g[0]
	if !needC {
		return t, nil
	}
	if runtime.GOOS != "linux" {
		return nil, &MissingTool{"platform", "libraries for Envoy are built on Linux, not on " + runtime.GOOS, "compile in a Linux container or virtual machine"}
	}
	names := []string{"gcc", "cc", "clang"}
	if cc := os.Getenv("CC"); cc != "" {
		names = []string{cc}
	}
	for _, n := range names {
		path, err := exec.LookPath(n)
		if err != nil {
			continue
		}
		out, err := exec.CommandContext(ctx, path, "--version").Output()
		if err != nil {
			return nil, &MissingTool{n, fmt.Sprintf("%s --version does not run: %v", path, err), ccHelp}
		}
		// Other programs take --version, too, and /bin/true takes everything.
		machine, err := exec.CommandContext(ctx, path, "-dumpmachine").Output()
		if m := strings.TrimSpace(string(machine)); err != nil || m == "" || strings.HasPrefix(m, "-") {
			return nil, &MissingTool{n, fmt.Sprintf("%s is no C compiler: %s -dumpmachine names no machine", path, n), ccHelp}
		}
		t.CC = path
		t.CCVersion, _, _ = strings.Cut(string(out), "\n")
		return t, nil
	}
	if cc := os.Getenv("CC"); cc != "" {
		return nil, &MissingTool{cc, "the C compiler that CC names is not on PATH", "unset CC, or name a compiler that is installed; " + ccHelp}
	}
	return nil, &MissingTool{"cc", "no C compiler (gcc, cc or clang) is on PATH; moec needs one to build the part that faces Envoy", ccHelp}
}
