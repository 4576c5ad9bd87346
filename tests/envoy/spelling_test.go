package envoy

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"moec.dev/moec/compiler/envoyconf"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/tests/envoy/harness"
)

// The ways in which a request can be spelled are the ways around a policy: the
// classes of CVEs of proxies. Each is sent as raw bytes to an Envoy with the
// configuration that moec config writes. Whatever becomes of it, what the
// upstream reads on the wire is what was decided on, or the request is refused.

// What becomes of a spelling, beside a path: the upstream receives exactly that.
const (
	as      = "as sent" // the path as it was sent
	refused = "refused" // 400, or the connection or stream ends
	denied  = "denied"  // 403 by the route
	broken  = "broken"  // broken off when its body turns out to be none, whether or not its headers have arrived by then
)

// spelled is an Envoy with one bundle before an upstream that records.
type spelled struct {
	port     int
	upstream *harness.Upstream
}

func eachSpelling(t *testing.T, test func(t *testing.T, bundle string, x *spelled)) {
	library := bundlesLibrary(t)
	for _, version := range harness.Supported {
		for _, bundle := range []string{"spell", "spellnorm"} {
			t.Run(version+" "+bundle, func(t *testing.T) {
				upstream, err := harness.NewUpstream()
				if err != nil {
					t.Fatal(err)
				}
				defer upstream.Close()
				loopback := envoyconf.HostPort{Host: "127.0.0.1", Port: 0}
				text, err := envoyconf.Write(envoyconf.Config{
					Bundle: bundle, Library: library, Listen: loopback, Admin: &loopback, Forwards: []string{"up"}, Normalizes: bundle == "spellnorm",
					Clusters: []envoyconf.Cluster{{Name: "up", Endpoint: envoyconf.HostPort{Host: "127.0.0.1", Port: upstream.Port()}}},
				})
				if err != nil {
					t.Fatal(err)
				}
				// Envoy waits so long before it ends a connection that has broken HTTP/2.
				hasty := strings.Replace(string(text), "delayed_close_timeout: 1s", "delayed_close_timeout: 0.05s", 1)
				if hasty == string(text) {
					t.Fatal("the configuration has no delayed_close_timeout: 1s")
				}
				test(t, bundle, &spelled{port(t, serve(t, version, []byte(hasty))), upstream})
			})
		}
	}
}

// result is what became of a request: refused, denied, another status, or the
// path that the upstream received.
type result struct {
	what string
	got  *harness.Received // nil where nothing was forwarded
}

// send1 sends text over HTTP/1.1, as it stands.
func (x *spelled) send1(text string) (result, error) {
	x.upstream.Expect(scenario.Response{})
	conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", x.port), 5*time.Second)
	if err != nil {
		return result{}, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return result{}, err
	}
	if _, err := io.WriteString(conn, text); err != nil {
		return x.result(0, errReset)
	}
	head := make([]byte, len("HTTP/1.1 200"))
	status := 0
	if _, err = io.ReadFull(conn, head); err == nil {
		_, err = fmt.Sscanf(string(head[9:]), "%d", &status)
	} else if timeout := net.Error(nil); !errors.As(err, &timeout) || !timeout.Timeout() {
		err = errReset
	}
	return x.result(status, err)
}

// send2 sends fields over HTTP/2, as they stand.
func (x *spelled) send2(fields []scenario.Header, body string) (result, error) {
	x.upstream.Expect(scenario.Response{})
	return x.result(sendHTTP2(x.port, fields, body))
}

func (x *spelled) result(status int, err error) (result, error) {
	seen, failed := x.upstream.Seen()
	switch {
	case failed != nil:
		return result{what: broken}, nil
	case len(seen) > 1:
		return result{}, fmt.Errorf("one request became %d: %q", len(seen), seen)
	case err == errReset || status == 400:
		if len(seen) > 0 {
			return result{}, fmt.Errorf("refused, and forwarded: %q", seen)
		}
		return result{what: refused}, nil
	case err != nil:
		return result{}, err
	case len(seen) == 0 && status == 403:
		return result{what: denied}, nil
	case len(seen) == 0:
		return result{what: fmt.Sprint(status)}, nil
	}
	line := seen[0].Line
	_, path, _ := strings.Cut(line, " ")
	if i := strings.LastIndexByte(path, ' '); i >= 0 {
		path = path[:i]
	}
	return result{path, &seen[0]}, nil
}

// settle waits until a request that is broken off has arrived as far as it will.
func (x *spelled) settle(r result) result {
	if r.what != refused {
		return r
	}
	for range 20 {
		if _, failed := x.upstream.Seen(); failed != nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	return result{what: broken}
}

// decided checks what holds of every request that arrives, however it was
// spelled: the upstream reads what was decided on, no server that reads it
// generously finds /admin in it, and what only the policy and Envoy may say is
// said by them.
func (r result) decided() error {
	if r.got == nil {
		return nil
	}
	one := func(name string) string {
		all := find(r.got.Headers, name)
		if len(all) == 0 && name == "x-host" {
			return "" // what is empty is not sent
		}
		if len(all) != 1 {
			return fmt.Sprintf("%d of them: %q", len(all), all)
		}
		return all[0]
	}
	if got := one("x-decided"); got != r.what {
		return fmt.Errorf("decided on %q, received %q", got, r.what)
	}
	if path := generously(r.what); path == "/admin" || strings.HasPrefix(path, "/admin/") {
		return fmt.Errorf("received %q, which may be read as %q", r.what, path)
	}
	for name, want := range map[string]string{"x-verified": "nobody", "x-client": "127.0.0.1", "x-scheme": "http"} {
		if got := one(name); got != want {
			return fmt.Errorf("%s is %q", name, got)
		}
	}
	if got, host := one("x-host"), one("host"); !strings.EqualFold(strings.TrimSuffix(strings.TrimSuffix(host, ":80"), "."), got) {
		return fmt.Errorf("decided for host %q, received %q", got, host)
	}
	for _, h := range r.got.Headers {
		if strings.Contains(h.Name, "_") || strings.HasPrefix(h.Name, "x-envoy-") && h.Name != "x-envoy-external-address" && h.Name != "x-envoy-expected-rq-timeout-ms" || h.Name == "x-moe-cluster" {
			return fmt.Errorf("the upstream gets %s: %q", h.Name, h.Value)
		}
	}
	return nil
}

// generously reads a path as a careless server may: escapes decoded, backslashes
// for slashes, parameters of segments left out, then cleaned.
func generously(path string) string {
	path, _, _ = strings.Cut(path, "?")
	var plain strings.Builder
	for i := 0; i < len(path); i++ {
		var c byte
		if path[i] == '%' && i+2 < len(path) {
			if _, err := fmt.Sscanf(path[i+1:i+3], "%02x", &c); err == nil {
				plain.WriteByte(c)
				i += 2
				continue
			}
		}
		plain.WriteByte(path[i])
	}
	var kept []string
	for _, s := range strings.Split(strings.ReplaceAll(plain.String(), `\`, "/"), "/") {
		s, _, _ = strings.Cut(s, ";")
		s, _, _ = strings.Cut(s, "\x00")
		switch {
		case s == "" || s == ".":
		case s == ".." && len(kept) > 0:
			kept = kept[:len(kept)-1]
		case s != "..":
			kept = append(kept, strings.ToLower(s))
		}
	}
	return "/" + strings.Join(kept, "/")
}
