// Package dynmod runs a compiled library in a host that plays Envoy's part: a C
// program, built here from the files in host/, that loads the library as a
// dynamic module and takes every liberty that Envoy may take. Go code drives
// it one stream at a time, or many at once.
//
// It knows the ABI's hooks and the vocabulary of scenario. It must not know how
// a bundle is compiled.
package dynmod

import (
	"bufio"
	"embed"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

//go:embed host joined.txt
var sources embed.FS

// Joined returns the request headers whose repetitions Envoy joins with a
// comma before a filter sees them. The list is measured on real Envoys.
func Joined() []string {
	text, err := sources.ReadFile("joined.txt")
	if err != nil {
		panic(err) // embedded
	}
	var names []string
	for _, line := range strings.Split(string(text), "\n") {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			names = append(names, line)
		}
	}
	return names
}

// Options choose a host other than the newest Envoy.
type Options struct {
	Minor    int      // of Envoy 1.Minor: 38, 39 or 40; 0 is 40
	Defines  []string // C macros, for callbacks left out
	Sanitize bool     // with the address sanitizer
	Env      []string // added to the environment
}

// Host is a running host with one library loaded. It is not safe for use by
// more than one goroutine.
type Host struct {
	Version string   // what the library calls its ABI, or "refused"
	Log     []string // what it logged while it was loaded

	dir     string
	library string
	program string
	env     []string
	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	errors  strings.Builder
	configs map[string]int
	counts  bool // see Begin
}

// New builds a host, starts it and has it load a library. Close ends it.
func New(library string, o Options) (*Host, error) {
	dir, err := os.MkdirTemp("", "moec-host-")
	if err != nil {
		return nil, err
	}
	h := &Host{dir: dir, configs: map[string]int{}}
	if err := h.start(library, o); err != nil {
		h.Close()
		return nil, fmt.Errorf("test host: %w", err)
	}
	return h, nil
}

func (h *Host) start(library string, o Options) error {
	if o.Minor == 0 {
		o.Minor = 40
	}
	var err error
	if h.program, err = build(h.dir, o); err != nil {
		return err
	}
	h.library, err = filepath.Abs(library)
	if err != nil {
		return err
	}
	h.env = o.Env
	return h.run()
}

func (h *Host) run() error {
	var err error
	h.process = exec.Command(h.program, h.library)
	h.process.Env = append(os.Environ(), h.env...)
	h.process.Stderr = &h.errors
	if h.in, err = h.process.StdinPipe(); err != nil {
		return err
	}
	out, err := h.process.StdoutPipe()
	if err != nil {
		return err
	}
	h.out = bufio.NewReader(out)
	if err := h.process.Start(); err != nil {
		return err
	}
	loaded, err := h.read()
	if err != nil {
		return err
	}
	h.Version, h.Log = loaded[0], loaded[1:]
	_, err = h.call(append([]string{"joined"}, Joined()...)...)
	return err
}

func build(dir string, o Options) (string, error) {
	files, err := fs.Sub(sources, "host")
	if err != nil {
		return "", err
	}
	if err := os.CopyFS(filepath.Join(dir, "host"), files); err != nil {
		return "", err
	}
	program := filepath.Join(dir, "play")
	args := []string{"-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-rdynamic", "-DHOST_ENVOY=" + strconv.Itoa(o.Minor)}
	for _, d := range o.Defines {
		args = append(args, "-D"+d)
	}
	if o.Sanitize {
		args = append(args, "-fsanitize=address")
	}
	matches, err := filepath.Glob(filepath.Join(dir, "host", "*.c"))
	if err != nil {
		return "", err
	}
	args = append(append(args, matches...), "-o", program, "-ldl", "-lpthread")
	if out, err := exec.Command("gcc", args...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("gcc: %w\n%s", err, out)
	}
	return program, nil
}

// Configure has the library make a configuration for a bundle. Ok is false if
// it was refused; log is what the library said, each line led by Envoy's
// number of the level.
func (h *Host) Configure(bundle, filterConfig string) (ok bool, log []string, err error) {
	answer, err := h.call("config", bundle, filterConfig)
	if err != nil {
		return false, nil, err
	}
	number, err := strconv.Atoi(answer[0])
	if err != nil {
		return false, nil, err
	}
	if number >= 0 {
		h.configs[bundle] = number
	}
	return number >= 0, answer[1:], nil
}

// Drop destroys the configuration of a bundle.
func (h *Host) Drop(bundle string) error {
	number, ok := h.configs[bundle]
	if !ok {
		return fmt.Errorf("bundle %q is not configured", bundle)
	}
	delete(h.configs, bundle)
	_, err := h.call("drop", strconv.Itoa(number))
	return err
}

// PerRoute offers the library a per-route configuration.
func (h *Host) PerRoute(bundle, filterConfig string) (ok bool, log []string, err error) {
	answer, err := h.call("per-route", bundle, filterConfig)
	if err != nil {
		return false, nil, err
	}
	return answer[0] == "1", answer[1:], nil
}

// Counters returns all counters of all configurations, summed by name, and all
// gauges.
func (h *Host) Counters() (map[string]int, error) {
	answer, err := h.call("counters")
	if err != nil {
		return nil, err
	}
	counters := map[string]int{}
	for i := 0; i+1 < len(answer); i += 2 {
		n, err := strconv.Atoi(answer[i+1])
		if err != nil {
			return nil, err
		}
		counters[answer[i]] += n
	}
	return counters, nil
}

// Close ends the host and removes what it was built from. An error says that
// the host had died, or died of closing.
func (h *Host) Close() error {
	defer os.RemoveAll(h.dir)
	return h.stop()
}

func (h *Host) stop() error {
	if h.in == nil {
		return nil
	}
	h.in.Close()
	h.in = nil
	if err := h.process.Wait(); err != nil {
		return fmt.Errorf("test host: %w\n%s", err, h.errors.String())
	}
	return nil
}

func (h *Host) call(message ...string) ([]string, error) {
	var b []byte
	b = binary.LittleEndian.AppendUint32(b, uint32(len(message)))
	for _, s := range message {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	if _, err := h.in.Write(b); err != nil {
		return nil, h.died(err)
	}
	return h.read()
}

func (h *Host) read() ([]string, error) {
	number := func() (uint32, error) {
		var b [4]byte
		_, err := io.ReadFull(h.out, b[:])
		return binary.LittleEndian.Uint32(b[:]), err
	}
	n, err := number()
	if err != nil {
		return nil, h.died(err)
	}
	message := make([]string, n)
	for i := range message {
		length, err := number()
		if err != nil {
			return nil, h.died(err)
		}
		b := make([]byte, length)
		if _, err := io.ReadFull(h.out, b); err != nil {
			return nil, h.died(err)
		}
		message[i] = string(b)
	}
	return message, nil
}

func (h *Host) died(err error) error {
	h.in.Close()
	wait := h.process.Wait()
	h.in = nil
	return fmt.Errorf("the host died: %w (%v)\n%s", err, wait, h.errors.String())
}
