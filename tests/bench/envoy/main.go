// Command envoy measures what a bundle adds to a request in a real Envoy, held
// against the chain of Envoy's own filters that does the same, and against
// Envoy's price of any filter of a dynamic module. It counts instructions and
// takes processor time.
//
// It knows moec by its command line only.
package main

import (
	"embed"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

//go:embed count front idle
var sources embed.FS

func main() {
	// The Envoys are told to end when the thread that started them does.
	runtime.LockOSThread()
	if err := bench(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// plan says what is measured and with what.
type plan struct {
	moec, version         string
	turns, count, stepped int
	most                  time.Duration
	limit                 bool

	dir, library, idle, counter string
	upstream                    int
}

func bench() error {
	var p plan
	flag.StringVar(&p.moec, "moec", "bin/moec", "the compiler")
	flag.StringVar(&p.version, "envoy", "1.39.3", "the version of Envoy")
	flag.IntVar(&p.turns, "turns", 20, "how often each chain has its turn; processor time is the median of the turns, and 0 leaves it out")
	flag.DurationVar(&p.most, "most", 2*time.Minute, "no turn begins later than this, on a busy machine")
	flag.IntVar(&p.count, "count", 10000, "requests in a turn")
	flag.IntVar(&p.stepped, "stepped", 2, "requests that are stepped through, twice, where the processor counts no instructions; 0 for none")
	flag.BoolVar(&p.limit, "limit", true, "with a limit for each client")
	flag.Parse()
	if flag.NArg() > 0 || p.turns < 0 || p.count < connections || p.stepped < 0 {
		return fmt.Errorf("usage: bench [-moec FILE] [-envoy VERSION] [-turns N] [-most TIME] [-count N] [-stepped N] [-limit=false]")
	}
	dir, err := os.MkdirTemp("", "moec-bench-envoy-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	p.dir = dir
	if err := p.build(); err != nil {
		return err
	}
	if p.upstream, err = upstream(); err != nil {
		return err
	}
	fmt.Printf("Envoy %s with one worker, %s, %s/%s, %d processors\n", p.version, runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())

	r := results{plan: p}
	if err := p.times(&r); err != nil {
		return err
	}
	if err := p.instructions(&r); err != nil {
		return err
	}
	r.print(os.Stdout)
	return nil
}

// build compiles the bundle, the module that does nothing and the counter.
func (p *plan) build() error {
	if err := os.CopyFS(p.dir, sources); err != nil {
		return err
	}
	if err := p.writeFront(filepath.Join(p.dir, "front")); err != nil {
		return err
	}
	p.library, p.idle = filepath.Join(p.dir, "front.so"), filepath.Join(p.dir, "idle.so")
	if err := run(p.moec, "compile", filepath.Join(p.dir, "front"), "-o", p.library); err != nil {
		return err
	}
	if err := run("cc", "-std=c11", "-O2", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror", "-shared", "-fPIC",
		"-o", p.idle, filepath.Join(p.dir, "idle", "idle.c")); err != nil {
		return err
	}
	return p.buildCounter()
}

func run(name string, args ...string) error {
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return nil
}
