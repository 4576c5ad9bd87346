package build

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestManifest(t *testing.T) {
	m := &Manifest{Library: "shop.so", SHA256: "00", Moec: "1", Go: "go1", CC: "gcc", Platform: "linux/amd64", Glibc: "2.34", EnvoyOldest: "1.38", EnvoyNewest: "1.40",
		Bundles: []Contents{{Name: "shop", Digest: "ff", Headers: []string{"a"}, Routes: []string{"orders"}, Crossings: map[string]int{"request": 1}, Envoy: "1.38",
			Limits: []Buckets{{Name: "shop.per_user", Keys: 10, Bytes: 640}}, Cost: Cost{Rules: []Price{{Name: "shop.orders.odd", Min: 1, Max: new(uint64), Lets: []string{"a"}}}, Lets: []Price{{Name: "a", Lets: []string{}}}}}}}
	path := filepath.Join(t.TempDir(), "shop.json")
	if err := m.Write(path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var back Manifest
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(m, &back); d != "" {
		t.Error(d)
	}
	if !strings.HasSuffix(string(text), "}\n") {
		t.Error("the file does not end with its line")
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

func TestDescribeNoLibrary(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.so")
	m := &Manifest{}
	if err := m.Describe(path); err == nil {
		t.Error("described a file that is not there")
	}
	if err := os.WriteFile(path, []byte("text"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := m.Describe(path); err == nil {
		t.Error("described text as a library")
	}
}
