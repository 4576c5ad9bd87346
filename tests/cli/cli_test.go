package cli

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"moec.dev/moec/cmd/moec/command"
	"moec.dev/moec/tests/envoy/harness"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"moec": moec})
}

// moec is what cmd/moec's main is.
func moec() {
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	os.Exit(command.Main(ctx, command.Env{Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}))
}

func TestScripts(t *testing.T) {
	cache := t.TempDir()
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	goCache, err := exec.Command(goTool, "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			bin, _, _ := strings.Cut(env.Getenv("PATH"), string(filepath.ListSeparator))
			env.Setenv("BIN", bin) // where moec is, and nothing else
			env.Setenv("GO", goTool)
			env.Setenv("GOCACHE", strings.TrimSpace(string(goCache)))
			env.Setenv("MOEC_CACHE", cache) // one build serves all scripts
			env.Setenv("SHOP", filepath.Join(harness.Root(), "policies", "shop"))
			env.Setenv("CC", "")
			env.Setenv("ENVOY", "")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": status, "await": await, "port": port, "get": get, "envoy": envoy,
		},
	})
}

// status CODE COMMAND... runs a command that must exit with that code.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status CODE COMMAND...")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	if err != nil {
		exit, ok := err.(*exec.ExitError)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if want := args[0]; fmt.Sprint(got) != want {
		ts.Fatalf("exit code %d, not %s", got, want)
	}
}

// patience is enough for the start of a real Envoy on a busy machine.
const patience = 60 * time.Second

// await FILE waits until there is such a file.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: await FILE")
	}
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
			return
		}
	}
	ts.Fatalf("there is no %s after %v", args[0], patience)
}

// port NAME sets a variable to a port that nobody listens on.
func port(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: port NAME")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Check(l.Close())
	ts.Setenv(args[0], fmt.Sprint(l.Addr().(*net.TCPAddr).Port))
}

// get URL STATUS waits until something answers, with that status.
func get(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: get URL STATUS")
	}
	var last error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		answer, err := http.Get(args[0])
		if last = err; err != nil {
			continue
		}
		answer.Body.Close()
		if got := fmt.Sprint(answer.StatusCode); got != args[1] {
			ts.Fatalf("%s: %s, not %s", args[0], answer.Status, args[1])
		}
		return
	}
	ts.Fatalf("%v", last)
}

// envoy VERSION sets ENVOY to a real one.
func envoy(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: envoy VERSION")
	}
	path, err := harness.Binary(args[0])
	ts.Check(err)
	ts.Setenv("ENVOY", path)
}
