// Command demo shows a policy at work in a stock Envoy: it compiles
// policies/shop, starts Envoy with it in front of a small upstream, sends
// requests, and prints what became of each and which rule said so, taken from
// the answers and from Envoy's access log. It fails if one differs from what
// the policy promises.
//
// It knows moec by its command line only.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"moec.dev/moec/tests/envoy/harness"
)

func main() {
	moec := flag.String("moec", "bin/moec", "the moec to use")
	policy := flag.String("policy", "policies/shop", "the bundle's directory")
	version := flag.String("envoy", "1.39.3", "the version of Envoy to fetch and start")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "demo: unexpected argument %q\n", flag.Arg(0))
		os.Exit(2)
	}
	if err := run(*moec, *policy, *version); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run(moec, policy, version string) (err error) {
	dir, err := os.MkdirTemp("", "moec-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	library := filepath.Join(dir, "shop.so")

	fmt.Printf("compiling %s\n", policy)
	if _, err := command(moec, "compile", policy, "-o", library); err != nil {
		return err
	}
	upstream, err := harness.NewUpstream()
	if err != nil {
		return err
	}
	defer upstream.Close()
	args := []string{"config", policy, "--lib", library, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"}
	for _, cluster := range clusters {
		args = append(args, "--cluster", cluster+"=127.0.0.1:"+strconv.Itoa(upstream.Port()))
	}
	bootstrap, err := command(moec, args...)
	if err != nil {
		return err
	}

	fmt.Printf("starting Envoy %s\n\n", version)
	envoy, err := harness.StartEnvoy(version, bootstrap)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, envoy.Stop()) }()
	ports, err := envoy.Ports()
	if err != nil {
		return err
	}
	if len(ports) != 1 {
		return fmt.Errorf("moec config wrote %d listeners, want 1", len(ports))
	}
	var port int
	for _, port = range ports {
	}

	var rows []row
	broken := 0
	for i, p := range promises {
		r, err := p.try(port, i, envoy, upstream)
		if err != nil {
			return fmt.Errorf("%s: %w", p.what, err)
		}
		if len(r.faults) > 0 {
			broken++
		}
		rows = append(rows, r)
	}
	printTable(os.Stdout, rows)
	if broken > 0 {
		return fmt.Errorf("%d of %d requests were not decided as the policy promises", broken, len(rows))
	}
	fmt.Printf("\n%d requests, each decided as the policy promises.\n", len(rows))
	return nil
}

// command runs a program and returns its standard output; its standard error
// becomes the error's text.
func command(name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s %s: %w\n%s", name, args[0], err, bytes.TrimSpace(errs.Bytes()))
	}
	return out.Bytes(), nil
}
