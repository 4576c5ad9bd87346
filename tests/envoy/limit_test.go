package envoy

import (
	"context"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"moec.dev/moec/tests/envoy/harness"
)

// crowd is an upstream that counts who is there at once, and an Envoy before it.
type crowd struct {
	t      *testing.T
	envoy  *harness.Envoy
	port   int
	client *http.Client

	mu      sync.Mutex
	here    map[string]int
	most    map[string]int
	waiting chan struct{} // what "wait" waits for
}

func newCrowd(t *testing.T, version string, workers int) *crowd {
	t.Helper()
	c := &crowd{t: t, here: map[string]int{}, most: map[string]int{}, waiting: make(chan struct{})}
	up := httptest.NewServer(c)
	t.Cleanup(up.Close)
	port := up.Listener.Addr().(*net.TCPAddr).Port
	var err error
	c.envoy, err = harness.StartWorkers(version, workers, harness.Bootstrap([]harness.Listener{chain(bundlesLibrary(t), "limited", "limited")}, []string{"up"}, port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.envoy.Stop(); err != nil {
			t.Error(err)
		}
	})
	ports, err := c.envoy.Ports()
	if err != nil {
		t.Fatal(err)
	}
	c.port = ports["limited"]
	c.client = &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 100}}
	return c
}

// ServeHTTP is the upstream.
func (c *crowd) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("x-key")
	c.mu.Lock()
	c.here[key]++
	c.most[key] = max(c.most[key], c.here[key])
	waiting := c.waiting
	c.mu.Unlock()
	switch {
	case strings.HasSuffix(r.URL.Path, "/wait"):
		select {
		case <-waiting:
		case <-r.Context().Done():
		}
	case strings.HasPrefix(r.URL.Path, "/busy/"), r.URL.Path == "/guarded":
		time.Sleep(5 * time.Millisecond)
	}
	c.mu.Lock()
	c.here[key]--
	c.mu.Unlock()
	switch r.URL.Path {
	case "/busy/die":
		panic(http.ErrAbortHandler)
	case "/busy/bare": // the response rule fails
	default:
		w.Header().Set("x-must", "1")
	}
	io.WriteString(w, "ok")
}

func (c *crowd) url(path string) string { return fmt.Sprintf("http://127.0.0.1:%d%s", c.port, path) }

// get returns the status, 0 where there was no answer.
func (c *crowd) get(ctx context.Context, path string, headers ...string) int {
	r, err := http.NewRequestWithContext(ctx, "GET", c.url(path), nil)
	if err != nil {
		c.t.Error(err)
		return 0
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	a, err := c.client.Do(r)
	if err != nil {
		return 0
	}
	defer a.Body.Close()
	_, _ = io.Copy(io.Discard, a.Body)
	return a.StatusCode
}

// law is what a limit admits.
type law struct {
	path        string
	rate, burst float64
}

// Many clients at once run into limits of several kinds: never is more let
// through than the law says, for the time from before the first request to
// behind the last answer, and not much less.
func TestLimitsUnderLoad(t *testing.T) {
	for _, workers := range []int{2, 4} {
		t.Run(fmt.Sprint(workers), func(t *testing.T) {
			c := newCrowd(t, harness.Supported[workers/2%len(harness.Supported)], workers)
			for _, l := range []law{{"/fixed", 100, 20}, {"/own", 50, 10}, {"/pair", 100, 30}} {
				c.hammer(l, []string{"a", "b", "c"}, 2*time.Second)
			}
		})
	}
}

func (c *crowd) hammer(l law, keys []string, long time.Duration) {
	var passed, refused [8]atomic.Int64
	var clients sync.WaitGroup
	begin := time.Now()
	end := begin.Add(long)
	for n := range 6 * len(keys) {
		clients.Add(1)
		go func() {
			defer clients.Done()
			k := n % len(keys)
			for time.Now().Before(end) {
				switch status := c.get(context.Background(), l.path, "x-key", keys[k], "x-rate", fmt.Sprint(l.rate)); status {
				case 200:
					passed[k].Add(1)
				case 429:
					refused[k].Add(1)
				default:
					c.t.Errorf("%s: status %d", l.path, status)
					return
				}
			}
		}()
	}
	clients.Wait()
	took := time.Since(begin).Seconds()
	most, least := int64(math.Floor(l.burst+l.rate*took)), int64(0.9*(l.burst+l.rate*long.Seconds()))
	for k, key := range keys {
		got := passed[k].Load()
		c.t.Logf("%s, key %s: %d passed and %d refused in %.3f s, the law is %d", l.path, key, got, refused[k].Load(), took, most)
		if got > most {
			c.t.Errorf("%s, key %s: %d passed, %d too many", l.path, key, got, got-most)
		}
		if got < least {
			c.t.Errorf("%s, key %s: %d passed, want %d at least", l.path, key, got, least)
		}
	}
}

// At no time are more requests on their way than the limit lets be, whatever
// becomes of them; and what they hold is given back however they end.
func TestConcurrencyUnderLoad(t *testing.T) {
	for _, workers := range []int{2, 4} {
		t.Run(fmt.Sprint(workers), func(t *testing.T) {
			c := newCrowd(t, harness.Supported[workers/2%len(harness.Supported)], workers)
			var clients sync.WaitGroup
			var passed, refused atomic.Int64
			end := time.Now().Add(2 * time.Second)
			for n := range 16 {
				clients.Add(1)
				go func() {
					defer clients.Done()
					for i := n; time.Now().Before(end); i++ {
						key := []string{"a", "b"}[n%2]
						switch status := c.get(context.Background(), []string{"/busy/x", "/busy/bare", "/busy/die"}[i%3], "x-key", key); status {
						case 429:
							refused.Add(1)
						case 200, 500, 503: // let through, the response rule, the upstream
							passed.Add(1)
						default:
							t.Errorf("status %d", status)
							return
						}
					}
				}()
			}
			clients.Wait()
			t.Logf("%d passed, %d refused; at most %v at once", passed.Load(), refused.Load(), c.most)
			if passed.Load() < 100 || refused.Load() < 100 || c.most["a"] != 3 || c.most["b"] != 3 {
				t.Errorf("%d passed, %d refused, %v at once, want 3", passed.Load(), refused.Load(), c.most)
			}
			c.breakOff()
			for _, key := range []string{"a", "b"} {
				c.three(key)
			}
		})
	}
}

// breakOff ends requests in all the ways in which clients do.
func (c *crowd) breakOff() {
	h2 := harness.HTTP2(c.port)
	defer h2.CloseIdleConnections()
	var clients sync.WaitGroup
	for n := range 8 {
		clients.Add(1)
		go func() {
			defer clients.Done()
			for i := range 40 {
				key := []string{"a", "b"}[i%2]
				switch (n + i) % 5 {
				case 0: // refused behind the limit: a bad key
					c.get(context.Background(), "/guarded", "x-key", key, "x-api-key", "wrong")
				case 1: // a reset of the connection while the upstream works
					c.drop(key, "GET /busy/x HTTP/1.1\r\nhost: a\r\nx-key: "+key+"\r\n\r\n", time.Duration(i%4)*time.Millisecond)
				case 2: // in the middle of the body
					c.drop(key, "POST /busy/x HTTP/1.1\r\nhost: a\r\nx-key: "+key+"\r\ncontent-length: 100\r\n\r\nhalf", time.Duration(i%4)*time.Millisecond)
				case 3: // in the middle of the headers
					c.drop(key, "GET /busy/x HTTP/1.1\r\nhost: a\r\nx-key", 0)
				default: // a reset of one stream of HTTP/2
					ctx, cancel := context.WithTimeout(context.Background(), time.Duration(1+i%5)*time.Millisecond)
					r, _ := http.NewRequestWithContext(ctx, "GET", c.url("/busy/wait"), nil)
					r.Header.Set("x-key", key)
					if a, err := h2.Do(r); err == nil {
						a.Body.Close()
					}
					cancel()
				}
			}
		}()
	}
	clients.Wait()
}

// drop sends text and resets the connection.
func (c *crowd) drop(key, text string, after time.Duration) {
	conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", c.port))
	if err != nil {
		c.t.Error(err)
		return
	}
	if _, err := io.WriteString(conn, text); err != nil {
		c.t.Logf("key %s: %v", key, err)
	}
	time.Sleep(after)
	_ = conn.(*net.TCPConn).SetLinger(0)
	conn.Close()
}

// three holds three requests of a key, sees a fourth refused, and lets them go.
func (c *crowd) three(key string) {
	c.t.Helper()
	for round := range 3 {
		held := make(chan int, 3)
		for range 3 {
			go func() { // the end of a stream may take a moment to be noticed
				status := 429
				for end := time.Now().Add(10 * time.Second); status == 429 && time.Now().Before(end); {
					status = c.get(context.Background(), "/busy/wait", "x-key", key)
				}
				held <- status
			}()
		}
		until(c.t, "3", func() string {
			c.mu.Lock()
			defer c.mu.Unlock()
			return fmt.Sprint(c.here[key])
		})
		if status := c.get(context.Background(), "/busy/wait", "x-key", key); status != 429 {
			c.t.Errorf("key %s, round %d: the fourth was answered %d", key, round, status)
		}
		c.mu.Lock()
		close(c.waiting)
		c.waiting = make(chan struct{})
		c.mu.Unlock()
		for range 3 {
			if status := <-held; status != 200 {
				c.t.Errorf("key %s, round %d: status %d", key, round, status)
			}
		}
	}
}

// What has been counted outlives the configuration that counted it.
func TestLimitsOutliveConfigurations(t *testing.T) {
	library := bundlesLibrary(t)
	up, err := harness.NewUpstream()
	if err != nil {
		t.Fatal(err)
	}
	defer up.Close()
	dir := t.TempDir()
	file := filepath.Join(dir, "listeners.json")
	write := func(prefix string) {
		next := filepath.Join(dir, "next.json")
		if err := os.WriteFile(next, harness.Listeners(prefix, chain(library, "limited", "limited")), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(next, file); err != nil {
			t.Fatal(err)
		}
	}
	write("first")
	envoy, err := harness.StartEnvoy(harness.Supported[len(harness.Supported)-1], harness.Watching(file, []string{"up"}, up.Port()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := envoy.Stop(); err != nil {
			t.Error(err)
		}
	}()
	c := &crowd{t: t, client: &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}}
	ask := func(key string) int {
		ports, err := envoy.Ports()
		if err != nil {
			t.Fatal(err)
		}
		c.port = ports["limited"]
		return c.get(context.Background(), "/slow", "x-key", key)
	}
	same(t, []int{ask("a"), ask("a"), ask("a"), ask("b")}, []int{200, 200, 429, 200})
	write("second")
	until(t, "updated", func() string {
		page, err := envoy.AdminPage("/stats?filter=^http.second.downstream_rq_total")
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(page, "http.second.downstream_rq_total") {
			return "updated"
		}
		return page
	})
	same(t, []int{ask("a"), ask("b"), ask("b"), ask("c")}, []int{429, 200, 429, 200})
}
