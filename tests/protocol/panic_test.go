package protocol

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"moec.dev/moec/compiler"
	"moec.dev/moec/compiler/build"
	"moec.dev/moec/compiler/gen"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/tests/envoy/harness"
	"moec.dev/moec/tests/host/dynmod"
)

// boom panics as Go code does: by a word, by a wild pointer (a signal to the
// process), by an index, with a value of a type of its own.
const boom = `
import "sync/atomic"

var booms atomic.Int64

func boom() {
	var nothing *[8]string
	var few []string
	switch n := booms.Add(1); n % 4 {
	case 0:
		panic("boom")
	case 1:
		nothing[3] = "boom"
	case 2:
		few[n] = "boom"
	default:
		panic(struct{ why string }{"boom"})
	}
}
`

// fragile is testdata/fragile, compiled, and then broken where a panic is to
// happen. A library has no door through which a test could ask for one.
var fragile = sync.OnceValues(func() (string, error) {
	unit, found := compiler.Run(compiler.Input{FS: os.DirFS(filepath.Join("testdata", "fragile")), Name: "fragile"}, "")
	if len(found) > 0 {
		return "", fmt.Errorf("%v", found[0])
	}
	main, err := gen.Program([]string{"fragile"}, gen.Dynmod)
	if err != nil {
		return "", err
	}
	src, err := build.Module("dynmod", map[string]map[string][]byte{"fragile": unit.Go}, main)
	if err != nil {
		return "", err
	}
	src["bundles/b_fragile/boom.go"] = []byte("package policy\n" + boom)
	src["runtime/core/boom.go"] = []byte("package core\n" + boom)
	for head, with := range map[string]string{
		`\(r \*request\) denyAskedTold\(\) bool`:                "boom()",
		`\(p \*response\) valueAnsweredResponseXWas\(\) string`: "boom()",
		`replace\(instance uint32, .*\) error`:                  `if text == "boom" { boom() }`,
		`\(s \*Spec\) refuses\(key string\) bool`:               `if key == "x-panic" { boom() }`,
	} {
		at, places := regexp.MustCompile(`(?m)^func `+head+` \{$`), 0
		for path, text := range src {
			if strings.HasPrefix(path, "bundles/") || strings.HasPrefix(path, "runtime/core/") {
				places += len(at.FindAll(text, -1))
				src[path] = at.ReplaceAll(text, []byte("$0\n"+with))
			}
		}
		if places != 1 {
			return "", fmt.Errorf("%d functions look like %s", places, head)
		}
	}
	tools, err := build.FindToolchain(context.Background(), true)
	if err != nil {
		return "", err
	}
	return build.Library(context.Background(), src, tools)
})

func fragileLibrary(t *testing.T) (library, root string) {
	t.Helper()
	library, err := fragile()
	if err != nil {
		t.Fatal(err)
	}
	root = t.TempDir()
	put(t, root, `{"gold": 600}`)
	return library, root
}

func put(t *testing.T, root, text string) {
	t.Helper()
	file := filepath.Join(root, "plans.json")
	if err := os.WriteFile(file+"~", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(file+"~", file); err != nil {
		t.Fatal(err)
	}
}

// A panic, in whatever phase and of whatever kind, ends its request with 500
// and no other, and is counted.
func TestPanics(t *testing.T) {
	library, _ := fragileLibrary(t)
	for _, version := range harness.Supported {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			put(t, root, `{"gold": 600}`)
			plain := newPlain(t)
			w := &world{plain: plain}
			settings := fmt.Sprintf(`{"root": %q}`, root)
			w.Envoy = envoy(t, version, bootstrap(
				[]any{listener("main", nil, module(library, "fragile", settings)), listener("twice", nil, module(library, "fragile", settings), module(library, "fragile", settings))},
				[]any{cluster("up2", plain.port, true)}))
			var err error
			if w.ports, err = w.Ports(); err != nil {
				t.Fatal(err)
			}
			others := w.others(t)
			const each = 12 // each kind on each worker, as good as certainly
			for _, c := range []struct {
				name, path, trailer string
				headers             []string
			}{
				{name: "request", path: "/asked"},
				{name: "response rule on the upstream's answer", path: "/answered"},
				{name: "response rule on our own answer", path: "/answered", headers: []string{"x-panic", "own"}},
				{name: "trailers", path: "/plans/gold", trailer: "x-panic"},
			} {
				t.Run(c.name, func(t *testing.T) {
					w.counting(t, "moec.fragile.undecided", 2*each, func() {
						w.counting(t, "moec.fragile.denied", 2*each, func() {
							for i := range each {
								for _, client := range []*http.Client{http1Client(w.ports["main"]), http2Client(w.ports["main"])} {
									r := newRequest(t, "POST", c.path, struct{ io.Reader }{strings.NewReader("body")}, c.headers...)
									if c.trailer != "" {
										r.Trailer = http.Header{c.trailer: {"1"}}
									}
									answer, err := client.Do(r)
									if err != nil {
										t.Fatalf("request %d: %v", i, err)
									}
									io.Copy(io.Discard, answer.Body)
									answer.Body.Close()
									client.CloseIdleConnections()
									if answer.StatusCode != 500 || answer.Header.Get("x-was") != "" || answer.Header.Get("x-proto") != "" {
										t.Errorf("request %d: %s, %v", i, answer.Status, answer.Header)
									}
								}
							}
						})
					})
				})
			}
			t.Run("a gRPC call", func(t *testing.T) {
				for _, path := range []string{"/asked", "/answered", "/plans/gold"} {
					r := newRequest(t, "POST", path, struct{ io.Reader }{strings.NewReader("body")}, "content-type", "application/grpc")
					r.Trailer = http.Header{"x-panic": {"1"}}
					client := http2Client(w.ports["main"])
					answer, err := client.Do(r)
					if err != nil {
						t.Fatal(err)
					}
					answer.Body.Close()
					client.CloseIdleConnections()
					if answer.StatusCode != 200 || answer.Header.Get("grpc-status") != "13" {
						t.Errorf("%s: %s, %v", path, answer.Status, answer.Header)
					}
				}
			})
			t.Run("reload", func(t *testing.T) {
				for i := range 3 {
					put(t, root, "boom")
					eventually(t, "the refusal", func() bool { return strings.Count(w.Log(), "is refused and the last good one kept: panic") == i+1 })
					put(t, root, fmt.Sprintf(`{"gold": %d}`, i))
					eventually(t, "the next good file", func() bool {
						answer, _ := exchange(t, http1Client(w.ports["main"]), "GET", "/plans/gold", nil)
						return answer.Header.Get("x-user") == fmt.Sprint(i)
					})
				}
			})
			if n := others(); n < 100 {
				t.Errorf("only %d other requests were sent", n)
			}
			if log := w.Log(); !strings.Contains(log, `bundle "fragile": a request was denied because it could not be decided, at fragile.asked.told: panic: `) ||
				!strings.Contains(log, "invalid memory address") || strings.Contains(log, "goroutine ") {
				t.Errorf("the log:\n%s", log)
			}
		})
	}
}

// others sends good requests until it is called; all must be let through.
func (w *world) others(t *testing.T) (stop func() int) {
	t.Helper()
	end, sent := make(chan struct{}), make(chan int)
	client := http2Client(w.ports["twice"])
	go func() {
		defer client.CloseIdleConnections()
		for n := 0; ; n++ {
			select {
			case <-end:
				sent <- n
				return
			default:
			}
			answer, err := client.Get("http://shop.example/plans/gold")
			if err != nil {
				t.Errorf("another request: %v", err)
				<-end
				sent <- n
				return
			}
			io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
			if answer.StatusCode != 200 {
				t.Errorf("another request: %s", answer.Status)
			}
			time.Sleep(time.Millisecond)
		}
	}()
	return func() int { close(end); return <-sent }
}

// The same in the test host, which watches what the library does meanwhile.
func TestPanicsInTheTestHost(t *testing.T) {
	library, root := fragileLibrary(t)
	h := dynmod.Start(t, library, dynmod.Options{})
	if ok, log, err := h.Configure("fragile", fmt.Sprintf(`{"root": %q}`, root)); !ok || err != nil {
		t.Fatal(log, err)
	}
	request := func(path string, headers ...scenario.Header) scenario.Request {
		return scenario.Request{Method: "POST", Authority: "shop.example", Path: path, Body: "body", Headers: headers}
	}
	counted := 0
	for _, c := range []struct {
		name string
		s    dynmod.Stream
		by   string
	}{
		{name: "request", s: dynmod.Stream{Request: request("/asked")}},
		{name: "response rule on the upstream's answer", s: dynmod.Stream{Request: request("/answered")}},
		{name: "response rule on our own answer", s: dynmod.Stream{Request: request("/answered", scenario.Header{Name: "x-panic", Value: "own"})}},
		{name: "trailers", s: dynmod.Stream{Request: request("/plans/gold"), Trailers: []scenario.Header{{Name: "x-panic", Value: "1"}}}},
		{name: "none", s: dynmod.Stream{Request: request("/plans/gold"), Trailers: []scenario.Header{{Name: "x-sum", Value: "1"}}}},
	} {
		c.s.Chain, c.s.Times, c.s.Workers = []string{"fragile"}, 40, 2
		r, err := h.Run(c.s)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if len(r.Wrong) > 0 {
			t.Errorf("%s: the library did wrong: %q", c.name, r.Wrong)
		}
		if want := map[bool]int{true: 200, false: 500}[c.name == "none"]; r.Outcome.Response.Status != want || want == 500 && !strings.HasPrefix(r.Outcome.By, "moe.fragile.undecided@") {
			t.Errorf("%s: %+v", c.name, r.Outcome)
		}
		if c.name != "none" {
			counted += 80
		}
		counters, err := h.Counters()
		if err != nil {
			t.Fatal(err)
		}
		if counters["fragile.undecided"] != counted || counters["fragile.denied"] != counted {
			t.Errorf("%s: counters %v, want %d", c.name, counters, counted)
		}
	}
}
