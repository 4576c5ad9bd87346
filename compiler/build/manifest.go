package build

import (
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// NewestEnvoy is the newest Envoy that libraries are tested with.
const NewestEnvoy = "1.40"

// Manifest says what a library holds and where it runs. It is written beside
// the library as JSON.
type Manifest struct {
	Library     string     `json:"library"`
	SHA256      string     `json:"sha256"`
	Moec        string     `json:"moec"`
	Go          string     `json:"go"`
	CC          string     `json:"cc"`
	Platform    string     `json:"platform"`
	Glibc       string     `json:"glibc"` // the oldest that can load the library
	EnvoyOldest string     `json:"envoyOldest"`
	EnvoyNewest string     `json:"envoyNewest"` // the newest that was tested
	Bundles     []Contents `json:"bundles"`
}

// Contents says what one bundle of a library does with a request.
type Contents struct {
	Name   string `json:"name"`
	Digest string `json:"digest"`
	// What is read of a request.
	Headers    []string `json:"headers"`
	Queries    []string `json:"queries"`
	Cookies    []string `json:"cookies"`
	Attributes []string `json:"attributes"`
	// Clusters are those that the bundle forwards to.
	Clusters []string `json:"clusters"`
	Routes   []string `json:"routes"`
	// Files are those that the library reads when it is loaded, and when they
	// change.
	Files []string `json:"files"`
	// Crossings from Envoy into Go, by phase, for a request that is forwarded;
	// trailers for one that has some.
	Crossings map[string]int `json:"crossings"`
	// Limits are what each limit holds, in memory that a process reserves when it
	// loads the bundle's first configuration.
	Limits []Buckets `json:"limits"`
	// Cost is what each rule and each let costs.
	Cost  Cost   `json:"cost"`
	Envoy string `json:"envoyOldest"`
}

// Buckets is what one limit holds.
type Buckets struct {
	Name  string `json:"name"`
	Keys  int    `json:"keys"` // that have a bucket of their own
	Bytes int    `json:"bytes"`
}

// Cost is what the expressions of a bundle cost, in units of one operation, or
// ten bytes of text to go over.
type Cost struct {
	Rules []Price `json:"rules"`
	// Lets are computed once for a request, those with parameters by each call.
	Lets []Price `json:"lets"`
}

// Price is what one rule or let costs.
type Price struct {
	Name string `json:"name"`
	Min  uint64 `json:"min"`
	// Max is on the largest request, all lets included that a rule reads; null
	// says that nothing bounds it.
	Max *uint64 `json:"max"`
	// Lets are the lets that it reads.
	Lets []string `json:"lets"`
}

// Describe fills in what the library's file tells about itself.
func (m *Manifest) Describe(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	m.SHA256 = hex.EncodeToString(h.Sum(nil))
	m.Platform = runtime.GOOS + "/" + runtime.GOARCH
	m.EnvoyNewest = NewestEnvoy
	m.Glibc, err = glibc(path)
	return err
}

// glibc returns the newest version of the C library that a file asks for.
func glibc(path string) (string, error) {
	f, err := elf.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	symbols, err := f.ImportedSymbols()
	if err != nil {
		return "", err
	}
	newest, best := "", 0
	for _, s := range symbols {
		v, ok := strings.CutPrefix(s.Version, "GLIBC_")
		parts := strings.Split(v, ".")
		if !ok || len(parts) < 2 {
			continue
		}
		major, _ := strconv.Atoi(parts[0])
		minor, _ := strconv.Atoi(parts[1])
		if n := major*1000 + minor; n > best {
			newest, best = v, n
		}
	}
	return newest, nil
}

// Write writes the manifest beside the library.
func (m *Manifest) Write(path string) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return atomically(path, 0o644, func(w io.Writer) error {
		_, err := w.Write(append(text, '\n'))
		return err
	})
}
