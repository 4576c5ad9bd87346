// Package scale holds moec to its times on a policy of a thousand rules.
package scale

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What one command may take of the processors, whatever else is going on: on
// the two of a small machine, moec check is done in less than 2 s, and moec
// compile, which keeps both busy, in 20 s.
const (
	checkTime   = 2 * time.Second
	compileTime = 40 * time.Second
)

func TestThousandRules(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a library")
	}
	dir := t.TempDir()
	moec := filepath.Join(dir, "moec")
	if out, err := exec.Command("go", "build", "-o", moec, "moec.dev/moec/cmd/moec").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	policy := filepath.Join(dir, "large")
	if err := os.Mkdir(policy, 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(seed int) {
		for name, text := range bundle(seed, 50, 20) {
			if err := os.WriteFile(filepath.Join(policy, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	run := func(limit time.Duration, args ...string) string {
		t.Helper()
		cmd := exec.Command(moec, args...)
		cmd.Dir = dir
		start := time.Now()
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("moec %s: %v\n%.2000s", strings.Join(args, " "), err, out)
		}
		worked := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime() // children included
		t.Logf("moec %s: %v, of the processors %v", args[0], time.Since(start).Round(time.Millisecond), worked.Round(time.Millisecond))
		if worked > limit {
			t.Errorf("moec %s took %v of the processors, more than %v", args[0], worked, limit)
		}
		return string(out)
	}
	write(1)
	if out := run(checkTime, "check", "large"); !strings.Contains(out, "50 routes") {
		t.Errorf("moec check says %s", out)
	}
	run(time.Hour, "compile", "large", "-o", "large.so") // fills the caches of Go
	write(2)
	run(compileTime, "compile", "large", "-o", "large.so")
	manifest, err := os.ReadFile(filepath.Join(dir, "large.json"))
	if n := strings.Count(string(manifest), `"name": "large.r`); err != nil || n < 1000 {
		t.Errorf("the manifest has the costs of %d rules: %v", n, err)
	}
}
