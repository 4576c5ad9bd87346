package alloc

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"moec.dev/moec/compiler"
	"moec.dev/moec/compiler/build"
	"moec.dev/moec/compiler/gen"
	"moec.dev/moec/compiler/interp"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/dsl/diag"
)

const policies = "../../policies"

func TestExampleBundles(t *testing.T) {
	dirs, err := os.ReadDir(policies)
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no example bundles: %v", err)
	}
	for _, d := range dirs {
		t.Run(d.Name(), func(t *testing.T) {
			measure(t, d.Name(), filepath.Join(policies, d.Name()), "forward", "200", "400", "401", "403", "404", "405")
		})
	}
}

// A bundle with scopes of every kind, policies, modules and rules in shadow.
func TestScopes(t *testing.T) { measure(t, "scopes", filepath.Join("testdata", "scopes")) }

// Answers that know their requests, and bodies that are counted.
func TestAnswers(t *testing.T) {
	measure(t, "answers", filepath.Join("testdata", "answers"), "forward", "403", "413")
}

// What no example bundle does has a bundle here.
func TestRouting(t *testing.T) {
	measure(t, "routing", filepath.Join("testdata", "routing"), "forward", "302", "308")
}

// Limits of every kind, in both steps, in scopes and in shadow.
func TestLimits(t *testing.T) {
	measure(t, "limits", filepath.Join("testdata", "limits"), "forward", "403", "404", "429", "503")
}

// measure runs the generated test of one bundle in a module of its own. Its tests
// must show these kinds of decisions.
func measure(t *testing.T, name, dir string, kinds ...string) {
	u := compiled(t, name, dir)
	hooks := recorded(t, u, kinds)
	text, err := json.Marshal(hooks)
	if err != nil {
		t.Fatal(err)
	}
	test, err := os.ReadFile("testdata/measure.go.txt")
	if err != nil {
		t.Fatal(err)
	}
	main, err := gen.Program([]string{u.IR.Name}, gen.Pipe)
	if err != nil {
		t.Fatal(err)
	}
	src, err := build.Module(string(gen.Pipe), map[string]map[string][]byte{u.IR.Name: u.Go}, main)
	if err != nil {
		t.Fatal(err)
	}
	home := "bundles/b_" + u.IR.Name + "/"
	src[home+"allocations_test.go"], src[home+"hooks.json"] = test, text
	root := t.TempDir()
	for path, text := range src {
		file := filepath.Join(root, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run := exec.Command("go", "test", "-count=1", "./bundles/b_"+u.IR.Name)
	run.Dir = root
	run.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "CGO_ENABLED=0", "GOTOOLCHAIN=local")
	if out, err := run.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	t.Logf("%d requests", len(hooks))
}

// compiled is a bundle as its tests need it.
func compiled(t *testing.T, name, dir string) *compiler.Unit {
	u, found := compiler.Run(compiler.Input{FS: os.DirFS(dir), Name: name}, "")
	refuse(t, found)
	u, found = u.ForTests()
	refuse(t, found)
	return u
}

func refuse(t *testing.T, found []*diag.Diagnostic) {
	for _, d := range found {
		if d.Code.Severity == diag.Error {
			t.Fatal(d)
		}
	}
}

// hook is one request of a test block, with what became of it. The generated
// test reads it.
type hook struct {
	Name       string
	Request    [][2]string
	Response   [][2]string
	Source     string
	SourcePort uint64
	Now        int64
	Test       int  // which one it is of
	Hold       bool // the request stays on its way while those that follow have this, too
	Forward    bool
	Limited    bool // refused for the number of its like
	Status     int
}

// recorder is an executor that keeps what it was asked.
type recorder struct {
	scenario.Executor
	limits []*resolve.Limit
	hooks  []hook
	test   int
}

func (r *recorder) Begin() error {
	r.test++
	return r.Executor.(scenario.Stateful).Begin()
}

func (r *recorder) Release() error { return r.Executor.(scenario.Stateful).Release() }

func (r *recorder) Send(bundle string, q scenario.Request) (scenario.Outcome, error) {
	o, err := r.Executor.Send(bundle, q)
	h := hook{Name: q.Method + " " + q.Path + " by " + o.By, Source: q.Source, Now: q.Now.UnixNano(), Test: r.test, Hold: q.Hold, Forward: o.Forward, Status: o.Status,
		Request:  [][2]string{{":method", q.Method}, {":scheme", q.Scheme}, {":authority", q.Authority}, {":path", q.Path}},
		Response: [][2]string{{":status", strconv.Itoa(q.Upstream.Status)}}}
	if a, err := netip.ParseAddrPort(q.Source); err == nil {
		h.SourcePort = uint64(a.Port())
	}
	for _, l := range r.limits {
		h.Limited = h.Limited || o.By == l.FullName && o.Status != 403
	}
	for _, x := range q.Headers {
		h.Request = append(h.Request, [2]string{x.Name, x.Value})
	}
	for _, x := range q.Upstream.Headers {
		h.Response = append(h.Response, [2]string{x.Name, x.Value})
	}
	r.hooks = append(r.hooks, h)
	return o, err
}

// recorded are the requests of the bundle's tests. They must show these kinds of
// decisions, or nothing would be measured of them.
func recorded(t *testing.T, u *compiler.Unit, kinds []string) []hook {
	r := &recorder{Executor: interp.New(u.Checked), limits: u.Checked.Limits}
	for _, test := range u.Checked.Tests {
		if got := scenario.Run(u.Checked, u.Keys, test, []scenario.Executor{r}, scenario.Options{}); got.Failed() {
			t.Fatalf("%q: %v", got.Title, got.Failures)
		}
	}
	seen := map[string]bool{}
	for _, h := range r.hooks {
		if h.Forward {
			seen["forward"] = true
		}
		seen[fmt.Sprint(h.Status)] = true
	}
	var missing []string
	for _, kind := range kinds {
		if !seen[kind] {
			missing = append(missing, kind)
		}
	}
	if len(missing) > 0 {
		t.Errorf("the tests of %s show no %s", u.IR.Name, strings.Join(missing, ", "))
	}
	return r.hooks
}
