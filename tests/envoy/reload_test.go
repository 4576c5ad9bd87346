package envoy

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/tests/envoy/harness"
)

// soon is how long a change of a file may take to be seen.
const soon = 10 * time.Second

// dataDir is a directory with the files of bundle live.
func dataDir(t *testing.T, plans string) string {
	dir := t.TempDir()
	put(t, dir, "plans.json", plans)
	put(t, dir, "plans.yaml", "gold:\n  rate: 5\n")
	put(t, dir, "names.csv", "id,name\ngold,Gold\n")
	put(t, dir, "robots.keys", keyLine("first", "r1 ops plan=gold seats=3"))
	return dir
}

func keyLine(secret, rest string) string {
	return fmt.Sprintf("sha256:%x %s\n", sha256.Sum256([]byte(secret)), rest)
}

// put replaces a file as a careful program does.
func put(t *testing.T, dir, name, text string) {
	t.Helper()
	next := filepath.Join(dir, "."+name)
	if err := os.WriteFile(next, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

func live(library, name, settings string) harness.Listener {
	return harness.Listener{Name: name, Filters: []harness.Filter{{Library: library, Bundle: "live", Settings: settings}}}
}

// ask sends a request and returns what the upstream saw of a header, or the
// status.
func ask(t *testing.T, x *harness.Executor, listener, path, header string, headers ...string) string {
	t.Helper()
	out, err := x.Send(listener, scenario.Request{Method: "GET", Path: path, Authority: "a", Headers: named(headers...)})
	if err != nil {
		t.Fatal(err)
	}
	if !out.Forward {
		return fmt.Sprint(out.Status)
	}
	return strings.Join(find(out.Request, header), "|")
}

// until asks again and again until the answer is as wanted.
func until(t *testing.T, want string, f func() string) {
	t.Helper()
	got := ""
	for end := time.Now().Add(soon); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if got = f(); got == want {
			return
		}
	}
	t.Errorf("got %q, want %q", got, want)
}

func TestReload(t *testing.T) {
	library := bundlesLibrary(t)
	eachVersion(t, func(t *testing.T, version string) {
		one, two := dataDir(t, `{"gold": {"rate": 10}}`), dataDir(t, `{"gold": {"rate": 20}}`)
		swapped := filepath.Join(t.TempDir(), "current")
		if err := os.Symlink(one, swapped); err != nil {
			t.Fatal(err)
		}
		x := start(t, version, []harness.Listener{
			live(library, "one", `{"root": "`+one+`"}`),
			live(library, "same", `{"root": "`+one+`"}`),
			live(library, "two", `{"root": "`+one+`", "files": {"plans.json": "`+two+`/plans.json"}}`),
			live(library, "swap", `{"root": "`+swapped+`"}`),
		}, "up")
		rate := func(listener string) func() string {
			return func() string { return ask(t, x, listener, "/plans/gold", "x-rate") }
		}
		// What was built in holds nowhere: the files were read first.
		for listener, want := range map[string]string{"one": "10", "same": "10", "two": "20", "swap": "10"} {
			if got := rate(listener)(); got != want {
				t.Errorf("%s: rate %s, want %s", listener, got, want)
			}
		}
		if got := ask(t, x, "one", "/robot", "", "x-api-key", "built in"); got != "401" {
			t.Errorf("a key that is compiled in and not in the file: %s", got)
		}
		if got := ask(t, x, "one", "/robot", "x-who", "x-api-key", "first"); got != "robots:r1 gold 3" {
			t.Errorf("a key in the file: %s", got)
		}

		put(t, one, "plans.json", `{"gold": {"rate": 11}}`)
		until(t, "11", rate("one"))
		until(t, "11", rate("same"))
		if got := rate("two")(); got != "20" {
			t.Errorf("another file's change: %s", got)
		}
		put(t, one, "names.csv", "id,name\ngold,Geld\n")
		until(t, "Geld", func() string { return ask(t, x, "one", "/plans/gold", "x-named") })

		if got := ask(t, x, "one", "/plans/gold", "x-yaml"); got != "5" {
			t.Errorf("a YAML file: %s", got)
		}
		put(t, one, "plans.yaml", "gold: { rate: 6 } # more\n")
		until(t, "6", func() string { return ask(t, x, "one", "/plans/gold", "x-yaml") })

		// A bad file is refused with its line, and the last good one stays.
		put(t, one, "plans.json", "{\n \"gold\": {\"rate\": \"12\"}}")
		until(t, "logged", func() string {
			if strings.Contains(x.Envoy().Log(), "line 2, plans.gold.rate: a text stands where a whole number is needed") {
				return "logged"
			}
			return ""
		})
		if got := rate("one")(); got != "11" {
			t.Errorf("after a bad file: %s", got)
		}
		if err := os.Remove(filepath.Join(one, "plans.json")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if got := rate("one")(); got != "11" {
			t.Errorf("after the file is gone: %s", got)
		}
		put(t, one, "plans.json", `{"gold": {"rate": 13}}`)
		until(t, "13", rate("one"))

		// Keys come and go.
		put(t, one, "robots.keys", keyLine("second", "r2"))
		until(t, "robots:r2 - 0", func() string { return ask(t, x, "one", "/robot", "x-who", "x-api-key", "second") })
		if got := ask(t, x, "one", "/robot", "", "x-api-key", "first"); got != "401" {
			t.Errorf("a key that was taken away: %s", got)
		}
		put(t, one, "robots.keys", "# all are revoked\n")
		until(t, "401", func() string { return ask(t, x, "one", "/robot", "x-who", "x-api-key", "second") })
		put(t, one, "plans.json", "{}")
		until(t, "404", rate("one"))
		put(t, one, "plans.json", `{"gold": {"rate": 13}}`)
		until(t, "13", rate("one"))

		// A symbolic link to a directory is swapped, as Kubernetes does it.
		until(t, "13", rate("swap"))
		next := swapped + ".next"
		if err := errors.Join(os.Symlink(two, next), os.Rename(next, swapped)); err != nil {
			t.Fatal(err)
		}
		until(t, "20", rate("swap"))
	})
}

// Files that change while requests are decided: every answer is from one file
// or the other.
func TestReloadUnderLoad(t *testing.T) {
	library := bundlesLibrary(t)
	version := harness.Supported[len(harness.Supported)-1]
	dir := dataDir(t, `{"gold": {"rate": 1}}`)
	x := start(t, version, []harness.Listener{live(library, "one", `{"root": "`+dir+`"}`)}, "up")
	var stop atomic.Bool
	var writer sync.WaitGroup
	writer.Add(1)
	go func() {
		defer writer.Done()
		for i := 0; !stop.Load(); i++ {
			next := filepath.Join(dir, ".next")
			text := fmt.Sprintf(`{"gold": {"rate": %d}}`, 1+i%2)
			if os.WriteFile(next, []byte(text), 0o600) != nil || os.Rename(next, filepath.Join(dir, "plans.json")) != nil {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
	}()
	seen := map[string]int{}
	for end := time.Now().Add(3 * time.Second); time.Now().Before(end); {
		seen[ask(t, x, "one", "/plans/gold", "x-rate")]++
	}
	stop.Store(true)
	writer.Wait()
	if seen["1"]+seen["2"] == 0 || len(seen) > 2 {
		t.Errorf("answers: %v", seen)
	}
}

// A bad first file refuses the configuration, and so does one that nobody can
// find.
func TestBadFirstFile(t *testing.T) {
	library := bundlesLibrary(t)
	version := harness.Supported[0]
	bad := dataDir(t, `{"gold": {}}`)
	for settings, want := range map[string]string{
		`{"root": "` + bad + `"}`:           "plans.gold.rate: the field is missing",
		``:                                  "nothing says where that is",
		`{"root": "/nowhere/at/all"}`:       "no such file",
		`{"root": "here"}`:                  "absolute path",
		`{"files": {"other.json": "/x"}}`:   "does not read",
		`{"root": "` + bad + `", "dir": 1}`: "unknown member",
	} {
		_, err := harness.StartEnvoy(version, harness.Bootstrap([]harness.Listener{live(library, "one", settings)}, []string{"up"}, 1))
		var exited *harness.Exited
		if !errors.As(err, &exited) || !strings.Contains(exited.Log, want) {
			t.Errorf("%s: %v", settings, err)
		}
	}
}
