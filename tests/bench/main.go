// Command bench measures what a bundle's library costs a stream, from
// filter_new to destroy, in a host that plays only as much of Envoy as that
// takes, and holds it against a yardstick: one empty crossing from C into Go
// plus one SHA-256 of the key.
//
// It knows the library's ABI only through the C programs in stream/ and
// nothing of policies.
package main

import (
	"embed"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

//go:embed stream
var programs embed.FS

func main() {
	if err := bench(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench() error {
	var p plan
	flag.StringVar(&p.library, "library", "", "the library to measure (required)")
	flag.StringVar(&p.bundle, "bundle", "", "the bundle in it (required)")
	flag.StringVar(&p.method, "method", "GET", "method of the request")
	flag.StringVar(&p.url, "url", "http://shop.example.com/", "URL of the request")
	flag.StringVar(&p.key, "key", "letmein", "what the yardstick takes the SHA-256 of")
	flag.IntVar(&p.status, "status", 0, "the status that the bundle answers with, 0 if it forwards")
	limits := flag.Bool("limits", false, "measure the routes of testdata/limited instead of one request")
	flag.IntVar(&p.rounds, "rounds", 3, "rounds; the figures are their medians")
	flag.IntVar(&p.count, "count", 10000, "streams a figure where there are pauses; a hundred times as many without")
	flag.Func("header", "a request header, \"name: value\"; may be repeated", func(s string) error {
		name, value, ok := strings.Cut(s, ":")
		if !ok || name == "" {
			return fmt.Errorf("%q is not \"name: value\"", s)
		}
		p.headers = append(p.headers, strings.ToLower(name), strings.TrimSpace(value))
		return nil
	})
	flag.Parse()
	if p.library == "" || p.bundle == "" || flag.NArg() > 0 {
		return fmt.Errorf("usage: bench -library FILE.so -bundle NAME [-url URL] [-header \"name: value\"]...")
	}
	if p.rounds < 1 || p.count < 1000 {
		return fmt.Errorf("at least 1 round of 1000 streams is needed")
	}
	u, err := url.Parse(p.url)
	if err != nil {
		return err
	}
	p.headers = append([]string{":authority", u.Host, ":path", u.RequestURI(), ":method", p.method, ":scheme", u.Scheme}, p.headers...)

	dir, err := os.MkdirTemp("", "moec-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := p.build(dir); err != nil {
		return err
	}
	fmt.Printf("%s on %s/%s, %d processors\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	if *limits {
		return p.limits(os.Stdout, os.Stderr)
	}
	r, err := p.measure(os.Stderr)
	if err != nil {
		return err
	}
	r.print(os.Stdout)
	return nil
}

// build makes the two C programs and the yardstick's library.
func (p *plan) build(dir string) error {
	if err := os.CopyFS(dir, programs); err != nil {
		return err
	}
	p.stream, p.crossing, p.yardstick = filepath.Join(dir, "run-stream"), filepath.Join(dir, "run-crossing"), filepath.Join(dir, "crossing.so")
	for _, command := range [][]string{
		{"gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-rdynamic", filepath.Join(dir, "stream", "stream.c"), "-o", p.stream, "-ldl", "-lpthread"},
		{"gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", filepath.Join(dir, "stream", "crossing.c"), "-o", p.crossing, "-ldl"},
		{"go", "build", "-buildmode=c-shared", "-o", p.yardstick, "moec.dev/moec/tests/bench/crossing"},
	} {
		if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, out)
		}
	}
	return nil
}
