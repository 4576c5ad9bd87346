package build

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// exports keeps everything but the hooks out of the library's symbol table.
const exports = "runtime/host/dynmod/exports.map"

// Failure says that generated code did not build: always a mistake of moec.
type Failure struct {
	// Report is the file that holds what the toolchain said and the sources.
	Report string
	Output string
}

// Error names the report.
func (e *Failure) Error() string {
	return "the generated code does not build; this is a mistake in moec. Please send the report " + e.Report
}

// Library builds a module as a shared library for Envoy and returns its path
// in the cache. The same source and toolchain give the same bytes.
func Library(ctx context.Context, src Source, t *Toolchain) (string, error) {
	return cached(ctx, src, t, "lib.so", func(dir, out string) []string {
		link := "-Wl,-z,lazy -Wl,--unresolved-symbols=ignore-all -Wl,--build-id=none -Wl,--version-script=" + filepath.Join(dir, filepath.FromSlash(exports))
		return []string{"build", "-buildmode=c-shared", "-trimpath", "-buildvcs=false", "-mod=mod",
			"-ldflags=-s -w -buildid= '-extldflags=" + link + "'", "-o", out, "."}
	})
}

// Executable builds a module as a program without cgo and returns its path in
// the cache.
func Executable(ctx context.Context, src Source, t *Toolchain) (string, error) {
	return cached(ctx, src, t, "prog", func(_, out string) []string {
		return []string{"build", "-trimpath", "-buildvcs=false", "-mod=mod", "-ldflags=-s -w -buildid=", "-o", out, "."}
	})
}

// key identifies what a build makes: sources, kind, toolchains and platform.
func key(src Source, t *Toolchain, kind string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s\n%s/%s\n", kind, t.GoVersion, t.CCVersion, runtime.GOOS, runtime.GOARCH)
	for _, p := range src.Paths() {
		fmt.Fprintf(h, "%s %d\n", p, len(src[p]))
		h.Write(src[p])
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// cacheDir is where builds are kept: MOEC_CACHE, or the user's cache.
func cacheDir() (string, error) {
	if d := os.Getenv("MOEC_CACHE"); d != "" {
		return filepath.Abs(d)
	}
	d, err := os.UserCacheDir()
	if err != nil {
		return "", errors.New("no cache directory: set MOEC_CACHE to a directory that moec may write to")
	}
	return filepath.Join(d, "moec"), nil
}

// cached builds into the cache unless the result is there. The result appears
// there whole or not at all.
func cached(ctx context.Context, src Source, t *Toolchain, name string, args func(dir, out string) []string) (string, error) {
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	home := filepath.Join(cache, key(src, t, name))
	out := filepath.Join(home, name)
	if _, err := os.Stat(out); err == nil {
		return out, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", fmt.Errorf("cache: %w", err)
	}
	dir, err := workDir(cache)
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	if err := src.write(dir); err != nil {
		return "", fmt.Errorf("cache: %w", err)
	}
	built := filepath.Join(dir, name)
	cmd := exec.CommandContext(ctx, t.Go, args(dir, built)...)
	cmd.Dir = dir
	cmd.Env = append(environment(t), goCaches(cache)...)
	var text bytes.Buffer
	cmd.Stdout, cmd.Stderr = &text, &text
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", failure(src, text.String(), err)
	}
	if err := os.MkdirAll(home, 0o755); err != nil {
		return "", fmt.Errorf("cache: %w", err)
	}
	if err := Install(built, out); err != nil {
		return "", fmt.Errorf("cache: %w", err)
	}
	return out, nil
}

// workDir makes a directory to build in. The linker's arguments are split at
// blanks, quotes and commas, so that none may be in its path.
func workDir(cache string) (string, error) {
	for _, parent := range []string{cache, os.TempDir(), "/tmp", "/var/tmp"} {
		if strings.ContainsAny(parent, " \t\n'\",\\") {
			continue
		}
		if dir, err := os.MkdirTemp(parent, "moec-build-"); err == nil {
			return dir, nil
		}
	}
	return "", fmt.Errorf("cache: no directory to build in: make %s writable, or set MOEC_CACHE or TMPDIR to one without blanks and quotes in its path", cache)
}

// environment is the toolchain's: nothing of the caller's settings gets in, so
// that the result depends on sources and versions alone, and the network is
// never asked.
func environment(t *Toolchain) []string {
	env := []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TMPDIR=" + os.TempDir(), "LC_ALL=C",
		"GOTOOLCHAIN=local", "GOPROXY=off", "GOSUMDB=off", "GOWORK=off", "GOENV=off", "GOFLAGS=", "GO111MODULE=on",
		"GODEBUG=", "GOEXPERIMENT=", "GOOS=" + runtime.GOOS, "GOARCH=" + runtime.GOARCH, "GOAMD64=v1",
	}
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPATH", "XDG_CACHE_HOME"} {
		if v := os.Getenv(name); v != "" {
			env = append(env, name+"="+v)
		}
	}
	if t.CC == "" {
		return append(env, "CGO_ENABLED=0")
	}
	return append(env, "CGO_ENABLED=1", "CC="+t.CC)
}

// goCaches gives the Go tool directories below moec's cache in the place of its
// own where those cannot be: it does not build without, and services often have
// no HOME. A setting of the caller stays as it is.
func goCaches(cache string) (env []string) {
	if os.Getenv("GOCACHE") == "" && !hasGoCache() {
		env = append(env, "GOCACHE="+filepath.Join(cache, "go-build"))
	}
	if os.Getenv("GOPATH") == "" && os.Getenv("GOMODCACHE") == "" && os.Getenv("HOME") == "" {
		env = append(env, "GOPATH="+filepath.Join(cache, "go"))
	}
	return env
}

// hasGoCache reports whether the Go tool can write to the cache that it would
// choose by itself.
func hasGoCache() bool {
	dir, err := os.UserCacheDir()
	if err != nil || !filepath.IsAbs(dir) {
		return false
	}
	dir = filepath.Join(dir, "go-build")
	if os.MkdirAll(dir, 0o777) != nil {
		return false
	}
	probe, err := os.CreateTemp(dir, ".moec-*")
	if err != nil {
		return false
	}
	probe.Close()
	return os.Remove(probe.Name()) == nil
}

// failure keeps what is needed to find out why generated code did not build.
func failure(src Source, output string, cause error) error {
	if strings.Contains(output, "no space left on device") {
		return fmt.Errorf("build: no space left on device; free some, or set MOEC_CACHE and TMPDIR to another disk")
	}
	if dir := os.Getenv("GOCACHE"); dir != "" && (strings.Contains(output, "failed to initialize build cache") || strings.Contains(output, "build cache is required")) {
		return fmt.Errorf("build: the Go tool cannot use GOCACHE=%s: %s; unset it, or set it to the absolute path of a directory that can be written to", dir, strings.TrimSpace(output))
	}
	f, err := os.CreateTemp("", "moec-report-*.txt")
	if err != nil {
		return &Failure{Report: "(none could be written)", Output: output}
	}
	defer f.Close()
	fmt.Fprintf(f, "%v\n\n%s\n", cause, output)
	for _, p := range src.Paths() {
		if strings.HasPrefix(p, "bundles/") || p == "main.go" {
			fmt.Fprintf(f, "\n-- %s --\n%s", p, src[p])
		}
	}
	return &Failure{Report: f.Name(), Output: output}
}

// Install copies a built file to where it is wanted. Envoy may have the old one
// mapped, so that it is replaced and never overwritten.
func Install(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	return atomically(to, 0o755, func(w io.Writer) error {
		_, err := io.Copy(w, in)
		return err
	})
}

// atomically writes a file whole or not at all.
func atomically(name string, mode os.FileMode, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	err = write(f)
	if e := f.Chmod(mode); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
